"""Keeps what screening knows as the facts have it, in the transaction that stores them (`ledger/following.py`)."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from bulou.ledger.history import history, keep
from bulou.no_miss.screening import enrolments
from bulou.no_miss.screening.models import Enrolment

_PERSON = "person:"


def follow_enrolments(subjects: Collection[str] | None, now: datetime) -> None:
    """Bring the registers up to date for people whose facts moved; None: derive everybody anew."""
    if subjects is None:
        Enrolment.objects.all().delete()
    found = history(subjects, enrolments.KINDS, now)
    people = [UUID(one.removeprefix(_PERSON)) for one in (found if subjects is None else subjects)]
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
    keep(Enrolment, "person", people, rows)
