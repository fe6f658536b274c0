"""Keeps what screening knows as the facts have it, in the transaction that stores them (`ledger/following.py`)."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from bulou.kernel.areas import ancestry
from bulou.ledger.engines import store
from bulou.ledger.history import history, keep
from bulou.no_miss.screening import arrivals, enrolments, listings
from bulou.no_miss.screening.models import Arrival, Enrolment, Listing, ListingScope

_PERSON, _AREA = "person:", "area:"
_CAME_FROM = "SELECT DISTINCT person FROM arrival WHERE from_area ~ ANY(%s::text[])"


def follow_enrolments(subjects: Collection[str] | None, now: datetime) -> None:
    """Bring the registers up to date for people whose facts moved; None: derive everybody anew."""
    found = history(subjects, enrolments.KINDS, now)
    rows = [
        Enrolment(
            id=UUID(one.id),
            person_id=UUID(subject.removeprefix(_PERSON)),
            area=one.area,
            category=one.category,
            since=one.since,
            until=one.until,
            reason=one.reason,
            ended=one.ended,
            by=one.by,
        )
        for subject, events in found.items()
        for one in enrolments.periods(events)
    ]
    keep(Enrolment, "person", _people(subjects), rows)


def follow_arrivals(subjects: Collection[str] | None, now: datetime) -> None:
    """Bring the arrivals up to date for people whose facts moved, and for who came from areas graded anew."""
    if subjects is not None:
        areas = [one.removeprefix(_AREA) for one in subjects if one.startswith(_AREA)]
        came = store.query(_CAME_FROM, [[f"^{area}" for area in areas]]) if areas else []
        subjects = {one for one in subjects if one.startswith(_PERSON)} | {f"{_PERSON}{id}" for (id,) in came}
        if not subjects:
            return
    told = history(subjects, arrivals.KINDS, now)
    found = {subject: arrivals.journeys(events) for subject, events in told.items()}
    origins = {code for own in found.values() for one in own for code in ancestry(one.from_area)}
    graded = history([f"{_AREA}{code}" for code in origins], [arrivals.GRADED], now) if origins else {}
    by_area = {subject.removeprefix(_AREA): events for subject, events in graded.items()}
    rows = [
        Arrival(
            id=UUID(one.id),
            person_id=UUID(subject.removeprefix(_PERSON)),
            area=one.area,
            at=one.at,
            from_area=one.from_area,
            risk=one.risk,
            graded=arrivals.risk_of(one.from_area, one.at, by_area),
            mode=one.mode,
            vehicle=one.vehicle,
            told=" ".join(one.told),
            checked_at=one.checked_at,
            outcome=one.outcome,
            state=one.state,
            answered_at=one.answered_at,
            by=one.by,
        )
        for subject, own in found.items()
        for one in own
    ]
    keep(Arrival, "person", _people(subjects), rows)


def follow_listings(subjects: Collection[str] | None, now: datetime) -> None:
    """Bring the lists of other departments up to date for people whose facts moved; None: derive everybody anew."""
    told = history(subjects, listings.KINDS, now)
    rows = [
        Listing(
            id=UUID(one.id),
            person_id=UUID(subject.removeprefix(_PERSON)),
            area=one.area,
            name=one.list,
            category=one.category,
            at=one.at,
            state=one.state,
            settled_at=one.settled_at,
            by=one.by,
        )
        for subject, events in told.items()
        for one in listings.named(events)
    ]
    keep(Listing, "person", _people(subjects), rows)


def follow_scopes(subjects: Collection[str] | None, now: datetime) -> None:
    """Bring what lists claim to hold up to date for areas whose facts moved; None: derive every area anew."""
    areas = None if subjects is None else [one.removeprefix(_AREA) for one in subjects if one.startswith(_AREA)]
    if areas == []:
        return
    told = history(subjects, (listings.SCOPED,), now)
    rows = [
        ListingScope(**asdict(one) | {"id": UUID(one.id)})
        for events in told.values()
        for one in listings.scopes(events)
    ]
    keep(ListingScope, "area", areas, rows)


def _people(subjects: Collection[str] | None) -> list[UUID] | None:
    return None if subjects is None else [UUID(one.removeprefix(_PERSON)) for one in subjects]
