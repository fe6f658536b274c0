"""Who looked at whom, within the session's scope."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from bulou.directory.models import AccessLog
from bulou.kernel.areas import prefix_range

HOUR = timedelta(hours=1)
ACTS = ("view", "reveal", "search", "export", "denied", "account", "paper")
"""On record: a file or list opened, a number shown in full, a search, an export, a refusal, an administrator's act."""


@dataclass(frozen=True, slots=True)
class LookRow:
    """One line of the record of access."""

    id: UUID
    at: datetime
    account: UUID
    act: str
    subject: str
    area: str
    purpose: str
    page: str
    ip: str | None


_LOOKED_AT = """
SELECT a.unit, l.act, CASE l.act WHEN 'view' THEN l.purpose ELSE '' END AS why, count(*), min(l.at), max(l.at)
FROM access_log l LEFT JOIN account a ON a.id = l.account
WHERE l.subject = %s AND l.act IN ('view', 'reveal') GROUP BY 1, 2, 3 ORDER BY 6 DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class LookedAt:
    """How often a unit opened one file for a purpose, or had a number of it in full (`reveal`), from when to when."""

    unit: UUID | None
    act: str
    purpose: str
    times: int
    first: datetime
    last: datetime


def looked_at(subject: str, limit: int) -> list[LookedAt]:
    """Which units looked at one subject and what for, the latest first; no account is named. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOKED_AT, [subject, limit])
        return [LookedAt(*row) for row in cursor.fetchall()]


def looks_page(
    area: str,
    *,
    accounts: Collection[UUID] | None = None,
    act: str = "",
    purpose: str = "",
    subject: str = "",
    days: tuple[datetime, datetime] | None = None,
    sort: str = "-at",
    after: str = "",
    limit: int = 50,
) -> list[LookRow]:
    """The record of an area, newest first (with `at` oldest first); `after` is the last one's id. At most two queries.

    `accounts`: whose looks, None for everybody's; `purpose`: also behind what was shown, as in `people: command`;
    `days`: from (inclusive) and until (exclusive).
    """
    lo, hi = prefix_range(area)
    found = AccessLog.objects.filter(area__gte=lo, area__lt=hi) if area else AccessLog.objects.all()
    given: dict[str, Any] = {"act": act, "subject": subject}
    found = found.filter(**{name: value for name, value in given.items() if value})
    if purpose:
        found = found.filter(Q(purpose=purpose) | Q(purpose__endswith=f": {purpose}"))
    if accounts is not None:
        found = found.filter(account__in=accounts)
    if days:
        found = found.filter(at__gte=days[0], at__lt=days[1])
    down = sort != "at"
    last = AccessLog.objects.filter(pk=after).values_list("at", "pk").first() if after else None
    if last:
        at, pk = last
        beyond = Q(at__lt=at) | Q(at=at, pk__lt=pk) if down else Q(at__gt=at) | Q(at=at, pk__gt=pk)
        found = found.filter(beyond)
    order = ("-at", "-pk") if down else ("at", "pk")
    return [
        LookRow(one.pk, one.at, one.account, one.act, one.subject, one.area, one.purpose, one.page, one.ip)
        for one in found.order_by(*order)[:limit]
    ]


def many_looks(limit: int, denials: int) -> list[tuple[UUID, str, int]]:
    """Accounts that in the last hour opened more than `limit` files of people, or were refused `denials` times or more.

    Gives (account, `view` or `denied`, how many). One query; the whole country's, so ask it everywhere.
    """
    recent = AccessLog.objects.filter(at__gt=timezone.now() - HOUR)
    kinds = {
        "view": (recent.filter(act__in=("view", "reveal"), subject__startswith="person:"), limit + 1),
        "denied": (recent.filter(act="denied"), denials),
    }
    return [
        (account, kind, count)
        for kind, (rows, least) in kinds.items()
        for account, count in rows.values_list("account")
        .annotate(n=Count("pk"))
        .filter(n__gte=least)
        .order_by("account")
    ]
