"""The business clock: during a drill the command post moves it, and the ledger follows."""

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from bulou.directory import services as directory
from bulou.kernel import clock as business
from bulou.kernel.periods import parse_period
from bulou.ledger import services as ledger
from bulou.web import words
from bulou.web.access import Request, command_page

MORNING = time(8)
REAL = "real"


@command_page
def clock(request: Request) -> HttpResponse:
    """Show the clock, or move it: by a period, to the next morning, to an instant, or back to the real time."""
    if request.method != "POST":
        return _shown(request)
    entered = request.POST.get("set_to", "")
    try:
        instant = moved(request.POST.get("move", ""), entered, business.now())
    except ValueError:
        return _shown(request, entered, gettext("Enter a date and a time, such as 2020-02-10 08:00."))
    directory.clock_set(instant)
    with business.at(instant):
        ledger.advance()
        shown = words.clock_time(business.now(), business.now() - timedelta(days=1))
        messages.success(request, gettext("The clock now shows %(time)s.") % {"time": shown})
    onward = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(onward if here else "/clock/")


def moved(move: str, entered: str, now: datetime) -> datetime | None:
    """The instant the clock is moved to; None is the real time. ValueError where it cannot be read."""
    if move == REAL:
        return None
    if move == "morning":
        local = timezone.localtime(now)
        return timezone.make_aware(datetime.combine(local.date() + timedelta(days=local.time() >= MORNING), MORNING))
    if move == "set":
        return timezone.make_aware(datetime.fromisoformat(entered).replace(tzinfo=None))
    return now + parse_period(move)


def _shown(request: Request, entered: str = "", error: str = "") -> HttpResponse:
    now = timezone.localtime(business.now())
    context = {
        "now": now,
        "drill": business.is_set(),
        "shown": now.strftime("%Y-%m-%dT%H:%M"),
        "entered": entered,
        "error": error,
    }
    return render(request, "account/clock.html", context, status=422 if error else 200)
