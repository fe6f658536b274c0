"""The plan reader: the plans, a plan by chapter, a clause with all it asks and its numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bulou.kernel import clock
from bulou.ledger import selectors as ledger
from bulou.ledger.selectors import Counts
from bulou.plan.models import Clause, Plan
from bulou.plan.parameters import NotInForceError
from bulou.web import links, places, shelf, words
from bulou.web.access import Request, area_asked, page
from bulou.web.desk import plan_words

CHAPTERS = {name: sign.word for name, sign in words.NO_MISSES.items()} | {"preamble": _("Preamble")}


@dataclass(frozen=True, slots=True)
class Entry:
    """A clause in its chapter: its forms, and how its duties of the day stand (None where it has none)."""

    clause: Clause
    forms: tuple[words.Sign, ...]
    counts: Counts | None
    links: dict[str, str]


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    entries: tuple[Entry, ...]

    @property
    def missed(self) -> int:
        return sum(entry.counts.missed for entry in self.entries if entry.counts)


@page
def plans(request: Request) -> HttpResponse:
    """Every plan on the shelf."""
    shown = [
        {
            "id": plan.id,
            "title": plan.title,
            "source": plan.source,
            "issued": plan.issued,
            "clause_count": len(plan.clauses),
            "duty_count": len(plan.duties),
        }
        for plan in shelf.every_plan()
    ]
    return render(request, "desk/plans.html", {"plans": shown})


@page
def plan(request: Request, plan: str) -> HttpResponse:
    """A plan by chapter, each clause with its forms and the counts of its duties due today."""
    found = _plan(plan)
    area, day = area_asked(request, request.GET.get("area")), timezone.localdate(clock.now())
    counts = ledger.clause_counts(found.id, area, day)
    picker = places.picker(request.user, area, lambda code: f"{request.path}?area={code}")
    context = {"plan": found, "day": day, "chapters": _chapters(found, counts, area, day), **picker.context()}
    return render(request, "desk/plan.html", context)


@page
def clause(request: Request, plan: str, clause: str) -> HttpResponse:
    """One clause: what it asks in words, its numbers and who set them, and how its duties of the day stand."""
    found = _plan(plan)
    entry = next((entry for entry in found.clauses if entry.clause == clause), None)
    if entry is None:
        raise Http404
    area, day = area_asked(request, request.GET.get("area")), timezone.localdate(clock.now())
    reader = plan_words.Reader(found.scope, day)
    order = list(found.clauses)
    place = order.index(entry)
    picker = places.picker(request.user, area, lambda code: f"{request.path}?area={code}")
    context = {
        "plan": found,
        "clause": entry,
        "sign": words.no_miss_sign(entry.no_miss or ""),
        "forms": plan_words.shown(entry, reader),
        "numbers": [_number(reader, name) for name in sorted(reader.used)],
        "counts": ledger.clause_counts(found.id, area, day).get(entry.clause, Counts()) if entry.duties else None,
        "links": links.behind(area, day, clause=entry.clause),
        "before": order[place - 1] if place else None,
        "after": order[place + 1] if place + 1 < len(order) else None,
        **picker.context(),
    }
    return render(request, "desk/clause.html", context)


def _plan(name: str) -> Plan:
    found = shelf.plan(name)
    if found is None:
        raise Http404
    return found


def _chapters(found: Plan, counts: dict[str, Counts], area: str, day: date) -> list[Chapter]:
    return [
        Chapter(chapter_title(stem), tuple(_entry(entry, counts, area, day) for entry in entries))
        for stem, entries in groupby(found.clauses, key=shelf.chapter)
    ]


def chapter_title(stem: str) -> str:
    """`2-isolation` as `2 Isolation`, in the reader's language where the word is known."""
    number, _dash, name = stem.partition("-")
    word = CHAPTERS.get(name, name.replace("-", " ").capitalize())
    return gettext("%(number)s. %(word)s") % {"number": number, "word": word} if number != "0" else str(word)


def _entry(entry: Clause, counts: dict[str, Counts], area: str, day: date) -> Entry:
    forms = tuple(plan_words.FORM_SIGNS[form] for form in entry.forms)
    found = counts.get(entry.clause, Counts()) if entry.duties else None
    return Entry(entry, forms, found, links.behind(area, day, clause=entry.clause))


def _number(reader: plan_words.Reader, name: str) -> dict[str, Any]:
    """A parameter as it stands on the reader's day."""
    parameter = reader.used[name]
    since = max((start for start in parameter.values if start <= reader.day), default=None)
    if since is None:
        raise NotInForceError
    value = parameter.values[since]
    listed: Iterable[Any] = value.value if isinstance(value.value, list) else [value.value]
    return {
        "title": parameter.title,
        "value": f"{gettext(', ').join(map(str, listed))} {parameter.unit}",
        "reference": value.reference,
        "reason": words.say(parameter.reason),
        "since": since,
        "verified": parameter.last_verified,
    }
