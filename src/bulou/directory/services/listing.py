"""Places and units as other offices list them, many at once: new ones come onto the books, known ones are corrected."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.db.models import ProtectedError, RestrictedError

from bulou.directory.crypto import vault
from bulou.directory.models import Household, Person, Place, Unit, UnitRole
from bulou.directory.services.refusals import refusals
from bulou.directory.services.units import check_phone, check_roles
from bulou.kernel.ids import new_id

Listed = tuple[Literal["created", "updated", "unchanged"], UUID, dict[str, tuple[Any, Any]]]
"""What became of one: its id, and field to (before, after)."""


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """A place as a list has it. None and empty say nothing."""

    area: str
    name: str
    kind: str
    parent: UUID | None = None
    unit: UUID | None = None
    synthetic: bool = False
    id: UUID | None = None

    @property
    def key(self) -> UUID:
        """The same for two rows about one place: its id where the list has it, else its name in its area."""
        return self.id or listed_key("place", self.area, self.name)


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """A unit as a list has it. Empty says nothing."""

    area: str
    name: str
    roles: tuple[str, ...]
    name_en: str = ""
    phone: str = ""
    synthetic: bool = False
    id: UUID | None = None

    @property
    def key(self) -> UUID:
        return self.id or listed_key("unit", self.area, self.name)


def listed_key(what: str, area: str, name: str) -> UUID:
    """A lasting id out of a name and the area it is known in."""
    return UUID(bytes=vault().index(f"{area}\0{name}", what)[:16], version=5)


def places_take(rows: Sequence[ListedPlace], *, apply: bool = True) -> list[Listed]:
    """Places onto the books, in the session's scope, each row's fate in order. Three queries. BulouError outside it."""
    found = _found(Place.objects.filter(name__in={r.name for r in rows}, area__in={r.area for r in rows}))
    fates: list[Listed] = []
    new, changed = [], []
    for row in rows:
        known = found.get((row.area, row.name, row.id)) or found.get((row.area, row.name, None))
        if known is None:
            new.append(
                Place(
                    id=row.key,
                    area_id=row.area,
                    name=row.name,
                    kind=row.kind,
                    parent_id=row.parent,
                    unit_id=row.unit,
                    synthetic=row.synthetic,
                )
            )
            fates.append(("created", row.key, {}))
            continue
        said = {"kind": row.kind, "parent_id": row.parent, "unit_id": row.unit}
        change = _change(known, said)
        changed += [known] if change else []
        fates.append(("updated" if change else "unchanged", known.id, change))
    if apply:
        with refusals():
            Place.objects.bulk_create(new)
            Place.objects.bulk_update(changed, ["kind", "parent", "unit"], batch_size=1000)
    return fates


def units_take(rows: Sequence[ListedUnit], *, apply: bool = True) -> list[Listed]:
    """Units with their roles, each row's fate in order; a known unit answers for what the row says. Five queries."""
    for row in rows:
        check_phone(row.phone)
        check_roles(row.roles)
    names, areas = {row.name for row in rows}, {row.area for row in rows}
    found = _found(Unit.objects.filter(name__in=names, area__in=areas, valid_to=None))
    roles: dict[UUID, list[str]] = {}
    for holder, role in UnitRole.objects.filter(unit__in={u.id for u in found.values()}).values_list("unit", "role"):
        roles.setdefault(holder, []).append(role)
    fates: list[Listed] = []
    new, changed, given = [], [], []
    for row in rows:
        known = found.get((row.area, row.name, row.id)) or found.get((row.area, row.name, None))
        if known is None:
            unit = Unit(id=row.id or new_id(), name=row.name, name_en=row.name_en, area_id=row.area, phone=row.phone)
            unit.synthetic = row.synthetic
            new.append(unit)
            given += [UnitRole(unit=unit, role=role, area=row.area) for role in sorted(set(row.roles))]
            fates.append(("created", unit.id, {}))
            continue
        change = _change(known, {"name_en": row.name_en, "phone": row.phone})
        changed += [known] if change else []
        before, after = sorted(roles.get(known.id, [])), sorted(set(row.roles))
        if before != after:
            change["roles"] = before, after
            given += [UnitRole(unit=known, role=role, area=known.area_id) for role in after]
        fates.append(("updated" if change else "unchanged", known.id, change))
    if apply:
        with refusals():
            Unit.objects.bulk_create(new)
            Unit.objects.bulk_update(changed, ["name_en", "phone"], batch_size=1000)
            UnitRole.objects.filter(unit__in=[id for _, id, change in fates if "roles" in change]).delete()
            UnitRole.objects.bulk_create(given)
    return fates


def listed_back(what: Literal["place", "unit"], changes: Sequence[tuple[UUID, dict[str, tuple[Any, Any]]]]) -> int:
    """Put listed places or units back to what they were before; how many still stood as the list left them."""
    model: Any = Place if what == "place" else Unit
    found = {row.id: row for row in model.objects.filter(id__in=[id for id, _ in changes])}
    put = []
    for id, change in changes:
        row, plain = found.get(id), {name: pair for name, pair in change.items() if name != "roles"}
        if row and all(_text(getattr(row, name)) == _text(after) for name, (_, after) in plain.items()):
            for name, (before, _) in plain.items():
                setattr(row, name, before)
            put.append(row)
            if "roles" in change:
                UnitRole.objects.filter(unit=row).delete()
                UnitRole.objects.bulk_create(UnitRole(unit=row, role=r, area=row.area_id) for r in change["roles"][0])
    fields = ["kind", "parent", "unit"] if what == "place" else ["name_en", "phone"]
    model.objects.bulk_update(put, fields, batch_size=1000)
    return len(put)


def unlist(what: Literal["household", "place", "unit"], ids: Collection[UUID], on: date) -> int:
    """Take what was listed by mistake off the books; what something hangs on stays. How many went.

    A unit ends on the day and keeps its name; a place or a household, of which nothing else tells, goes altogether.
    """
    if what == "unit":
        UnitRole.objects.filter(unit__in=ids).delete()
        return Unit.objects.filter(id__in=ids, valid_to=None).update(valid_to=on)
    if what == "household":
        lived_in = Person.everyone.filter(household__in=ids).values("household")
        return Household.objects.filter(id__in=ids).exclude(id__in=lived_in).delete()[0]
    try:
        return Place.objects.filter(id__in=ids).delete()[0]
    except (ProtectedError, RestrictedError):
        return 0


def _found(rows: Iterable[Any]) -> dict[tuple[str, str, UUID | None], Any]:
    """What is on the books, by area, name and id, and by area and name alone."""
    found: dict[tuple[str, str, UUID | None], Any] = {}
    for one in rows:
        found[one.area_id, one.name, one.id] = found[one.area_id, one.name, None] = one
    return found


def _change(known: Any, said: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Give a row what a list says of it; field to (before, after) of what is new."""
    change = {n: (getattr(known, n), value) for n, value in said.items() if value and getattr(known, n) != value}
    for name, (_, value) in change.items():
        setattr(known, name, value)
    return {name: (_text(before), _text(after)) for name, (before, after) in change.items()}


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
