"""Acts that end an isolation, or change how long it lasts. Each records one fact, with `by` who did it."""

from typing import Any
from uuid import UUID

from bulou.directory.models import Account
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.ledger import locks
from bulou.no_miss.isolation import going_home, refusals, release, running_out
from bulou.no_miss.isolation.acts import atomic, fact_of, given, record, recorded
from bulou.no_miss.isolation.models import Stay
from bulou.no_miss.isolation.release import ACT, Reason


def end(
    person: UUID,
    *,
    by: Account,
    reason: Reason = "completed",
    to: UUID | None = None,
    follow_up_days: int | None = None,
    id: UUID | None = None,
) -> Stay:
    """A person goes: home, to a hospital, or otherwise. `to` is the unit that looks after them from now on.

    With days of follow-up, whoever has served their days is handed home (`going_home.py`) in the same act.

    BulouError while something the guard requires is missing and nobody else agreed to do without. The dead are not
    held to a guard.
    """

    def act() -> Stay:
        locks.hold_few([f"person:{person}"])
        stay = _open(person)
        found = release.check(stay, clock.now())
        if reason != "died" and not found.may_go:
            raise refusals.may_not_go([item.text for item in found.missing])
        override = None if found.is_met or found.override is None else found.override.approval
        data = given(
            reason=reason,
            kind=stay.kind,
            place=stay.claimed and str(stay.claimed),
            to=to and f"unit:{to}",
            follow_up_days=follow_up_days,
            override=override and str(override),
        )
        made = fact_of(ACT, stay, data, by, id)
        home = going_home.facts(made, stay, follow_up_days, by, to) if reason == "completed" else []
        record(made, by, home)
        stay.refresh_from_db()
        if stay.ended_at is None:
            raise refusals.just_begun()
        return stay

    return atomic(act)


def ask_to_go_early(person: UUID, reason: str, *, by: Account, id: UUID | None = None) -> UUID:
    """Ask that a person may go though something is missing; what is missing is kept with it. Gives the request."""

    def act() -> UUID:
        stay = _open(person)
        missing = [item.text.zh for item in release.check(stay, clock.now()).missing]
        fact = fact_of("override.requested", stay, {"act": ACT, "reason": reason, "missing": missing}, by, id)
        record(fact, by)
        return UUID(fact.id)

    return atomic(act)


def agree_to_go_early(person: UUID, request: UUID, *, by: Account, note: str = "", id: UUID | None = None) -> UUID:
    """Agree, on an account of one's own. BulouError for the account that asked."""

    def act() -> UUID:
        stay = _open(person)
        with everywhere():
            asked = recorded(request, f"person:{person}", "override.requested")
        if asked is None:
            raise refusals.no_request()
        if asked[1] is None or asked[1] == by.pk:
            raise refusals.two_people()
        fact = fact_of("override.approved", stay, {"request": str(request)} | given(note=note), by, id)
        record(fact, by)
        return UUID(fact.id)

    return atomic(act)


def extend(person: UUID, days: int, grounds: str, *, by: Account, id: UUID | None = None) -> Stay:
    """The isolation lasts so many days longer, on grounds that are said."""
    return _changed(person, "isolation.extended", {"days": days, "grounds": grounds}, by, id)


def shorten(person: UUID, days: int, grounds: str, *, by: Account, id: UUID | None = None) -> Stay:
    """The isolation ends so many days earlier, on grounds that are said."""
    return _changed(person, "isolation.shortened", {"days": days, "grounds": grounds}, by, id)


def _changed(person: UUID, kind: str, data: dict[str, Any], by: Account, id: UUID | None) -> Stay:
    def act() -> Stay:
        stay = _open(person)
        record(fact_of(kind, stay, data, by, id), by)
        running_out.take_back(person, by)
        stay.refresh_from_db()
        return stay

    return atomic(act)


def _open(person: UUID) -> Stay:
    """The isolation that goes on, at home or in a site, within the session's scope."""
    found = Stay.objects.filter(person=person, ended_at__isnull=True).first()
    if found is None:
        raise refusals.no_stay()
    return found
