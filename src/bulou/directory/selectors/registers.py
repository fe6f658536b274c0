"""People and places a page at a time, in an order an index keeps, within the session's scope."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Model, Q, QuerySet

from bulou.directory.models import Person, Place, Unit, UnitRole
from bulou.directory.search_keys import LAST, folded
from bulou.directory.selectors.people import PersonRow, PlaceRow, person_row, place_row
from bulou.directory.selectors.search import hashes
from bulou.directory.selectors.units import UnitRow, unit_row, with_roles
from bulou.kernel.areas import prefix_range


def people_page(
    area: str, *, text: str = "", sex: str = "", sort: str = "name", after: str = "", limit: int = 50
) -> list[PersonRow]:
    """People of an area by `name` or by `area`, or downwards with a minus; `after` is the last one's id.

    `text`: the beginning of a name or of its initials, a whole number, or the last four of one. At most two queries.
    """
    return [person_row(one) for one in _page(people_found(area, text, sex), Person, sort, after, limit)]


def people_found(area: str, text: str = "", sex: str = "") -> QuerySet[Person]:
    """Those people, in no order yet."""
    found = _named(_within(Person.objects.all(), area), text)
    return found.filter(sex=sex) if sex else found


def places_page(
    area: str, *, text: str = "", kind: str = "", sort: str = "name", after: str = "", limit: int = 50
) -> list[PlaceRow]:
    """Places of an area in the same way. At most two queries."""
    return [place_row(one) for one in _page(places_found(area, text, kind), Place, sort, after, limit)]


def places_found(area: str, text: str = "", kind: str = "") -> QuerySet[Place]:
    """Those places, in no order yet."""
    found = _within(Place.objects.all(), area)
    if kind:
        found = found.filter(kind=kind)
    key = folded(text)
    if key and key.isascii() and not key.isdigit():
        found = found.filter(initials__gte=key, initials__lt=key + LAST)
    elif key:
        found = found.filter(name__contains=text.strip())
    return found


def place_kinds(area: str) -> list[str]:
    """The kinds of place there are in an area. One query."""
    return list(_within(Place.objects.all(), area).order_by("kind").values_list("kind", flat=True).distinct())


def place_counts(area: str) -> dict[str, int]:
    """How many places of each kind there are in an area. One query."""
    found = _within(Place.objects.all(), area).order_by().values("kind").annotate(n=Count("id"))
    return {row["kind"]: row["n"] for row in found}


def role_counts(area: str) -> dict[str, int]:
    """How many units answer for each role in an area. One query."""
    lo, hi = prefix_range(area)
    held = UnitRole.objects.filter(area__gte=lo, area__lt=hi, unit__valid_to=None)
    return {row["role"]: row["n"] for row in held.order_by().values("role").annotate(n=Count("unit"))}


def people_by_id(ids: Iterable[UUID]) -> list[PersonRow]:
    """People by id, those in scope, by name. One query."""
    return [person_row(one) for one in Person.objects.filter(id__in=set(ids)).order_by("name", "id")]


def units_by_id(ids: Iterable[UUID]) -> list[UnitRow]:
    """Units by id, by area and name. One query."""
    return [unit_row(one) for one in with_roles(Unit.objects.filter(id__in=set(ids))).order_by("area", "name")]


def _within(found: QuerySet[Any], area: str) -> QuerySet[Any]:
    lo, hi = prefix_range(area)
    return found.filter(area_id__gte=lo, area_id__lt=hi) if area else found


def _named(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    tried = Q()
    for _, column, wanted in hashes(text.strip()):
        tried |= Q(**{f"{column}__in": wanted})
    key = folded(text)
    if tried:
        return found.filter(tried)
    if key.isascii():
        return found.filter(initials__gte=key, initials__lt=key + LAST) if key else found
    return found.filter(name__gte=text.strip(), name__lt=text.strip() + LAST)


def _page(found: QuerySet[Any], model: type[Model], sort: str, after: str, limit: int) -> QuerySet[Any]:
    """The rows behind the one of id `after`, ordered by one column, then area, then id."""
    columns, down = _order(sort), sort.startswith("-")
    last = model._base_manager.filter(id=_uuid(after)).values(*columns).first() if after else None
    if last:
        found = found.filter(_beyond([(name, last[name]) for name in columns], "lt" if down else "gt"))
    return ordered(found, sort)[:limit]


def ordered(found: QuerySet[Any], sort: str) -> QuerySet[Any]:
    """The rows by `name` or by `area`, or downwards with a minus."""
    return found.order_by(*(f"-{name}" if sort.startswith("-") else name for name in _order(sort)))


def _order(sort: str) -> tuple[str, str, str]:
    return {"name": ("name", "area_id", "id"), "area": ("area_id", "name", "id")}[sort.removeprefix("-")]


def _beyond(at: list[tuple[str, Any]], way: str) -> Q:
    """Rows past a row in an order of several columns; the first condition is what an index can begin at."""
    (first, value), *rest = at
    if not rest:
        return Q(**{f"{first}__{way}": value})
    return Q(**{f"{first}__{way}e": value}) & (Q(**{f"{first}__{way}": value}) | _beyond(rest, way))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
