"""Rows that name the fact they are about: a file of our own that comes back, as it was or corrected."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.directory.scope import scope
from bulou.exchange.imports.lines import Line
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact on record that counts."""

    id: UUID
    kind: str
    subject: str
    area: str
    at: datetime
    data: dict[str, Any]

    def says(self, kind: str, at: datetime, given: Mapping[str, Any]) -> bool:
        """True where a row says nothing else than this."""
        return (kind, at) == (self.kind, self.at) and all(_same(self.data.get(n), value) for n, value in given.items())

    def corrected(self, kind: str, at: datetime, given: Mapping[str, Any], by: str | None) -> Fact:
        """The fact that takes its place."""
        return Fact(str(new_id()), kind, self.subject, self.area, at, by, {**self.data, **given}, str(self.id))


def recorded(lines: Iterable[Line], area: str) -> dict[int, Recorded]:
    """The facts that lines name, by their numbers; without those not on record in scope. At most one query."""
    named = {line.number: UUID(line.values["fact"]) for line in lines if line.values.get("fact")}
    if not named:
        return {}
    with scope(area), connection.cursor() as cursor:
        cursor.execute(_RECORDED, [list(named.values())])
        rows = cursor.fetchall()
    found = {id: Recorded(id, kind, about, where, at, json.loads(data)) for id, kind, about, where, at, data in rows}
    return {number: found[id] for number, id in named.items() if id in found}


def _same(known: Any, given: Any) -> bool:
    if isinstance(known, str) and isinstance(given, str) and known != given:
        return known.strip() == given or _instant(known) == _instant(given) is not None
    return bool(known == given)


def _instant(text: str) -> datetime | None:
    """An instant, without a zone in China's time; None for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


_RECORDED = """
SELECT f.id, f.kind, f.subject, f.area, f.at, f.data::text FROM fact_key k JOIN fact f ON f.id = k.id AND f.at = k.at
WHERE k.id = ANY(%s::uuid[]) AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
"""
