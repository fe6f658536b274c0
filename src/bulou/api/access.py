"""Who asks: a token or a session. Each request then runs in its account's area, in the language it asks for."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from ninja.errors import AuthenticationError
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from bulou.api import tokens
from bulou.api.errors import CSRF, RefusedError, outside, unknown
from bulou.api.language import language_of
from bulou.directory import scope
from bulou.directory.models import Account
from bulou.directory.session_store import OWES
from bulou.kernel.areas import contains

P = ParamSpec("P")
R = TypeVar("R")


class Request(HttpRequest):
    """A request whose account is known."""

    auth: Account


class TokenAuth(HttpBearer):
    """`Authorization: Bearer …`. A bad token is refused even where a session would do."""

    def authenticate(self, request: HttpRequest, token: str) -> Account:
        account = tokens.holder(token.strip())
        if account is None:
            raise AuthenticationError
        return account


class SessionAuth(APIKeyCookie):
    """The session of the pages, under the same CSRF rules."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Account | None:
        account = self.authenticate(request, None)
        if account and check_csrf(request):
            raise RefusedError(403, CSRF)
        return account

    def authenticate(self, request: HttpRequest, key: str | None) -> Account | None:
        """None too for somebody who must first change a password or add a second factor."""
        return request.user if isinstance(request.user, Account) and not request.session.get(OWES) else None


WAYS = (TokenAuth(), SessionAuth())


def in_scope(view: Callable[P, R]) -> Callable[P, R]:
    """Run an operation in its account's area, which a token brings in here, and in the language asked for."""

    @wraps(view)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        request: Any = args[0]
        account = getattr(request, "auth", None)
        needs_scope = account is not None and account != request.user
        with (
            translation.override(language_of(request)),
            scope.for_account(account) if needs_scope else nullcontext(),
        ):
            return view(*args, **kwargs)

    return run


def signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For addresses that are no operations of the API: 401 to strangers."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            known = any(way(request) for way in WAYS)
        except AuthenticationError:
            known = False
        return view(request, *args, **kwargs) if known else unknown(request)

    return guarded


def area_asked(request: Request, code: str | None) -> str:
    """The area a request is about: the one asked for, else the account's own. Refused outside it."""
    if not code:
        return request.auth.area
    if not contains(request.auth.area, code):
        request.denied = f"area:{code}"  # type: ignore[attr-defined]
        raise outside(code)
    return code
