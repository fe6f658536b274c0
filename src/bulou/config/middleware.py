"""What every request runs in: one transaction, the account's scope and language, the business clock."""

from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import translation

from bulou.config import entrance
from bulou.config.faults import problem_of
from bulou.directory import scope, services
from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.kernel.errors import Problem

Handler = Callable[[HttpRequest], HttpResponseBase]

CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self' data:",
        "worker-src 'self'",
        "manifest-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class PageHeaders:
    """Nothing is loaded from elsewhere, and no page about people stays in a cache."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class Frame:
    """Runs a request, rendering included, in one transaction that sees only the account's area.

    1. The account, its scope and the business clock: one query (`entrance.py`). 2. The page, in the account's language.
    3. Commit, or roll back where the page failed.
    A streamed answer is read after all this: it enters a scope of its own.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            account, response = self._framed(request)
            if asked := getattr(request, "denied", ""):
                record_denial(request, getattr(request, "auth", None) or account, asked)
            return response
        except (DatabaseError, InterfaceError) as error:
            if problem := problem_of(error):
                return unavailable(request, problem)
            raise

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """A page that fails has changed nothing; where the database is at fault it says so."""
        if connection.in_atomic_block:
            transaction.set_rollback(True)
        problem = problem_of(exception) if isinstance(exception, DatabaseError | InterfaceError) else None
        return unavailable(request, problem) if problem else None

    def _framed(self, request: HttpRequest) -> tuple[Account | None, HttpResponseBase]:
        """The answer, and whom it was given to."""
        if entrance.has_session(request):
            with transaction.atomic():
                if entry := entrance.enter(request):
                    return entry.account, self._within(request, entry.account, entry)
        user = request.user
        account = user if isinstance(user, Account) else None
        return account, self._within(request, account)

    def _within(
        self, request: HttpRequest, account: Account | None, entry: scope.Entry | None = None
    ) -> HttpResponseBase:
        with scope.for_account(account, entry) as set_to, clock.at(set_to):
            response = self._answer(request, account)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response

    def _answer(self, request: HttpRequest, account: Account | None) -> HttpResponseBase:
        if account is None:
            return self.get_response(request)
        request.LANGUAGE_CODE = account.language
        with translation.override(account.language):
            return self.get_response(request)


def record_denial(request: HttpRequest, account: Account | None, asked: str) -> None:
    """Put on record, after the refused request was rolled back, who asked for what they may not have."""
    if account is not None:
        with scope.for_account(account):
            address = request.META.get("REMOTE_ADDR") or None
            services.access_record(
                "denied", by=account, area=account.area, subject=asked, page=request.path, ip=address
            )


def unavailable(request: HttpRequest, problem: Problem) -> HttpResponse:
    """503 in both languages, with nothing that would need the database to show."""
    if request.path.startswith("/api/"):
        return JsonResponse({"problems": [problem.in_both()]}, status=503)
    text = f"{problem.to('zh')}\n\n{problem.to('en')}\n\n({problem.code})\n"
    return HttpResponse(text, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "30"})
