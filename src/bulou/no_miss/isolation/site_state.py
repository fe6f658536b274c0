"""How a site stands: open or not, its checks (water, air, zones and the rest), its six-in-one team; which is first."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.kernel.areas import contains
from bulou.kernel.text import Text
from bulou.ledger import services as adoptions
from bulou.ledger import shelf
from bulou.plan.forms import Checklist

SITE, CHECKED, FILLED = "isolation_site", "checklist.completed", "post.filled"
OPENED, CLOSED = "site.opened", "site.closed"
KINDS = [CHECKED, FILLED, OPENED, CLOSED]
POSTS = ("head", "police", "doctor", "nurse", "cdc", "psychologist")
"""The six of the six-in-one team: 青冠指办【2020】124号 二(八)."""
IS_OPEN = """
COALESCE((SELECT f.kind = 'site.opened' FROM fact f
    WHERE f.subject = {subject} AND f.kind IN ('site.opened', 'site.closed') AND f.at <= %(now)s
        AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
    ORDER BY f.at DESC, f.id DESC LIMIT 1),
    EXISTS (SELECT FROM room r JOIN stay s ON s.claimed = r.place WHERE r.unit = {unit}))"""
"""Where nobody ever opened or closed it, a site that has taken people in is open."""
_IS_OPEN = IS_OPEN.format(subject="%(subject)s", unit="%(unit)s")
_LATEST = f"""
(SELECT DISTINCT ON (f.kind, k.key) f.kind, k.key, f.at, f.data::text
FROM fact f CROSS JOIN LATERAL (SELECT COALESCE(f.data ->> 'checklist', f.data ->> 'post')) k (key)
WHERE f.subject = %(subject)s AND f.kind = ANY (%(kinds)s::text[]) AND f.at <= %(now)s
    AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
ORDER BY f.kind, k.key, f.at DESC, f.id DESC)
UNION ALL SELECT 'is_open', NULL, %(now)s::timestamptz, jsonb_build_object('is', {_IS_OPEN})::text
"""
_PRESSING = """
SELECT s.unit, count(*) FROM stay s
WHERE s.unit = ANY (%(units)s::uuid[]) AND s.ended_at IS NULL AND (s.planned_end <= %(now)s OR s.trouble <> '')
GROUP BY s.unit
"""


@dataclass(frozen=True, slots=True)
class Check:
    """A checklist of a plan for sites: what it goes through, when it last was, and what was wanting then."""

    checklist: str
    title: Text
    items: Sequence[tuple[str, Text]]
    at: datetime | None
    failed: tuple[str, ...]

    @property
    def wanting(self) -> list[Text]:
        return [text for item, text in self.items if item in self.failed]


@dataclass(frozen=True, slots=True)
class Post:
    """One of the six: who fills it, since when; nobody where there is no name."""

    post: str
    name: str = ""
    phone: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class SiteState:
    """Whether a site takes people in, the checks the plans in force ask of it, and its team."""

    is_open: bool
    opened: datetime | None
    closed: datetime | None
    reason: str
    checks: Sequence[Check]
    posts: Sequence[Post]

    @property
    def failing(self) -> list[Check]:
        """The checks that keep it from opening: never gone through, or something was wanting."""
        return [check for check in self.checks if check.at is None or check.wanting]

    @property
    def empty_posts(self) -> int:
        return sum(not post.name for post in self.posts)


def state(unit: UUID, area: str, now: datetime) -> SiteState:
    """How a site stands at an instant. Two queries."""
    found: dict[tuple[str, str | None], tuple[datetime, Mapping[str, Any]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, {"unit": unit, "subject": f"unit:{unit}", "kinds": KINDS, "now": now})
        for kind, key, at, data in cursor.fetchall():
            found[kind, key] = at, json.loads(data)
    posts = [_post(post, *found.get((FILLED, post), (None, {}))) for post in POSTS]
    checks = [_check(one, *found.get((CHECKED, one.checklist), (None, {}))) for one in checklists(area)]
    (opened, _), (closed, data) = (found.get((kind, None), (None, {})) for kind in (OPENED, CLOSED))
    return SiteState(
        bool(found["is_open", None][1]["is"]), opened, closed, str(data.get("reason") or ""), checks, posts
    )


def is_open(unit: UUID, now: datetime) -> bool:
    """True where the site takes people in. One query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_IS_OPEN}", {"unit": unit, "subject": f"unit:{unit}", "now": now})
        return bool(cursor.fetchone()[0])


def checklists(area: str) -> list[Checklist]:
    """The checklists for isolation sites of the plans in force over an area. One query."""
    names = [name for name, areas in adoptions.adopted().items() if any(contains(one, area) for one in areas)]
    clauses = [clause for name in names if (plan := shelf.plan(name)) for clause in plan.clauses]
    return [one.checklist for one in clauses if one.checklist and SITE in one.checklist.places]


def pressing(units: Iterable[UUID], now: datetime) -> dict[UUID, int]:
    """How many people of each site are held past their grounds or have no bed. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_PRESSING, {"units": list(units), "now": now})
        return dict(cursor.fetchall())


def _post(post: str, at: datetime | None, data: Mapping[str, Any]) -> Post:
    return Post(post, str(data.get("name") or ""), str(data.get("phone") or ""), at)


def _check(one: Checklist, at: datetime | None, data: Mapping[str, Any]) -> Check:
    items = [(item.item, Text(zh=item.zh, en=item.en)) for item in one.items]
    title = Text(zh=one.title.zh, en=one.title.en)
    return Check(one.checklist, title, items, at, tuple(data.get("failed", ())))
