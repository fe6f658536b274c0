"""Reads of treatment: the cases of the session's area."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from bulou.directory.models import Person
from bulou.directory.search_keys import folded
from bulou.kernel import clock
from bulou.kernel.areas import prefix_range
from bulou.no_miss.treatment import episodes
from bulou.no_miss.treatment.episodes import Case

_FACTS = """
SELECT f.kind, f.subject, f.area, f.at, f.data FROM fact f
WHERE f.subject >= 'episode:' AND f.subject < 'episode;' AND f.kind = ANY(%s)
    AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
"""


_NAMES = """
SELECT DISTINCT ON (f.subject) f.subject, p.name, f.data ->> 'case_no' FROM fact f
LEFT JOIN person p ON f.data ->> 'person' = 'person:' || p.id
WHERE f.subject = ANY(%(subjects)s) AND f.subject LIKE 'episode:%%' AND f.at <= %(now)s AND f.data ? 'person'
ORDER BY f.subject, f.data ? 'case_no' DESC, f.at DESC
"""


_COUNTS = """
SELECT count(DISTINCT f.subject), count(DISTINCT f.subject) FILTER (WHERE f.at <= %(now)s) FROM fact f
WHERE f.subject >= 'episode:' AND f.subject < 'episode;' AND f.kind IN ('episode.confirmed', 'episode.asymptomatic')
    AND f.area >= %(lo)s AND f.area < %(hi)s AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
"""


_FIND = """
WITH said AS MATERIALIZED (
    SELECT f.subject, f.area, f.at, f.data ->> 'case_no' AS number,
        CASE WHEN f.data ->> 'person' LIKE 'person:%%' THEN substr(f.data ->> 'person', 8)::uuid END AS person
    FROM fact f
    WHERE f.subject >= 'episode:' AND f.subject < 'episode;' AND f.kind = ANY(%(kinds)s) AND f.at <= %(now)s
        AND f.area >= %(lo)s AND f.area < %(hi)s AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
), numbered AS (
    SELECT subject, min(area) AS area, max(number) AS number, (array_agg(person ORDER BY at DESC))[1] AS person
    FROM said GROUP BY subject
)
SELECT n.subject, COALESCE(n.number, ''), COALESCE(p.name, ''), n.area
FROM numbered n LEFT JOIN person p ON p.id = n.person
WHERE lower(n.number) LIKE %(part)s OR starts_with(p.name, %(text)s) OR (%(ascii)s AND starts_with(p.initials, %(key)s))
ORDER BY n.number, n.subject LIMIT %(limit)s
"""


class CaseHit(NamedTuple):
    """A case found: by its number or by whose it is."""

    episode: str
    number: str
    name: str
    area: str


class CaseCounts(NamedTuple):
    """Cases of an area: all that are known, and those confirmed by the clock."""

    loaded: int
    confirmed: int


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
        return episodes.line_list((_Fact._make((*row[:-1], json.loads(row[-1]))) for row in cursor.fetchall()), now)


def case_counts(area: str, now: datetime) -> CaseCounts:
    """How many cases an area has, and how many of them by `now`. One query."""
    lo, hi = prefix_range(area)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"now": now, "lo": lo, "hi": hi})
        return CaseCounts(*cursor.fetchone())


def find(text: str, now: datetime, *, area: str = "", limit: int = 8) -> list[CaseHit]:
    """Cases whose number has the text in it, or whose patient's name (or initials) begins with it. One query."""
    key = folded(text)
    if not key:
        return []
    lo, hi = prefix_range(area)
    number = text.strip().casefold().translate({ord(sign): f"\\{sign}" for sign in "%_\\"})
    given: dict[str, Any] = {
        "kinds": list(episodes.KINDS),
        "now": now,
        "lo": lo,
        "hi": hi,
        "limit": limit,
        "part": f"%{number}%",
    }
    given |= {"text": text.strip(), "key": key, "ascii": key.isascii() and not key.isdigit()}
    with connection.cursor() as cursor:
        cursor.execute(_FIND, given)
        return [CaseHit(*row) for row in cursor.fetchall()]


def patients(found: Iterable[Case]) -> dict[str, Patient]:
    """Person subject to who they are, of the people in scope. One query."""
    ids = {UUID(case.person.removeprefix("person:")) for case in found if case.person.startswith("person:")}
    rows = Person.objects.filter(id__in=ids).values_list("id", "name", "sex", "birth_date")
    return {f"person:{id}": Patient(name, sex, born) for id, name, sex, born in rows}


def episode_names(subjects: Iterable[str]) -> dict[str, str]:
    """Episode to what it is called: the patient's name where in scope, and the case number where known. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {"subjects": list(subjects), "now": clock.now()})
        return {subject: " ".join(filter(None, said)) for subject, *said in cursor.fetchall()}
