"""Accounts of an area, for those who run and guard them. Accounts are outside row-level security: the area is asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from bulou.directory.models import Account, Session
from bulou.directory.selectors.areas import in_english
from bulou.kernel.areas import prefix_range


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account as its administrators see it. `sessions`: browsers it is signed in at now."""

    id: UUID
    username: str
    name: str
    unit: UUID
    unit_name: str
    area: str
    role: str
    is_active: bool
    has_factor: bool
    password_temporary: bool
    last_login: datetime | None
    sessions: int


def accounts_page(
    area: str,
    *,
    text: str = "",
    role: str = "",
    state: str = "",
    sort: str = "username",
    after: str = "",
    limit: int = 50,
) -> list[AccountRow]:
    """Accounts of units in an area, by account name or (with a minus) backwards; `after` is the last one's. One query.

    `text`: any part of the account's, the person's or the unit's name. `state`: `open`, `closed`, `bare` (open, without
    a second factor) or `new` (with a password for once).
    """
    found = _within(area)
    if text:
        part = Q(username__icontains=text) | Q(name__icontains=text) | Q(unit__name__icontains=text)
        found = found.filter(part | Q(unit__name_en__icontains=text))
    if role:
        found = found.filter(role=role)
    states = {
        "open": Q(is_active=True),
        "closed": Q(is_active=False),
        "bare": Q(is_active=True, factor=False),
        "new": Q(is_active=True, password_temporary=True),
    }
    if state in states:
        found = found.filter(states[state])
    down = sort.startswith("-")
    if after:
        found = found.filter(username__lt=after) if down else found.filter(username__gt=after)
    return [_row(one) for one in found.order_by("-username" if down else "username")[:limit]]


def account_of(id: UUID, area: str) -> AccountRow | None:
    """One account of a unit in an area; None where there is none. One query."""
    return next(map(_row, _within(area).filter(pk=id)), None)


def account_names(ids: set[UUID]) -> dict[UUID, str]:
    """What accounts are called: the person's name, and the account's. One query."""
    rows = Account.objects.filter(pk__in=ids).values_list("pk", "name", "username")
    return {id: f"{name}（{username}）" if name else username for id, name, username in rows}


def accounts_named(text: str, area: str) -> list[UUID]:
    """Accounts of an area by any part of their name; the first hundred. One query."""
    part = Q(username__icontains=text) | Q(name__icontains=text)
    return list(_within(area).filter(part).values_list("pk", flat=True)[:100])


def _within(area: str) -> QuerySet[Account, Account]:
    lo, hi = prefix_range(area)
    now = timezone.now()
    factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    sessions = Session.objects.filter(account=OuterRef("pk"), expire_date__gt=now).values("account")
    found = Account.objects.annotate(
        factor=Exists(factors), sessions=Coalesce(Subquery(sessions.annotate(n=Count("pk")).values("n")), 0)
    )
    return found.filter(unit__area_id__gte=lo, unit__area_id__lt=hi) if area else found


def _row(one: Any) -> AccountRow:
    return AccountRow(
        id=one.pk,
        username=one.username,
        name=one.name,
        unit=one.unit_id,
        unit_name=one.unit.name_en if in_english() and one.unit.name_en else one.unit.name,
        area=one.area,
        role=one.role,
        is_active=one.is_active,
        has_factor=one.factor,
        password_temporary=one.password_temporary,
        last_login=one.last_login,
        sessions=one.sessions,
    )
