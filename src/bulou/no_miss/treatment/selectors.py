"""Reads of treatment: the cases of the session's area."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from bulou.directory.models import Person
from bulou.no_miss.treatment import episodes
from bulou.no_miss.treatment.episodes import Case

_FACTS = """
SELECT f.kind, f.subject, f.area, f.at, f.data FROM fact f
WHERE f.subject >= 'episode:' AND f.subject < 'episode;' AND f.kind = ANY(%s)
    AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
"""


class _Fact(NamedTuple):
    kind: str
    subject: str
    area: str
    at: datetime
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Patient:
    """Who is ill, as a line list shows it."""

    name: str
    sex: str
    birth_date: date | None

    def age(self, day: date) -> int | None:
        """Whole years on a day."""
        born = self.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) if born else None


def cases(now: datetime) -> list[Case]:
    """Every episode of the session's area, those that begin after `now` marked so. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [list(episodes.KINDS)])
        return episodes.line_list((_Fact(*row) for row in cursor.fetchall()), now)


def patients(found: Iterable[Case]) -> dict[str, Patient]:
    """Person subject to who they are, of the people in scope. One query."""
    ids = {UUID(case.person.removeprefix("person:")) for case in found if case.person.startswith("person:")}
    rows = Person.objects.filter(id__in=ids).values_list("id", "name", "sex", "birth_date")
    return {f"person:{id}": Patient(name, sex, born) for id, name, sex, born in rows}
