"""The file of a person, a place or a unit: who they are, what is owed, by whom and why, and what happened."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bulou.custody import selectors as custody
from bulou.directory import selectors as directory
from bulou.kernel import clock
from bulou.ledger import limits
from bulou.ledger import selectors as ledger
from bulou.ledger.selectors import DutyRow
from bulou.web import fact_words, handovers, readings, rows, timeline, words
from bulou.web.access import Request, audits, commands, denied, page
from bulou.web.desk.reveal import PURPOSES
from bulou.web.looking import look, look_at_list

PRESSING = ("missed", "open")
ORDER = ("missed", "open", "late", "met", "waived", "void")


def file_context(subject: str, *parts: str, known: Sequence[DutyRow] | None = None, area: str = "") -> dict[str, Any]:
    """What every file shows: duties pressing and settled, counts by state, the timeline. A fixed number of queries.

    `parts`: other files that were found to be the same person's; what is about them is about this one. `known`: the
    duties, where they are read already. `area`: where a person is, for their readings.
    """
    duties = duties_about(subject, *parts) if known is None else known
    facts = sorted(
        (fact for one in (subject, *parts) for fact in ledger.facts_of(one)), key=lambda fact: fact.at, reverse=True
    )
    shown = rows.shown(sorted(duties, key=_by_urgency))
    counts = Counter(row.state for row in duties)
    return {
        "subject": subject,
        "kind_word": words.SUBJECTS[subject.partition(":")[0]],
        "counts": [(counts[state], state) for state in ORDER if counts[state]],
        "pressing": [one for one in shown if one.row.state in PRESSING],
        "settled": [one for one in reversed(shown) if one.row.state not in PRESSING],
        "days": timeline.days(facts),
        "readings": readings.chart(facts, clock.now(), limits.readings(area, clock.now()), subject) if area else None,
        "facts_total": sum(fact.at <= clock.now() for fact in facts),
    }


def duties_about(*subjects: str) -> list[DutyRow]:
    """Every duty about these subjects, which are one. A query each."""
    return [duty for one in subjects for duty in ledger.duties_of(one)]


def _by_urgency(row: DutyRow) -> tuple[int, Any]:
    return ORDER.index(row.state), row.due_at


@page
def person(request: Request, id: UUID) -> HttpResponse:
    """One person, one file; the numbers masked, the look recorded. 404 for somebody outside the account's area."""
    found = directory.person_file(id)
    if found is None:
        main = directory.file_of(id)
        if main is None:
            denied(request, f"person:{id}")
            raise Http404
        return HttpResponseRedirect(reverse("person", args=[main]))
    subject = f"person:{id}"
    parts = [f"person:{part}" for part in directory.parts_of(id)]
    duties = duties_about(subject, *parts)
    chain = hands(request.user.area, id)
    held_here = chain["holder"] is not None and chain["holder"].id == request.user.unit_id
    if asked := look(request, subject, found.area, duties, is_live=held_here):
        return asked
    context = file_context(subject, *parts, known=duties, area=found.area) | {
        "may_see_looks": audits(request.user) or commands(request.user),
        "name": found.name,
        "person": found,
        "purposes": PURPOSES,
        "sex_word": fact_words.option_word(found.sex),
        "area_name": _where(found.area),
        "hands": chain,
    }
    return render(request, "desk/person.html", context)


def hands(area: str, person: UUID) -> dict[str, Any]:
    """In whose hands a person is and was, and the handover under way. Seven queries."""
    held, moved = custody.chain_of(person)
    units = rows.owners({one.unit for one in held if one.unit})
    under_way = [row for row in moved[:1] if row.is_open]
    now = held[0] if held and held[0].managed else None
    return {
        "holder": units.get(now.unit) if now and now.unit else None,
        "unowned": now is not None and now.unit is None,
        "since": now.since if now else None,
        "way": next(iter(handovers.shown(under_way, handovers.limits(area))), None) if under_way else None,
        "before": [(one, units.get(one.unit) if one.unit else None) for one in held],
    }


@page
def place(request: Request, id: UUID) -> HttpResponse:
    """The file of a place. 404 for one outside the account's area."""
    found = directory.places([id]).get(id)
    if found is None:
        raise Http404
    context = file_context(f"place:{id}") | {"name": found.name, "area_name": _where(found.area)}
    return render(request, "desk/file.html", context)


@page
def unit(request: Request, id: UUID) -> HttpResponse:
    """The file of a unit: what it answers for, what it owes now, and what is owed about itself."""
    found = directory.unit(id)
    if found is None:
        raise Http404
    owes = _owes(id)
    if owes and (asked := look_at_list(request, "unit", found.area, subject=f"unit:{id}", is_own=_is_own(request, id))):
        return asked
    context = file_context(f"unit:{id}") | {
        "name": found.name,
        "area_name": _where(found.area),
        "phone": found.phone,
        "synthetic": found.synthetic,
        "roles": [title for _name, title in found.roles],
        "owes": owes,
    }
    return render(request, "desk/unit.html", context)


def _is_own(request: Request, unit: UUID) -> bool:
    return request.user.unit_id == unit


def _owes(unit: UUID) -> list[rows.Shown]:
    """What a unit owes and can still do, what is missed before what is due. Five queries."""
    owed = [row for row in ledger.my_list(unit, clock.now()) if row.doable]
    return rows.shown(sorted(owed, key=_by_urgency))


def _where(area: str) -> str:
    """The path of an area in one line, from the province down."""
    return " ".join(row.name for row in directory.area_path(area) if row.code)
