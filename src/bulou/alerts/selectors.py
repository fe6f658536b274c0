"""The inbox of an account, who read what, the channels of a unit and how they fare. Scope is the session's."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from bulou.alerts import adapters
from bulou.alerts.models import Alert, AlertRead, Attempt, Channel, Delivery, Hearing
from bulou.directory.crypto import vault
from bulou.directory.models import Account

KEPT = timedelta(days=30)
"""How long an unread alert is counted at the bell."""


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert as the inbox shows it to one account."""

    id: UUID
    kind: str
    urgent: bool
    zh: str
    en: str
    place: str
    at: datetime
    made_at: datetime
    data: dict[str, Any]
    step: int
    is_read: bool


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel without its secrets; `last` is its latest attempt's (when, outcome, detail), None before the first."""

    id: UUID
    kind: str
    title: str
    url: str
    is_active: bool
    signed: bool
    last: tuple[datetime, str, str] | None


@dataclass(frozen=True, slots=True)
class Preferences:
    """How an account hears, its address open: for its owner only."""

    email: str = ""
    mode: str = "none"
    quiet_from: Any = None
    quiet_to: Any = None
    digest_at: Any = None


def inbox(
    account: Account, *, unread: bool = False, kind: str = "", after: str = "", limit: int = 50
) -> list[AlertRow]:
    """Alerts of the account's unit, newest first; `after` is the last one's id. Two queries at most."""
    read = AlertRead.objects.filter(alert=OuterRef("pk"), account=account.pk)
    found = Alert.objects.filter(unit=account.unit_id).annotate(is_read=Exists(read))
    if unread:
        found = found.filter(is_read=False)
    if kind == "urgent":
        found = found.filter(urgent=True)
    elif kind:
        found = found.filter(kind=kind)
    last = Alert.objects.filter(pk=after).values_list("made_at", "pk").first() if after else None
    if last:
        found = found.filter(Q(made_at__lt=last[0]) | Q(made_at=last[0], pk__lt=last[1]))
    return [_row(one) for one in found.order_by("-made_at", "-pk")[:limit]]


def alert_of(id: UUID, account: Account) -> AlertRow | None:
    """One alert of the account's unit; None for any other. One query."""
    read = AlertRead.objects.filter(alert=OuterRef("pk"), account=account.pk)
    return next(map(_row, Alert.objects.filter(pk=id, unit=account.unit_id).annotate(is_read=Exists(read))), None)


def readers(id: UUID, account: Account) -> list[tuple[str, datetime | None]]:
    """Who of the unit read an alert and when; None for who did not. One query."""
    at = AlertRead.objects.filter(alert=id, account=OuterRef("pk")).values("at")
    found = Account.objects.filter(unit=account.unit_id, is_active=True).annotate(read_at=Subquery(at))
    rows = [(one.name or one.username, one.read_at) for one in found.order_by("username")]
    return sorted(rows, key=lambda row: (row[1] is None, row[1] or timezone.now()))


def preferences(account: Account) -> Preferences:
    """How the account hears; nothing set where it never said. One query."""
    found = Hearing.objects.filter(pk=account.pk).first()
    if found is None:
        return Preferences()
    email = vault().unseal(found.email, found.pk, "email") if found.email is not None else ""
    return Preferences(email, found.mode, found.quiet_from, found.quiet_to, found.digest_at)


def channels(unit: UUID) -> list[ChannelRow]:
    """The channels of a unit, those in use first. Two queries."""
    rows = list(Channel.objects.filter(unit=unit).order_by("-is_active", "made_at"))
    tried = Attempt.objects.filter(delivery__channel__in=rows).order_by("delivery__channel", "-at")
    latest = tried.distinct("delivery__channel").values_list("delivery__channel", "at", "outcome", "detail")
    last = {channel: (at, outcome, detail) for channel, at, outcome, detail in latest}
    return [
        ChannelRow(
            one.pk,
            one.kind,
            one.title,
            adapters.masked(vault().unseal(one.url, one.pk, "url")),
            one.is_active,
            one.secret is not None,
            last.get(one.pk),
        )
        for one in rows
    ]


def deliveries(unit: UUID, limit: int = 50) -> list[Delivery]:
    """The latest deliveries of a unit's channels, with their attempts. Two queries."""
    found = Delivery.objects.filter(channel__unit=unit).select_related("alert", "channel").order_by("-made_at")
    return list(found.prefetch_related("attempts")[:limit])


def _row(one: Any) -> AlertRow:
    return AlertRow(
        one.pk, one.kind, one.urgent, one.zh, one.en, one.place, one.at, one.made_at, one.data, one.step, one.is_read
    )
