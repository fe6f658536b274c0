"""What is on file, in the columns an import reads: what goes out so comes in again unchanged."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count
from django.utils.translation import get_language

from bulou.directory import selectors as directory
from bulou.directory.crypto import vault
from bulou.directory.identity import mask_address, mask_id, mask_phone
from bulou.directory.models import Household, Person, Place, Unit
from bulou.exchange.imports.columns import Column, plain
from bulou.exchange.imports.kinds import STATUS, Kind
from bulou.kernel.areas import prefix_range

FETCHED = 2_000
BETWEEN = "、"
PARTS = frozenset({"family_name", "given_name", "birth_year", "birth_month", "birth_day"})
"""Fields for what other systems send in pieces."""
OF_A_FACT = frozenset({"fact", "subject", "name", "area", "at", "status"})
Values = dict[str, Any]


def columns(kind: Kind) -> list[Column]:
    """The columns that go out: of facts, without what the person's own file says."""
    if kind.brings not in ("facts", "cases"):
        return [column for column in kind.columns if column.field not in PARTS]
    person = {c.field for c in kind.columns[: [c.field for c in kind.columns].index("at")]}
    return [c for c in kind.columns if c.field in OF_A_FACT or c.field not in person | PARTS]


def rows(kind: Kind, area: str, *, full: bool) -> Iterator[list[Any]]:
    """Every row within an area, in the order of `columns`; numbers and addresses masked unless `full`.

    Within a transaction and a scope.
    """
    readers: dict[str, Callable[..., Iterator[Values]]] = {
        "people": _people,
        "households": _households,
        "places": _places,
        "units": _units,
    }
    told = readers[kind.brings](area, full) if kind.brings in readers else _facts(kind, area)
    wanted = columns(kind)
    for values in told:
        yield [_cell(values.get(column.field), column) for column in wanted]


def _people(area: str, full: bool) -> Iterator[Values]:
    unseal = vault().unseal
    found = _within(Person.objects.select_related("household"), area).order_by("area", "name", "id")
    for one in found.iterator(FETCHED):
        number = unseal(one.id_number, one.id, "id_number") if one.id_number is not None else ""
        phone = unseal(one.phone, one.id, "phone") if one.phone is not None else ""
        yield {
            "subject": f"person:{one.id}",
            "name": one.name,
            "sex": one.sex,
            "birth_date": one.birth_date,
            "id_kind": one.id_kind if number else None,
            "id_number": number if full or not number else mask_id(number),
            "phone": phone if full or not phone else mask_phone(phone),
            "nationality": one.nationality,
            "area": one.area_id,
            "address": _address(one.household, full) if one.household else "",
        }


def _households(area: str, full: bool) -> Iterator[Values]:
    for one in _within(Household.objects.all(), area).exclude(address=None).order_by("area", "id").iterator(FETCHED):
        yield {"household": str(one.id), "address": _address(one, full), "area": one.area_id}


def _places(area: str, full: bool) -> Iterator[Values]:
    doubled = _doubled(Place), _doubled(Unit)
    found = _within(Place.objects.select_related("parent", "unit"), area).order_by("area", "name", "id")
    for one in found.iterator(FETCHED):
        yield {
            "subject": f"place:{one.id}",
            "name": one.name,
            "kind": one.kind,
            "parent": _called(one.parent, "place", doubled[0]),
            "unit": _called(one.unit, "unit", doubled[1]),
            "area": one.area_id,
        }


def _units(area: str, full: bool) -> Iterator[Values]:
    found = _within(Unit.objects.filter(valid_to=None).prefetch_related("roles"), area).order_by("area", "name", "id")
    for one in found.iterator(FETCHED):
        yield {
            "subject": f"unit:{one.id}",
            "name": one.name,
            "name_en": one.name_en,
            "roles": sorted(role.role for role in one.roles.all()),
            "phone": one.phone,
            "area": one.area_id,
        }


def _facts(kind: Kind, area: str) -> Iterator[Values]:
    kinds = list(STATUS) if kind.brings == "cases" else [kind.fact]
    lo, hi = prefix_range(area)
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [kinds, lo, hi])
        told = iter(cursor.fetchall())
    while chunk := list(islice(told, FETCHED)):
        read = [(*row[:5], json.loads(row[5])) for row in chunk]
        names = directory.names([str(data.get("person") or subject) for _, _, subject, _, _, data in read])
        for id, name, subject, where, at, data in read:
            about = str(data.get("person") or subject)
            own = {f"data.{field}" if f"data.{field}" in kind.fields else field: v for field, v in data.items()}
            yield own | {
                "fact": str(id),
                "subject": subject,
                "name": names.get(about, ""),
                "area": where,
                "at": at,
                "status": name,
            }


def _within(found: Any, area: str) -> Any:
    lo, hi = prefix_range(area)
    return found.filter(area__gte=lo, area__lt=hi) if area else found


def _address(household: Household, full: bool) -> str:
    address = vault().unseal(household.address, household.id, "address") if household.address is not None else ""
    return address if full or not address else mask_address(address)


def _doubled(model: Any) -> set[str]:
    """Names that do not tell one from another."""
    return set(model.objects.values_list("name", flat=True).annotate(n=Count("pk")).filter(n__gt=1).order_by())


def _called(one: Any, what: str, doubled: set[str]) -> str:
    if one is None:
        return ""
    return f"{what}:{one.id}" if one.name in doubled else str(one.name)


def _cell(value: Any, column: Column) -> Any:
    """A value as a cell its reader reads back."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return ("yes" if value else "no") if _english() else ("是" if value else "否")
    if isinstance(value, list | tuple):
        said = [_word(str(one), column) for one in value]
        whole = all(one == one.strip() and one and not set(one) & set(",，、;；[") for one in said)
        return BETWEEN.join(said) if whole else json.dumps(list(value), ensure_ascii=False)
    if isinstance(value, UUID):
        return str(value)
    return _word(value, column) if isinstance(value, str) and column.options else _plain(value)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | date) or value is None else json.dumps(value)


def _word(value: str, column: Column) -> str:
    """The word of an option, where that word means no other."""
    said = [word for word in column.options.get(value, ()) if not word.isascii()] if not _english() else []
    return next((word for word in said if column.words.get(plain(word)) == value), value)


def _english() -> bool:
    return (get_language() or "zh").startswith("en")


_FACTS = """
SELECT f.id, f.kind, f.subject, f.area, f.at, f.data::text FROM fact f
WHERE f.kind = ANY(%s) AND f.area >= %s AND f.area < %s AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
ORDER BY f.at, f.id
"""
