"""Areas: their names, their place in the tree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Length
from django.utils import translation

from bulou.directory.models import Area
from bulou.kernel import clock
from bulou.kernel.areas import ancestry, prefix_range
from bulou.kernel.periods import local_date


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One division. `name` is in the language of the session."""

    code: str
    name: str
    level: str
    valid_to: date | None = None
    local: bool = False


def in_english() -> bool:
    """True where the session reads English."""
    return (translation.get_language() or "").startswith("en")


def area(code: str) -> AreaRow | None:
    """One division; None where there is none. One query."""
    found = Area.objects.filter(code=code).first()
    return _row(found) if found else None


def area_names(codes: Iterable[str]) -> dict[str, str]:
    """Names of the areas that are known, in the language of the session. One query."""
    wanted = list(set(codes))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT code, {_called()} FROM area WHERE code = ANY(%s)", [wanted])
        return dict(cursor.fetchall())


def area_children(code: str) -> list[AreaRow]:
    """The divisions one level down that are in force today, by code; provinces for the empty code. One query."""
    today = local_date(clock.now(), clock.SHANGHAI)
    return _rows("(valid_to IS NULL OR valid_to > %s) AND parent = %s", [today, code])


def areas_find(text: str, *, least: int, most: int, within: str = "", limit: int = 20) -> list[AreaRow]:
    """Areas in force today by any part of their name, of codes from `least` to `most` digits, by code. One query.

    `within`: those in an area.

    A text of one character finds nothing: it would find a tenth of the country.
    """
    if len(text.strip()) < 2:
        return []
    today = local_date(clock.now(), clock.SHANGHAI)
    named = Q(name__contains=text.strip()) | Q(name_en__icontains=text.strip())
    lo, hi = prefix_range(within)
    found = Area.objects.filter(named, Q(valid_to=None) | Q(valid_to__gt=today), code__gte=lo, code__lt=hi)
    sized = found.annotate(digits=Length("code")).filter(digits__gte=least, digits__lte=most)
    return [_row(one) for one in sized.order_by("code")[:limit]]


def area_path(code: str) -> list[AreaRow]:
    """The country, then the area's divisions from the province down to itself, as far as they are known. One query."""
    return _rows("code = ANY(%s)", [["", *ancestry(code)]])


def _rows(condition: str, values: Sequence[Any]) -> list[AreaRow]:
    """Areas by code, asked for without Django's query builder: every page asks."""
    with connection.cursor() as cursor:
        asked = f"SELECT code, {_called()}, level, valid_to, local FROM area WHERE {condition} ORDER BY code"
        cursor.execute(asked, values)
        return [AreaRow(*row) for row in cursor.fetchall()]


def _called() -> str:
    """The column of an area's name in the language of the session."""
    return "name_en" if in_english() else "name"


def _row(area: Area) -> AreaRow:
    return AreaRow(area.code, area.name_en if in_english() else area.name, area.level, area.valid_to, area.local)
