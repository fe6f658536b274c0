"""Units and what they answer for."""

import re
from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import transaction

from bulou.directory.models import Unit, UnitRole
from bulou.directory.roles import ROLES
from bulou.directory.services.refusals import check_areas, refusals
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id

PHONE = re.compile(r"\+?[0-9][0-9 -]{1,24}")


def unit_create(
    name: str,
    area: str,
    roles: Collection[str],
    *,
    id: UUID | None = None,
    name_en: str = "",
    parent: UUID | None = None,
    valid_from: date | None = None,
    phone: str = "",
    synthetic: bool = False,
) -> Unit:
    """A unit with its roles. BulouError for an unknown area or role, or what is no telephone number."""
    check_areas([area])
    check_phone(phone)
    check_roles(roles)
    with refusals(name):
        unit = Unit.objects.create(
            id=id or new_id(),
            name=name,
            name_en=name_en,
            area_id=area,
            parent_id=parent,
            valid_from=valid_from,
            phone=phone,
            synthetic=synthetic,
        )
        _set_roles(unit, roles)
    return unit


@transaction.atomic
def unit_roles_set(unit: Unit, roles: Collection[str]) -> None:
    """What the unit answers for from now on. Duties already open stay with the owner they have."""
    check_roles(roles)
    UnitRole.objects.filter(unit=unit).delete()
    _set_roles(unit, roles)


def unit_phone_set(unit: Unit, phone: str) -> None:
    """The number the unit is rung at from now on; empty where it has none. BulouError where it is no number."""
    check_phone(phone)
    unit.phone = phone
    unit.save(update_fields=["phone"])


@transaction.atomic
def unit_close(unit: Unit, on: date) -> None:
    """The unit ends on that day (exclusive): it keeps its name and history and answers for nothing new."""
    unit.valid_to = on
    unit.save(update_fields=["valid_to"])
    UnitRole.objects.filter(unit=unit).delete()


def check_phone(phone: str) -> None:
    if phone and not PHONE.fullmatch(phone):
        raise BulouError.of(
            "unit.phone",
            f"{phone!r} 不是电话号码。写数字，可带 +、空格和连字符，如 022-12345678。",
            f"{phone!r} is no telephone number. Write digits, with +, spaces or hyphens, such as 022-12345678.",
            field="phone",
        )


def _set_roles(unit: Unit, roles: Collection[str]) -> None:
    UnitRole.objects.bulk_create(UnitRole(unit=unit, role=role, area=unit.area_id) for role in sorted(set(roles)))


def check_roles(roles: Collection[str]) -> None:
    unknown = sorted(set(roles) - ROLES.keys())
    if unknown:
        raise BulouError.of(
            "roles.unknown",
            f"没有这些职责：{', '.join(unknown)}。可用的见 docs/reference/roles.md。",
            f"No such roles: {', '.join(unknown)}. docs/reference/roles.md lists them.",
            field="role",
        )
