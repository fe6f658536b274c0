"""The plan reader: the plans, a plan by chapter, a clause with all it asks and its numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext

from bulou.directory import selectors as directory
from bulou.kernel import clock
from bulou.ledger import selectors as ledger
from bulou.ledger import shelf
from bulou.ledger.selectors import Counts
from bulou.plan.chapters import chapters
from bulou.plan.exchange.calendar import recurring_roles
from bulou.plan.models import Clause, Plan
from bulou.plan.own_words import own_words
from bulou.plan.parameters import NotInForceError
from bulou.web import links, places, words
from bulou.web.access import Request, area_asked, page
from bulou.web.desk import in_force, plan_words


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
    """What is in force in an area, the most specific first, what several plans ask for, and the rest of the shelf."""
    area, day = area_asked(request, request.GET.get("area")), timezone.localdate(clock.now())
    here = in_force.over(area)
    names = directory.area_names({one.area for one in here if one.area})
    picker = places.picker(request.user, area, lambda code: f"{request.path}?area={code}")
    shown = {one.plan.id for one in here}
    context = {
        "here": [(one, names.get(one.area, one.area)) for one in here],
        "needs": in_force.needs(here, day),
        "shelf": [plan for plan in shelf.every_plan() if plan.id not in shown],
        "day": day,
        **picker.context(),
    }
    return render(request, "desk/plans.html", context)


@page
def plan(request: Request, plan: str) -> HttpResponse:
    """A plan by chapter, each clause with its forms and the counts of its duties due today."""
    found = plan_or_404(plan)
    area, day = area_asked(request, request.GET.get("area")), timezone.localdate(clock.now())
    counts = ledger.clause_counts(found.id, area, day)
    picker = places.picker(request.user, area, lambda code: f"{request.path}?area={code}")
    roles = sorted((words.role_title(role), role) for role in recurring_roles(found))
    context = {
        "plan": found,
        "day": day,
        "chapters": _chapters(found, counts, area, day),
        "roles": roles,
        "others": [other for other in shelf.every_plan() if other.id != found.id],
        **picker.context(),
    }
    return render(request, "desk/plan.html", context)


@page
def clause(request: Request, plan: str, clause: str) -> HttpResponse:
    """One clause: what it asks in words, its numbers and who set them, and how its duties of the day stand."""
    found = plan_or_404(plan)
    entry = next((entry for entry in found.clauses if entry.clause == clause), None)
    if entry is None:
        raise Http404
    area, day = area_asked(request, request.GET.get("area")), timezone.localdate(clock.now())
    reader = plan_words.Reader(found.scope, day, own_words(found))
    order = list(found.clauses)
    place = order.index(entry)
    picker = places.picker(request.user, area, lambda code: f"{request.path}?area={code}")
    context = {
        "plan": found,
        "clause": entry,
        "sign": words.no_miss_sign(entry.no_miss or ""),
        "forms": plan_words.shown(entry, reader),
        "needs": in_force.alongside(entry.clause, found.id, in_force.over(area), day),
        "numbers": [number(reader, name) for name in sorted(reader.used)],
        "counts": ledger.clause_counts(found.id, area, day).get(entry.clause, Counts()) if entry.duties else None,
        "links": links.behind(area, day, clause=entry.clause),
        "before": order[place - 1] if place else None,
        "after": order[place + 1] if place + 1 < len(order) else None,
        **picker.context(),
    }
    return render(request, "desk/clause.html", context)


def plan_or_404(name: str) -> Plan:
    """The plan of that name on the shelf."""
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


def number(reader: plan_words.Reader, name: str) -> dict[str, Any]:
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
