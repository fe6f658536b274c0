"""Who may open a page: signed in, in their own area, in a role that fits. Everything else is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from bulou.directory import services
from bulou.directory.models import Account
from bulou.kernel.areas import contains, is_area_code

PERSONAL = ("person:", "episode:")
"""Subjects whose duties and facts are one person's."""
COMMAND_ROLES = frozenset({"province_command", "city_command", "county_command", "town_command"})
P = ParamSpec("P")


class Request(HttpRequest):
    """A request of somebody who is signed in."""

    user: Account
    htmx: HtmxDetails


def page(view: Callable[Concatenate[Request, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of the product: signed-in accounts only, strangers are shown the sign-in page."""
    guarded: Any = login_required(login_url="sign-in")(view)
    return wraps(view)(guarded)


def command_page(view: Callable[Concatenate[Request, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of the command posts; 403 for every other role."""

    def guarded(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not commands(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wraps(view)(page(guarded))


def commands(account: Account) -> bool:
    """True for an account of a command post."""
    return account.role in COMMAND_ROLES


def area_asked(request: Request, code: str | None) -> str:
    """The area a page is about: the one asked for, else the account's own. 404 where it is none, 403 outside."""
    if not code:
        return request.user.area
    if not is_area_code(code):
        raise Http404
    if not contains(request.user.area, code):
        raise PermissionDenied
    return code


def record_look(request: Request, subject: str, area: str) -> None:
    """Every view of one person's duties and facts is on record: who, whom, when, from where. Others are not."""
    if subject.startswith(PERSONAL):
        address = request.META.get("REMOTE_ADDR") or None
        services.access_record("view", by=request.user, area=area, subject=subject, ip=address)
