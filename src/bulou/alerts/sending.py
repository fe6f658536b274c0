"""Deliveries are sent one at a time, each claimed first: a process that dies while sending leaves it unknown.

1. Claim, in a transaction of its own. 2. Send. 3. Write the attempt and what follows from it, in another. A refusal is
tried again after longer and longer; what may have arrived is never repeated.
"""

import http.client
import smtplib
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import timezone

from bulou.alerts import adapters
from bulou.alerts.models import Attempt, Channel, Delivery, Hearing
from bulou.directory.crypto import vault
from bulou.directory.models import Account
from bulou.directory.scope import everywhere

Outcome = Literal["sent", "refused", "unknown"]
WAITS = (1, 5, 25, 120, 600)
"""Minutes before the second, third … try; after the last the delivery has failed."""
ABANDONED = timedelta(minutes=5)
"""A delivery still being sent after this was left by a process that died."""
TIMEOUT = 10
AT_ONCE = 50
"""Deliveries of one pass: the clock pass waits behind it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of one try."""

    outcome: Outcome
    detail: str = ""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A robot that moved is told to the unit, not followed."""

    def redirect_request(self, *args: Any, **given: Any) -> None:
        return None


def send() -> int:
    """Send what is due; how many were tried."""
    _give_up_abandoned()
    tried = 0
    while tried < AT_ONCE and (delivery := _claim()):
        _settle(delivery, deliver(delivery))
        tried += 1
    return tried


def deliver(delivery: Delivery) -> Sent:
    """One try, by the way the delivery goes."""
    zh, en = (delivery.alert.zh, delivery.alert.en) if delivery.alert else (delivery.zh, delivery.en)
    if delivery.channel:
        return to_robot(delivery.channel, zh, en)
    return _to_mailbox(delivery, zh, en)


def to_robot(channel: Channel, zh: str, en: str) -> Sent:
    """Post to a group robot. Unknown where the line broke after the message had gone."""
    url = vault().unseal(channel.url, channel.pk, "url")
    secret = vault().unseal(channel.secret, channel.pk, "secret") if channel.secret is not None else ""
    host = urlsplit(url).hostname or ""
    if host not in settings.OUTBOUND_HOSTS:
        return Sent("refused", f"{host}: BULOU_OUTBOUND_HOSTS")
    message = adapters.post(channel.kind, url, secret, "不漏 Bulou", f"{zh}\n\n{en}", at=time.time())
    request = urllib.request.Request(  # noqa: S310  (https, or a host the operator named)
        message.url, message.body, {"Content-Type": "application/json; charset=utf-8"}
    )
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT) as answer:
            problem = adapters.problem_in(answer.status, answer.read(10_000))
    except urllib.error.HTTPError as error:
        return Sent("refused", f"HTTP {error.code}")
    except urllib.error.URLError as error:
        return Sent("refused", str(error.reason)[:200])
    except (TimeoutError, http.client.HTTPException, OSError) as error:
        return Sent("unknown", type(error).__name__)
    return Sent("refused", problem) if problem else Sent("sent")


def _to_mailbox(delivery: Delivery, zh: str, en: str) -> Sent:
    with everywhere():
        hearing = Hearing.objects.filter(account__in=[delivery.account]).first()
        account = Account.objects.filter(pk__in=[delivery.account], is_active=True).first()
    if hearing is None or hearing.email is None or account is None:
        return Sent("refused", "no address")
    to = vault().unseal(hearing.email, hearing.pk, "email")
    text = zh if account.language.startswith("zh") else en
    subject = text.partition("\n")[0][:100]
    try:
        with get_connection(timeout=TIMEOUT) as connection:
            EmailMessage(f"[不漏 Bulou] {subject}", text, to=[to], connection=connection).send()
    except smtplib.SMTPServerDisconnected as error:
        return Sent("unknown", type(error).__name__)
    except (smtplib.SMTPException, OSError) as error:
        return Sent("refused", type(error).__name__)
    return Sent("sent")


def _claim() -> Delivery | None:
    with transaction.atomic(), everywhere():
        waiting = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("alert", "channel")
        found = waiting.filter(state="waiting", next_at__lte=timezone.now()).order_by("next_at").first()
        if found:
            found.state, found.tries, found.next_at = "sending", found.tries + 1, timezone.now()
            found.save(update_fields=["state", "tries", "next_at"])
        return found


def _settle(delivery: Delivery, sent: Sent) -> None:
    with transaction.atomic(), everywhere():
        Attempt.objects.create(delivery=delivery, area=delivery.area, outcome=sent.outcome, detail=sent.detail)
        delivery.state, delivery.next_at = sent.outcome, None
        if sent.outcome == "refused":
            again = delivery.tries <= len(WAITS)
            delivery.state = "waiting" if again else "failed"
            delivery.next_at = timezone.now() + timedelta(minutes=WAITS[delivery.tries - 1]) if again else None
        delivery.save(update_fields=["state", "next_at"])


def _give_up_abandoned() -> None:
    with transaction.atomic(), everywhere():
        left = Delivery.objects.select_for_update(skip_locked=True).filter(
            state="sending", next_at__lt=timezone.now() - ABANDONED
        )
        for delivery in left:
            Attempt.objects.create(delivery=delivery, area=delivery.area, outcome="unknown", detail="process ended")
            delivery.state, delivery.next_at = "unknown", None
            delivery.save(update_fields=["state", "next_at"])
