"""Who may open a page: signed in, in their own area, in a role that fits. Everything else is refused."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from bulou.directory import services
from bulou.directory.models import Account
from bulou.directory.roles import ADMINISTRATORS
from bulou.directory.session_store import OWES, PROVEN
from bulou.kernel.areas import contains, is_area_code

PERSONAL = ("person:", "episode:")
"""Subjects whose duties and facts are one person's."""
COMMAND_ROLES = frozenset({"province_command", "city_command", "county_command", "town_command"})
FROM_DOOR_TO_DOOR = frozenset(
    {"village_committee", "grid_worker", "grid_team", "isolation_team", "township_clinic", "town_government"}
)
"""Roles beside the command posts that visit people at home."""
OWED_PAGES = {"password": "password", "factor": "security"}
"""What somebody may owe their own access, to the page where it is done."""
P = ParamSpec("P")


class Request(HttpRequest):
    """A request of somebody who is signed in."""

    user: Account
    htmx: HtmxDetails


def own_page(view: Callable[Concatenate[Request, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page about one's own access: open too to those who must first change a password or add a second factor."""
    guarded: Any = login_required(login_url="sign-in")(view)
    return wraps(view)(guarded)


def page(view: Callable[Concatenate[Request, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of the product: signed-in accounts only, strangers are shown the sign-in page.

    Whoever still owes their own access something (a new password, a second factor) is led there first.
    """

    def guarded(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        owed = request.session.get(OWES)
        return _led(request, OWED_PAGES[owed[0]]) if owed else view(request, *args, **kwargs)

    return wraps(view)(own_page(guarded))


def recent_authentication(view: Callable[Concatenate[Request, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """An act for which one shows anew who one is, where that was more than ten minutes ago: put it under `page`.

    Approvals, exports of people, and whatever changes how an account is guarded. The page asks for the password and
    leads back to where the act was begun; nothing of the act is done before.
    """

    def guarded(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if is_recent(request):
            return view(request, *args, **kwargs)
        onward = request.get_full_path() if request.method == "GET" else _came_from(request)
        return _led(request, f"{reverse('confirm')}?{urlencode({'next': onward})}")

    return wraps(view)(guarded)


def is_recent(request: HttpRequest) -> bool:
    """True where the person at this session showed who they are within the last ten minutes."""
    proven: float = request.session.get(PROVEN, 0)
    return time.time() - proven < settings.RECENT_AUTHENTICATION_MINUTES * 60


def _came_from(request: HttpRequest) -> str:
    """The page a form was on; one's own account where that is not said, or is of another site."""
    referer = request.headers.get("Referer", "")
    parts = urlsplit(referer)
    here = url_has_allowed_host_and_scheme(referer, {request.get_host()}, request.is_secure())
    return (parts.path + (f"?{parts.query}" if parts.query else "")) if here and parts.path else reverse("security")


def _led(request: Request, to: str) -> HttpResponse:
    """On to another page, also from within a part of one."""
    url = to if to.startswith("/") else reverse(to)
    if request.htmx and not request.htmx.boosted:
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def command_page(view: Callable[Concatenate[Request, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of the command posts; 403 for every other role."""

    def guarded(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not commands(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wraps(view)(page(guarded))


def administrator_page(view: Callable[Concatenate[Request, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of the administrators of accounts; 403 for every other role."""

    def guarded(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not administers(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wraps(view)(page(guarded))


def administers(account: Account) -> bool:
    """True for the administrators of accounts."""
    return account.role in ADMINISTRATORS


def audits(account: Account) -> bool:
    """True for those who read the record of access: security and audit."""
    return account.role in ("security_administrator", "audit_administrator")


def commands(account: Account) -> bool:
    """True for an account of a command post."""
    return account.role in COMMAND_ROLES


def visits_homes(account: Account) -> bool:
    """True for whoever goes from door to door, and who commands them."""
    return commands(account) or account.role in FROM_DOOR_TO_DOOR


def area_asked(request: Request, code: str | None) -> str:
    """The area a page is about: the one asked for, else the account's own. 404 where it is none, 403 outside."""
    if not code:
        return request.user.area
    if not is_area_code(code):
        raise Http404
    if not contains(request.user.area, code):
        denied(request, f"area:{code}")
        raise PermissionDenied
    return code


def record(request: Request, act: services.Act, *, area: str, subject: str = "", purpose: str = "") -> None:
    """One line of the record of access, with the page and the address it was asked from."""
    services.access_record(
        act,
        by=request.user,
        area=area,
        subject=subject,
        purpose=purpose,
        page=request.path,
        ip=request.META.get("REMOTE_ADDR") or None,
    )


def denied(request: HttpRequest, what: str) -> None:
    """Note what somebody asked for who may not have it; `config.middleware` records it when the request is over."""
    request.denied = what  # type: ignore[attr-defined]
