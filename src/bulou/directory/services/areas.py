"""Divisions of our own: local edits of the national tree, and grids below villages."""

from datetime import date

from django.db import transaction

from bulou.directory.models import Area
from bulou.directory.place_names import english
from bulou.directory.services.refusals import check_areas
from bulou.kernel.areas import LEVELS, is_area_code, parent
from bulou.kernel.errors import BulouError

GRIDS_AT_MOST = 999


def area_add(code: str, name: str, *, name_en: str = "", valid_from: date | None = None) -> Area:
    """A division the national tree does not list. BulouError for a code that is none, is taken, or has no parent."""
    if not is_area_code(code):
        raise BulouError.of(
            "areas.code",
            f"{code!r} 不是区划代码（2、4、6、9、12 或 15 位数字）。",
            f"{code!r} is not a division's code (2, 4, 6, 9, 12 or 15 digits).",
            field="code",
        )
    check_areas([parent(code)] if len(code) > 2 else [])
    level = LEVELS[len(code)]
    area, created = Area.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "name_en": name_en or english(name, level),
            "level": level,
            "parent_id": parent(code),
            "valid_from": valid_from,
            "local": True,
        },
    )
    if not created:
        raise BulouError.of(
            "areas.taken",
            f"代码 {code} 已是“{area.name}”。",
            f"The code {code} is already {area.name_en}.",
            field="code",
        )
    return area


@transaction.atomic
def area_edit(code: str, *, name: str | None = None, name_en: str | None = None, valid_to: date | None = None) -> Area:
    """Rename a division or end it (`valid_to`, exclusive). Later loads of the national tree leave it as it is."""
    check_areas([code])
    area = Area.objects.select_for_update().get(code=code)
    if name is not None:
        area.name, area.name_en = name, english(name, area.level)
    if name_en is not None:
        area.name_en = name_en
    area.valid_to = valid_to or area.valid_to
    area.local = True
    area.save()
    return area


def grids_ensure(village: str, count: int) -> int:
    """Give a village `count` grids, numbered from 001; those it has stay. How many were made. BulouError if absurd."""
    if len(village) != 12 or not 1 <= count <= GRIDS_AT_MOST:
        raise BulouError.of(
            "areas.grids",
            f"请给出 12 位的村（社区）代码和 1 至 {GRIDS_AT_MOST} 的网格数。",
            f"Give a village's code of 12 digits and a number of grids from 1 to {GRIDS_AT_MOST}.",
        )
    check_areas([village])
    wanted = {f"{village}{number:03}": number for number in range(1, count + 1)}
    with transaction.atomic():
        there = set(Area.objects.filter(code__in=wanted).values_list("code", flat=True))
        made = Area.objects.bulk_create(
            Area(
                code=code, name=f"第{number}网格", name_en=f"Grid {number}", level="grid", parent_id=village, local=True
            )
            for code, number in wanted.items()
            if code not in there
        )
    return len(made)
