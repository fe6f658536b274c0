"""Where alerts go: to the channels of their unit, and to the e-mail of those who asked for it; and the daily digest."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bulou.alerts.hours import held_until
from bulou.alerts.models import Alert, AlertRead, Channel, Delivery, Hearing
from bulou.directory.models import Account
from bulou.directory.scope import everywhere

CHUNK = 1_000
SHOWN = 20
"""Alerts told one by one in a digest; the number counts all."""


def address() -> int:
    """Make the deliveries of alerts that have none yet; how many. What cannot leave the house is not addressed."""
    made = 0
    while True:
        with transaction.atomic(), everywhere():
            new = list(
                Alert.objects.select_for_update(skip_locked=True).filter(addressed=False).order_by("made_at")[:CHUNK]
            )
            found = list(_deliveries(new))
            Delivery.objects.bulk_create(found, ignore_conflicts=True)
            Alert.objects.filter(pk__in=[one.pk for one in new]).update(addressed=True)
            made += len(found)
        if len(new) < CHUNK:
            return made


def _deliveries(alerts: list[Alert]) -> Iterator[Delivery]:
    units = {one.unit for one in alerts}
    channels = _by_unit(Channel.objects.filter(unit__in=units, is_active=True)) if settings.OUTBOUND_HOSTS else {}
    people = _hearers(units) if settings.EMAIL_HOST else {}
    now = timezone.localtime()
    for alert in alerts:
        for channel in channels.get(alert.unit, ()):
            yield Delivery(alert=alert, channel=channel, area=alert.area, next_at=now)
        for hearing in people.get(alert.unit, ()):
            if alert.urgent or hearing.mode == "each":
                at = now if alert.urgent else held_until(now, hearing.quiet_from, hearing.quiet_to)
                yield Delivery(alert=alert, account=hearing.account, area=alert.area, next_at=at)


def _hearers(units: set[Any]) -> dict[Any, list[Hearing]]:
    """Who of these units hears by e-mail, by unit. Two queries."""
    unit_of = dict(Account.objects.filter(unit__in=units, is_active=True).values_list("pk", "unit"))
    found: dict[Any, list[Hearing]] = defaultdict(list)
    for hearing in Hearing.objects.filter(account__in=unit_of).exclude(mode="none").exclude(email=None):
        found[unit_of[hearing.account]].append(hearing)
    return found


def _by_unit(channels: Any) -> dict[Any, list[Channel]]:
    found: dict[Any, list[Channel]] = defaultdict(list)
    for channel in channels:
        found[channel.unit].append(channel)
    return found


@transaction.atomic
def digest() -> int:
    """One e-mail a day to whoever wants a digest, at their hour, of what is unread; none where nothing is."""
    if not settings.EMAIL_HOST:
        return 0
    now = timezone.localtime()
    today = now.date()
    with everywhere():
        due = list(
            Hearing.objects.select_for_update(skip_locked=True)
            .filter(mode="digest", digest_at__lte=now.time())
            .exclude(digest_on=today)
            .exclude(email=None)[:CHUNK]
        )
        accounts = {one.pk: one for one in Account.objects.filter(pk__in=[h.account for h in due], is_active=True)}
        unread = _unread(accounts)
        made = [_digest(hearing, unread[hearing.account], now) for hearing in due if unread.get(hearing.account)]
        Delivery.objects.bulk_create(made, ignore_conflicts=True)
        Hearing.objects.filter(pk__in=[one.pk for one in due]).update(digest_on=today)
    return len(made)


def _unread(accounts: dict[Any, Account]) -> dict[Any, list[Alert]]:
    """What each account has not read of the last day, the latest first. Two queries."""
    since = timezone.now() - timedelta(days=1)
    units = {one.unit_id for one in accounts.values()}
    alerts = list(Alert.objects.filter(unit__in=units, made_at__gt=since).order_by("-made_at"))
    read = set(AlertRead.objects.filter(account__in=accounts, alert__in=alerts).values_list("account", "alert"))
    return {
        id: [one for one in alerts if one.unit == account.unit_id and (id, one.pk) not in read]
        for id, account in accounts.items()
    }


def _digest(hearing: Hearing, alerts: list[Alert], now: datetime) -> Delivery:
    """The sentence of the number, then the first of them."""
    shown = alerts[:SHOWN]
    zh = "\n".join([f"今日未读提醒 {len(alerts)} 条", *(f"- {one.zh}" for one in shown)])
    en = "\n".join([f"{len(alerts)} alerts unread today", *(f"- {one.en}" for one in shown)])
    return Delivery(account=hearing.account, area=hearing.area, digest_of=now.date(), zh=zh, en=en, next_at=now)
