"""Links to a person's own page: given out at the door or with the card, opened by whoever holds them, ended any time.

The database lets a stranger do one thing with them (`own_page_open`, migration 0002): show a digest and learn whose
page it is, which is counted and kept. It neither lists links nor opens one that has ended.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Max

from bulou.directory.models import Account, Person
from bulou.kernel.errors import BulouError
from bulou.operations.support.models import OwnPage, OwnPageOpening

LONGEST, USUAL = 90, 30
"""Days a link may live, and lives unless told otherwise: our choice, an isolation, its follow-up and some days."""
SHOWN = 10
"""Links of one person that are listed, ended ones among them."""
State = Literal["open", "ended", "none", "too_many"]


@dataclass(frozen=True, slots=True)
class Given:
    """A new link. `text` is shown once and kept nowhere."""

    id: UUID
    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link opened. Only where the `state` is open are `page`, `person` and `area` whose it is."""

    state: State
    page: UUID | None = None
    person: UUID | None = None
    area: str = ""


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link of a person, as whoever looks after them sees it. `is_live`: it still opens the page."""

    id: UUID
    created_at: datetime
    account: UUID
    expires_at: datetime
    revoked_at: datetime | None
    openings: int
    last_opened: datetime | None
    is_live: bool


@transaction.atomic
def give(person: UUID, *, by: Account, days: int = USUAL) -> Given:
    """A link for a person, which ends those they had. BulouError for somebody out of scope, or too long a life."""
    found = Person.objects.filter(id=person).first()
    if found is None:
        raise BulouError.of("own_page.person", "属地内没有这个人。", "There is no such person in your area.")
    if not 1 <= days <= LONGEST:
        raise BulouError.of(
            "own_page.days",
            f"链接有效期为 1 到 {LONGEST} 天；没有生成。",
            f"A link lasts from 1 to {LONGEST} days; none was made.",
            field="days",
        )
    _end(person, by)
    text = secrets.token_urlsafe(24)
    expires_at = datetime.now(UTC) + timedelta(days=days)
    made = OwnPage.objects.create(
        person=found, area_id=found.area_id, digest=_digest(text), account=by.pk, expires_at=expires_at
    )
    return Given(made.id, text, expires_at)


def end(person: UUID, *, by: Account) -> int:
    """End every link of a person at once; how many there were."""
    return _end(person, by)


def links_of(person: UUID) -> list[LinkRow]:
    """The links of a person, the latest first, with how often they were opened. Two queries."""
    now = datetime.now(UTC)
    found = list(OwnPage.objects.filter(person=person).order_by("-created_at", "-id")[:SHOWN])
    used = OwnPageOpening.objects.filter(page__in=[one.id for one in found], act="open").values("page")
    rows = used.annotate(n=Count("id"), last=Max("at")).values_list("page", "n", "last")
    counted: dict[UUID | None, tuple[int, datetime | None]] = {page: (n, last) for page, n, last in rows}
    return [
        LinkRow(
            one.id,
            one.created_at,
            one.account,
            one.expires_at,
            one.revoked_at,
            *counted.get(one.id, (0, None)),
            is_live=one.revoked_at is None and one.expires_at > now,
        )
        for one in found
    ]


def open_by(text: str, *, ip: str | None, act: str = "open") -> Opened:
    """Whose page a link opens, for somebody who is not signed in; the opening is on record. One query.

    `act`: `open`, or what is sent in through it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, page, person, area FROM own_page_open(%s, %s, %s)", [_digest(text), ip, act])
        return Opened(*cursor.fetchone())


def _end(person: UUID, by: Account) -> int:
    live = OwnPage.objects.filter(person=person, revoked_at=None)
    return live.update(revoked_at=datetime.now(UTC), revoked_by=by.pk)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
