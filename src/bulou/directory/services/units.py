"""Units and what they answer for."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import transaction

from bulou.directory.models import Unit, UnitRole
from bulou.directory.roles import ROLES
from bulou.directory.services.refusals import check_areas, refusals
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id


def unit_create(
    name: str,
    area: str,
    roles: Collection[str],
    *,
    id: UUID | None = None,
    name_en: str = "",
    parent: UUID | None = None,
    valid_from: date | None = None,
    synthetic: bool = False,
) -> Unit:
    """A unit with its roles. BulouError for an unknown area or role."""
    check_areas([area])
    _check_roles(roles)
    with refusals(name):
        unit = Unit.objects.create(
            id=id or new_id(),
            name=name,
            name_en=name_en,
            area_id=area,
            parent_id=parent,
            valid_from=valid_from,
            synthetic=synthetic,
        )
        _set_roles(unit, roles)
    return unit


@transaction.atomic
def unit_roles_set(unit: Unit, roles: Collection[str]) -> None:
    """What the unit answers for from now on. Duties already open stay with the owner they have."""
    _check_roles(roles)
    UnitRole.objects.filter(unit=unit).delete()
    _set_roles(unit, roles)


@transaction.atomic
def unit_close(unit: Unit, on: date) -> None:
    """The unit ends on that day (exclusive): it keeps its name and history and answers for nothing new."""
    unit.valid_to = on
    unit.save(update_fields=["valid_to"])
    UnitRole.objects.filter(unit=unit).delete()


def _set_roles(unit: Unit, roles: Collection[str]) -> None:
    UnitRole.objects.bulk_create(UnitRole(unit=unit, role=role, area=unit.area_id) for role in sorted(set(roles)))


def _check_roles(roles: Collection[str]) -> None:
    unknown = sorted(set(roles) - ROLES.keys())
    if unknown:
        raise BulouError.of(
            "roles.unknown",
            f"没有这些职责：{', '.join(unknown)}。可用的见 docs/reference/roles.md。",
            f"No such roles: {', '.join(unknown)}. docs/reference/roles.md lists them.",
            field="role",
        )
