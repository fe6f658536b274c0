"""Reads of resources: what there is, item by item; what is short, full, or was not counted for a week."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from bulou.kernel import clock

FRESH = timedelta(days=7)
"""How long a count is good for: plans have what is needed counted every week."""
What = Literal["stock", "capacity"]
View = Literal["all", "short", "full", "stale"]
_VIEWS: dict[View, str] = {
    "all": "true",
    "short": "h.asked > h.came",
    "full": "h.in_use >= h.quantity",
    "stale": "(h.counted_at IS NULL OR h.counted_at < %(fresh)s)",
}
_PAGE = """
SELECT h.id, h.subject, h.area, h.item, h.quantity, h.in_use, h.counted_at, h.asked, h.asked_at, h.came
FROM holding h
WHERE h.what = %(what)s AND {view} AND (%(item)s = '' OR h.item = %(item)s)
    AND (h.item, h.area, h.id) > (%(after_item)s, %(after_area)s, %(after_id)s::uuid)
ORDER BY h.item, h.area, h.id LIMIT %(limit)s
"""
_TOTALS = """
SELECT h.item, sum(h.quantity)::bigint, sum(h.in_use)::bigint, count(*),
    count(*) FILTER (WHERE h.counted_at IS NULL OR h.counted_at < %(fresh)s),
    sum(greatest(h.asked - h.came, 0))::bigint
FROM holding h WHERE h.what = %(what)s GROUP BY h.item ORDER BY count(*) DESC, h.item LIMIT %(limit)s
"""
_REPORTED = """
SELECT h.id, h.subject, h.area, h.item, h.quantity, h.in_use, h.counted_at, h.asked, h.asked_at, h.came
FROM holding h WHERE h.what = 'capacity' AND h.subject = %(subject)s
"""
_FIRST = ("", "", "00000000-0000-0000-0000-000000000000")


@dataclass(frozen=True, slots=True)
class Row:
    """One item of one unit or area."""

    id: UUID
    subject: str
    area: str
    item: str
    quantity: int | None
    in_use: int | None
    counted: datetime | None
    asked: int
    asked_at: datetime | None
    came: int

    @property
    def is_stale(self) -> bool:
        return self.counted is None or self.counted < clock.now() - FRESH

    @property
    def short(self) -> int:
        """Asked for and not yet delivered."""
        return max(self.asked - self.came, 0)

    @property
    def is_full(self) -> bool:
        return self.in_use is not None and self.quantity is not None and self.in_use >= self.quantity


@dataclass(frozen=True, slots=True)
class Total:
    """An item over everybody in scope: how many, how many in use, by how many counted, by how many too long ago."""

    item: str
    quantity: int
    in_use: int
    holders: int
    stale: int
    short: int


def page(what: What, view: View, after: str, limit: int, item: str = "") -> tuple[list[Row], str | None]:
    """What there is in the session's scope, item by item, and the cursor of the next page. One query."""
    last = tuple(after.split("|")) if after.count("|") == 2 else _FIRST
    try:
        UUID(last[2])
    except ValueError:
        last = _FIRST
    given: dict[str, Any] = {"what": what, "item": item, "fresh": clock.now() - FRESH, "limit": limit + 1}
    given |= dict(zip(("after_item", "after_area", "after_id"), last, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_PAGE.format(view=_VIEWS[view]), given)
        rows = [Row(*row) for row in cursor.fetchall()]
    more = rows[limit - 1] if len(rows) > limit else None
    return rows[:limit], f"{more.item}|{more.area}|{more.id}" if more else None


def stream(what: What, view: View, item: str = "") -> Iterator[Row]:
    """Every row of a view, page after page."""
    after: str | None = ""
    while after is not None:
        rows, after = page(what, view, after, 1000, item)
        yield from rows


def reported(subject: str) -> dict[str, Row]:
    """What one unit or area last reported it can bring to bear, by item. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_REPORTED, {"subject": subject})
        return {row[3]: Row(*row) for row in cursor.fetchall()}


def totals(what: What, limit: int = 12) -> list[Total]:
    """The items most units have, over the session's scope. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, {"what": what, "fresh": clock.now() - FRESH, "limit": limit})
        return [Total(item, int(n or 0), int(used or 0), *rest) for item, n, used, *rest in cursor.fetchall()]
