"""Who holds whom now, and what is on its way, as screens show it: nobody from outside the session's scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bulou.custody.models import Custody


@dataclass(frozen=True, slots=True)
class Held:
    """In whose hands a person is, since when, and by which fact. No unit: nobody answers where they are."""

    person: UUID
    unit: UUID | None
    since: datetime
    fact: UUID


def holders(people: Iterable[UUID]) -> dict[UUID, Held]:
    """Who holds each of these people; absent: who is in nobody's hands, or out of scope. One query."""
    rows = (
        Custody.objects.filter(person__in=set(people))
        .order_by("person", "-since")
        .distinct("person")
        .values_list("person", "unit", "since", "fact", "managed")
    )
    return {person: Held(person, unit, since, fact) for person, unit, since, fact, managed in rows if managed}
