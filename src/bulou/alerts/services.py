"""Writes of the alerts: the sweep beside the clock pass, reading, how one hears, channels of a unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from bulou.alerts import addressing, escalation, gathering, sending, watching
from bulou.alerts.adapters import KINDS
from bulou.alerts.models import Alert, AlertRead, Channel, Delivery, Hearing
from bulou.directory.crypto import vault
from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id

MODES = ("each", "digest", "none")


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep did: alerts gathered, of looks, gone up; deliveries made, digests, tries."""

    gathered: int
    watched: int
    risen: int
    addressed: int
    digests: int
    tried: int


def sweep() -> Sweep:
    """Everything that time brings to alerts, in order; each step in transactions of its own."""
    return Sweep(
        gathering.gather(),
        watching.watch(),
        escalation.escalate(),
        addressing.address(),
        addressing.digest(),
        sending.send(),
    )


def read(ids: Iterable[UUID], *, by: Account) -> int:
    """The account has read these alerts of its unit; how many it had not. What is read does not go up any more."""
    mine = list(Alert.objects.filter(pk__in=set(ids), unit=by.unit_id).exclude(reads__account=by.pk))
    with transaction.atomic():
        AlertRead.objects.bulk_create(
            [AlertRead(alert=one, account=by.pk, area=one.area) for one in mine], ignore_conflicts=True
        )
        Alert.objects.filter(pk__in=[one.pk for one in mine]).update(escalate_at=None)
    return len(mine)


def read_all(*, by: Account) -> int:
    """The account has read every alert of its unit."""
    unread = Alert.objects.filter(unit=by.unit_id).exclude(reads__account=by.pk)
    return read(unread.values_list("pk", flat=True), by=by)


def hearing_set(
    *,
    by: Account,
    email: str,
    mode: str,
    quiet_from: time | None = None,
    quiet_to: time | None = None,
    digest_at: time | None = None,
) -> None:
    """How the account wants to hear. BulouError for an address that is none, or a digest without an hour."""
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise BulouError.of(
                "hearing.email", "这不是邮箱地址。", "This is no e-mail address.", field="email"
            ) from error
    if mode not in MODES or (mode != "none" and not email):
        raise BulouError.of(
            "hearing.mode", "要收邮件请先填写邮箱。", "To hear by e-mail, give an address.", field="email"
        )
    if mode == "digest" and digest_at is None:
        raise BulouError.of(
            "hearing.digest", "请选择每日摘要的时间。", "Choose the hour of the digest.", field="digest_at"
        )
    if (quiet_from is None) != (quiet_to is None):
        raise BulouError.of(
            "hearing.quiet", "免打扰时段要有开始和结束。", "Quiet hours need a beginning and an end.", field="quiet_to"
        )
    sealed = vault().seal(email, by.pk, "email") if email else None
    kept = {"area": by.area, "email": sealed, "mode": mode, "quiet_from": quiet_from, "quiet_to": quiet_to}
    Hearing.objects.update_or_create(pk=by.pk, defaults=kept | {"digest_at": digest_at})


def channel_add(kind: str, title: str, url: str, secret: str, *, by: Account) -> Channel:
    """A group robot of the account's unit, its address and secret sealed. BulouError for what is no such address."""
    if kind not in KINDS:
        raise BulouError.of("channel.kind", "请选择一种机器人。", "Choose a kind of robot.", field="kind")
    parts = urlsplit(url.strip())
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        raise BulouError.of(
            "channel.url",
            "请粘贴群机器人的完整网址，以 https:// 开头。",
            "Paste the robot's whole address; it begins with https://.",
            field="url",
        )
    id = new_id()
    sealed = vault().seal(secret.strip(), id, "secret") if secret.strip() else None
    return Channel.objects.create(
        id=id,
        unit=by.unit_id,
        area=by.area,
        kind=kind,
        title=title.strip()[:60] or KINDS[kind][0],
        url=vault().seal(url.strip(), id, "url"),
        secret=sealed,
        made_by=by.pk,
    )


def channel_switch(id: UUID, *, on: bool, by: Account) -> bool:
    """Use a channel of the account's unit, or no longer; what waits for it is given up then. False for no such one."""
    found = Channel.objects.filter(pk=id, unit=by.unit_id).update(is_active=on)
    if found and not on:
        Delivery.objects.filter(channel=id, state="waiting").update(state="failed", next_at=None)
    return bool(found)


def channel_try(id: UUID, *, by: Account) -> bool:
    """Put a test on its way to a channel of the account's unit. False for no such one, or one not in use."""
    channel = Channel.objects.filter(pk=id, unit=by.unit_id, is_active=True).first()
    if channel is None:
        return False
    at = timezone.localtime(clock.now()).strftime("%Y-%m-%d %H:%M")
    Delivery.objects.create(
        channel=channel,
        area=channel.area,
        zh=f"这是一条测试消息（{at}）。收到即表示通道可用。",
        en=f"This is a test ({at}). If you read it, the channel works.",
        next_at=timezone.now(),
    )
    return True
