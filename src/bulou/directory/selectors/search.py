"""Whom and what a few characters find, within the session's scope: people, places and units.

Every comparison on a protected table is one that gives nothing away about rows out of scope (leakproof), so that
PostgreSQL may use the indexes under row-level security: ranges in place of LIKE, equal hashes in place of numbers.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db import connection

from bulou.directory.crypto import vault
from bulou.directory.models import IdKind
from bulou.directory.search_keys import LAST, folded, tail
from bulou.directory.selectors.areas import in_english
from bulou.directory.selectors.people import age, as_number, as_phone
from bulou.kernel.areas import prefix_range

How = Literal["name", "id", "phone"]
FOUR = re.compile(r"\d{3}[\dXx]")
_PERSON = (
    "SELECT 'person', id::text, name, area, sex, birth_date, {how} FROM person WHERE retired_at IS NULL AND {test}"
)
_IN_AREA = " AND area >= %(lo)s AND area < %(hi)s"
_ORDER = " ORDER BY {order} LIMIT %(limit)s"
_RANGE = "{column} >= %({column}_lo)s AND {column} < %({column}_hi)s"
_PLACE = """
SELECT 'place', id::text, name, area, kind, NULL::date, 'name' FROM place
WHERE {test} AND area >= %(lo)s AND area < %(hi)s ORDER BY name, area, id LIMIT %(limit)s"""
_UNIT = """
SELECT 'unit', id::text, CASE WHEN %(english)s AND name_en <> '' THEN name_en ELSE name END, area, '', NULL, 'name'
FROM unit WHERE {test} AND valid_to IS NULL AND area >= %(lo)s AND area < %(hi)s
ORDER BY area, name, id LIMIT %(limit)s"""

_BEGINS = {column: f"{column} >= %(start)s AND {column} < %(end)s" for column in ("name", "initials")}
_PART = "kind <> 'household' AND strpos(name, %(text)s) > 0"
"""Households are found by the beginning of their address only: they are too many to look through."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. `about`: a person's sex or a place's kind; `how`: by name, or the end of an `id` or `phone`."""

    kind: str
    id: str
    name: str
    area: str
    about: str = ""
    birth_date: date | None = None
    how: str = "name"

    @property
    def age(self) -> int | None:
        """Whole years by the business clock."""
        return age(self.birth_date)


def find(text: str, *, area: str = "", limit: int = 8) -> list[Hit]:
    """People, then places, then units, up to `limit` of each. One query; none for a text that can find nothing.

    By the beginning of a name or of its pinyin initials, by a whole identity number or phone, by the last four of
    either; units, and places that are no household, by any part of their name too.
    """
    statement, values = _statement(text)
    if not statement:
        return []
    lo, hi = prefix_range(area)
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, "lo": lo, "hi": hi, "limit": limit, "english": in_english()})
        found = [Hit(*row) for row in cursor.fetchall()]
    return list({(hit.kind, hit.id): hit for hit in reversed(found)}.values())[::-1]


def _statement(text: str) -> tuple[str, Mapping[str, Any]]:
    """The query for a text and its values; empty where no key can be made of it."""
    key = folded(text)
    parts: list[str] = []
    values: dict[str, Any] = {}
    for how, column, equals in hashes(text.strip()):
        parts.append(_PERSON.format(how=f"'{how}'", test=f"{column} = ANY(%({column})s)") + _IN_AREA + _limited(column))
        values[column] = equals
    if key and not key.isdigit():
        column = "initials" if key.isascii() else "name"
        start = key if key.isascii() else text.strip()
        test = _RANGE.format(column=column)
        parts.append(_PERSON.format(how="'name'", test=test) + _IN_AREA + _limited(column))
        values |= {f"{column}_lo": start, f"{column}_hi": start + LAST}
    if key:
        begins = _BEGINS["initials" if key.isascii() else "name"]
        parts += [_PLACE.format(test=test) for test in ([begins] if key.isascii() else [begins, _PART])]
        unit = f"{begins} OR strpos(lower(name_en), %(text)s) > 0" if key.isascii() else "strpos(name, %(text)s) > 0"
        parts.append(_UNIT.format(test=f"({unit})"))
        start, plain = (key, text.strip().casefold()) if key.isascii() else (text.strip(), text.strip())
        values |= {"start": start, "end": start + LAST, "text": plain}
    return " UNION ALL ".join(f"({part})" for part in parts), values


def _limited(column: str) -> str:
    return _ORDER.format(order=f"{column}, area, id")


def hashes(text: str) -> list[tuple[How, str, list[bytes]]]:
    """How, column, and the blind indexes it may equal."""
    if FOUR.fullmatch(text):
        tails = [("id", "id_tail", tail(f"-{text}", "id")), ("phone", "phone_tail", tail(f"-{text}", "phone"))]
        return [(how, column, [hashed]) for how, column, hashed in tails if hashed]  # type: ignore[misc]
    if number := as_number(text):
        return [("id", "id_index", [vault().index(number, kind) for kind in IdKind.values])]
    if phone := as_phone(text):
        return [("phone", "phone_index", [vault().index(phone, "phone")])]
    return []
