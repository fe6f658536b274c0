"""The plan reader: the plans, a plan by chapter, a clause with all it asks and its numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext

from bulou.kernel import clock
from bulou.ledger import selectors as ledger
from bulou.ledger import shelf
from bulou.ledger.selectors import Counts
from bulou.plan.chapters import chapters
from bulou.plan.models import Clause, Plan
from bulou.plan.parameters import NotInForceError
from bulou.web import links, places, words
from bulou.web.access import Request, area_asked, page
from bulou.web.desk import plan_words


@dataclass(frozen=True, slots=True)
class Entry:
    """A clause in its chapter: its place in the document, its forms, its duties of the day (None: it has none)."""

    clause: Clause
    section: str
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
    """Every plan on the shelf, those in force in the account's area first."""
    in_force = shelf.in_force(request.user.area)
    shown = [
        {
            "id": plan.id,
            "title": plan.title,
            "source": plan.source,
            "issued": plan.issued,
            "clause_count": len(plan.clauses),
            "duty_count": len(plan.duties),
            "in_force": plan.id in in_force,
        }
        for plan in sorted(shelf.every_plan(), key=lambda plan: plan.id not in in_force)
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
        Chapter(
            words.say(chapter.heading),
            tuple(_entry(entry, found.source, counts, area, day) for entry in chapter.clauses),
        )
        for chapter in chapters(found)
    ]


def _entry(entry: Clause, source: str, counts: dict[str, Counts], area: str, day: date) -> Entry:
    forms = tuple(plan_words.FORM_SIGNS[form] for form in entry.forms)
    found = counts.get(entry.clause, Counts()) if entry.duties else None
    section = entry.cites.removeprefix(source).strip()
    return Entry(entry, section, forms, found, links.behind(area, day, clause=entry.clause))


def _number(reader: plan_words.Reader, name: str) -> dict[str, Any]:
    """A parameter as it stands on the reader's day."""
    parameter = reader.used[name]
    since = max((start for start in parameter.values if start <= reader.day), default=None)
    if since is None:
        raise NotInForceError
    value = parameter.values[since]
    listed: Iterable[Any] = value.value if isinstance(value.value, list) else [value.value]
    said = [plan_words.quantity(part, parameter.unit) for part in listed]
    return {
        "title": parameter.title,
        "value": gettext(", ").join(said),
        "reference": value.reference,
        "reason": words.say(parameter.reason),
        "since": since,
        "verified": parameter.last_verified,
    }
