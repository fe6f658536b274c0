"""Units: who answers for what, where."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, Q, QuerySet

from bulou.directory.models import Unit, UnitRole
from bulou.directory.roles import ROLES
from bulou.directory.search_keys import folded
from bulou.directory.selectors.areas import in_english
from bulou.kernel.areas import ancestry
from bulou.kernel.text import Text

_CONTACTS = "SELECT id, name, name_en, phone, synthetic FROM unit WHERE id = ANY(%s::uuid[])"


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit. `roles` are role names with their titles; `name` is in the language of the session."""

    id: UUID
    name: str
    area: str
    area_name: str
    roles: tuple[tuple[str, Text], ...]
    valid_to: date | None
    phone: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class UnitContact:
    """Who to ring: the name in the language of the session, the number (empty where there is none)."""

    name: str
    phone: str
    synthetic: bool


def unit_names(ids: Iterable[UUID | str | None]) -> dict[UUID, str]:
    """Names of the units that are known, in the language of the session. One query."""
    rows = Unit.objects.filter(id__in={id for id in ids if id}).values_list("id", "name", "name_en")
    english = in_english()
    return {id: name_en if english and name_en else name for id, name, name_en in rows}


def unit_contacts(ids: Iterable[UUID | str | None]) -> dict[UUID, UnitContact]:
    """How to reach the units that are known. One query."""
    wanted, english = {str(id) for id in ids if id}, in_english()
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_CONTACTS, [list(wanted)])
        return {
            id: UnitContact(name_en if english and name_en else name, phone, synthetic)
            for id, name, name_en, phone, synthetic in cursor.fetchall()
        }


def unit(id: UUID) -> UnitRow | None:
    """One unit with its roles; None where there is none. One query."""
    return next(map(unit_row, with_roles(Unit.objects.filter(id=id))), None)


def units(area: str, *, role: str = "", text: str = "", after: str = "", limit: int = 50) -> list[UnitRow]:
    """Units in an area, by area and name, those dissolved left out. One query.

    `role` and `text` (part of a name) narrow it; `after` is the id of the last unit of the page before.
    """
    found = units_found(area, role=role, text=text)
    if after:
        last = Unit.objects.filter(id=after)
        found = found.filter(
            Q(area__gt=last.values("area")[:1])
            | Q(area=last.values("area")[:1], name__gt=last.values("name")[:1])
            | Q(area=last.values("area")[:1], name=last.values("name")[:1], id__gt=after)
        )
    return list(map(unit_row, found.order_by("area", "name", "id")[:limit]))


def units_found(area: str, *, role: str = "", text: str = "") -> QuerySet[Unit]:
    """Those units with the roles each answers for, in no order yet."""
    found = Unit.objects.filter(area__code__startswith=area, valid_to=None)
    if role:
        found = found.filter(roles__role=role)
    return with_roles(found.filter(_named(text)) if text else found)


def owner(role: str, area: str) -> UUID | None:
    """The unit that answers for a role at an area: the one with it whose own area is the longest prefix. One query."""
    held = UnitRole.objects.filter(role=role, area__in=["", *ancestry(area)]).order_by("-area", "unit")
    return held.values_list("unit", flat=True).first()


def owners_of(role: str, areas: Iterable[str]) -> dict[str, UUID]:
    """`owner` of many areas; those nobody answers for are left out. One query."""
    wanted = {area: ["", *ancestry(area)] for area in areas}
    steps = {code for codes in wanted.values() for code in codes}
    held: dict[str, UUID] = {}
    for code, unit in UnitRole.objects.filter(role=role, area__in=steps).order_by("unit").values_list("area", "unit"):
        held.setdefault(code, unit)
    nearest = {
        area: next((held[code] for code in reversed(codes) if code in held), None) for area, codes in wanted.items()
    }
    return {area: unit for area, unit in nearest.items() if unit}


def units_of_roles(area: str, roles: Iterable[str]) -> list[UnitRow]:
    """Units in an area that have one of some roles, by name. One query."""
    found = Unit.objects.filter(area__code__startswith=area, valid_to=None, roles__role__in=list(roles)).distinct()
    return sorted(map(unit_row, with_roles(found)), key=lambda unit: (unit.name, unit.id))


def _named(text: str) -> Q:
    """Part of a name, or the beginning of its initials."""
    key = folded(text)
    short = Q(initials__startswith=key) if key and key.isascii() else Q(pk__in=[])
    return short | Q(name__contains=text.strip()) | Q(name_en__icontains=text.strip())


def with_roles(found: QuerySet[Unit]) -> QuerySet[Unit]:
    """The units, each with the roles it answers for."""
    roles = UnitRole.objects.filter(unit=OuterRef("pk")).order_by("role").values("role")
    return found.select_related("area").annotate(held=ArraySubquery(roles))


def unit_row(unit: Unit) -> UnitRow:
    """A unit as a list shows it; of `with_roles`."""
    english = in_english()
    held: list[str] = unit.held  # type: ignore[attr-defined]
    return UnitRow(
        id=unit.id,
        name=unit.name_en if english and unit.name_en else unit.name,
        area=unit.area_id,
        area_name=unit.area.name_en if english else unit.area.name,
        roles=tuple((role, ROLES[role].title if role in ROLES else Text(zh=role, en=role)) for role in held),
        valid_to=unit.valid_to,
        phone=unit.phone,
        synthetic=unit.synthetic,
    )
