"""How one wants to hear of alerts, and the channels of one's unit."""

from datetime import time
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from bulou.alerts import selectors, services
from bulou.alerts.adapters import KINDS
from bulou.alerts.models import Delivery
from bulou.kernel.errors import BulouError
from bulou.kernel.text import Text
from bulou.web.access import Request, page, recent_authentication

TIMES = ("quiet_from", "quiet_to", "digest_at")


@page
def hearing(request: Request) -> HttpResponse:
    """Quiet hours, e-mail and the daily digest of one's own account."""
    if request.method != "POST":
        return _hearing(request, selectors.preferences(request.user))
    given: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in ("email", "mode")}
    given |= {name: _time(request.POST.get(name, "")) for name in TIMES}
    try:
        services.hearing_set(by=request.user, **given)
    except BulouError as error:
        first = error.problems[0]
        wrong = {first.field: first.text.to(get_language() or "zh")}
        return _hearing(request, selectors.Preferences(**given), wrong)
    messages.success(request, gettext("Kept."))
    return HttpResponseRedirect(reverse("hearing"))


@page
def channels(request: Request) -> HttpResponse:
    """The group robots of one's unit, how each fares, and the latest deliveries."""
    return _channels(request)


@require_POST
@page
@recent_authentication
def add(request: Request) -> HttpResponse:
    """A new robot; its address and secret are sealed and not shown again."""
    given = {name: request.POST.get(name, "") for name in ("kind", "title", "url", "secret")}
    try:
        services.channel_add(**given, by=request.user)
    except BulouError as error:
        first = error.problems[0]
        return _channels(request, given, {first.field: first.text.to(get_language() or "zh")})
    messages.success(request, gettext("The channel is added. Send a test before you rely on it."))
    return HttpResponseRedirect(reverse("channels"))


@require_POST
@page
def send_test(request: Request, id: UUID) -> HttpResponse:
    """Put a test on its way. 404 for a channel of another unit, or one not in use."""
    if not services.channel_try(id, by=request.user):
        raise Http404
    messages.success(request, gettext("A test is on its way; look again in half a minute."))
    return HttpResponseRedirect(reverse("channels"))


@require_POST
@page
@recent_authentication
def switch(request: Request, id: UUID) -> HttpResponse:
    """Use a channel again, or no longer. 404 for one of another unit."""
    if not services.channel_switch(id, on=request.POST.get("on") == "1", by=request.user):
        raise Http404
    return HttpResponseRedirect(reverse("channels"))


def _hearing(
    request: Request, preferences: selectors.Preferences, errors: dict[str, str] | None = None
) -> HttpResponse:
    patient, pressing = settings.ESCALATE_MINUTES
    context = {
        "set": preferences,
        "errors": errors or {},
        "mails": bool(settings.EMAIL_HOST),
        "patient": patient,
        "pressing": pressing,
    }
    return render(request, "alerts/hearing.html", context, status=422 if errors else 200)


def _channels(
    request: Request, given: dict[str, str] | None = None, errors: dict[str, str] | None = None
) -> HttpResponse:
    hosts = settings.OUTBOUND_HOSTS
    context = {
        "channels": selectors.channels(request.user.unit_id),
        "deliveries": [(one, _said(one)) for one in selectors.deliveries(request.user.unit_id)],
        "kinds": [(kind, Text(zh=zh, en=en), host in hosts, host) for kind, (zh, en, host) in KINDS.items()],
        "names": {kind: Text(zh=zh, en=en) for kind, (zh, en, _host) in KINDS.items()},
        "open": bool(hosts),
        "given": given or {},
        "errors": errors or {},
    }
    return render(request, "alerts/channels.html", context, status=422 if errors else 200)


def _said(delivery: Delivery) -> Text:
    """What was sent: the alert's words, or its own."""
    words = delivery.alert or delivery
    return Text(zh=words.zh, en=words.en)


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None
