"""Refusals: every error of this door is a list of problems, in both languages, with a remedy where there is one."""

import logging
import traceback
from collections.abc import Mapping
from typing import Any

from django.db import DatabaseError, DataError, IntegrityError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as BadParameters

from bulou.api.language import language_of
from bulou.api.rendering import dump
from bulou.api.schemas import Failure, ProblemOut
from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.text import Text

LONGEST = 300
"""Characters of a message: what a sender got wrong is quoted, but not at any length."""
log = logging.getLogger(__name__)


class RefusedError(Exception):
    """A request that is answered with a status and problems; nothing of it is stored."""

    def __init__(self, status: int, *problems: Problem, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.problems, self.headers = status, problems, headers or {}
        super().__init__(status, *(problem.code for problem in problems))


def problem(code: str, zh: str, en: str, *, remedy: Text | None = None, where: str = "", field: str = "") -> Problem:
    return Problem(code, Text(zh=zh, en=en), remedy, where, field)


def shown(found: Problem) -> Text:
    """A problem's wording with its remedy, cut where it quotes a sender at length."""
    remedy = found.remedy or Text(zh="", en="")
    return Text(zh=_cut(found.text.zh + remedy.zh), en=_cut(f"{found.text.en} {remedy.en}".strip()))


def failure(request: HttpRequest, status: int, *problems: Problem) -> HttpResponse:
    """The answer to a request that is refused."""
    spoken = language_of(request)
    body = Failure(problems=[_out(found, spoken) for found in problems])
    return HttpResponse(dump(body.model_dump()), status=status, content_type="application/json; charset=utf-8")


def _out(found: Problem, spoken: str) -> ProblemOut:
    text = shown(found)
    return ProblemOut(
        code=found.code, message=text.to(spoken), zh=text.zh, en=text.en, where=_cut(found.where), field=found.field
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


SIGN_IN = problem(
    "access.unknown",
    "没有登录，或令牌无效、过期、已作废。",
    "Not signed in, or the token is unknown, expired or revoked.",
    remedy=Text(
        zh="请在 Authorization 中写 Bearer 和有效令牌，或先登录。",
        en="Send `Authorization: Bearer` with a valid token, or sign in first.",
    ),
)
NOT_FOUND = problem(
    "request.not_found",
    "没有这一项，或不在您的属地范围内。",
    "There is no such thing, or it lies outside your area.",
)
CSRF = problem(
    "access.csrf",
    "缺少 CSRF 校验。",
    "The CSRF check failed.",
    remedy=Text(zh="请带上 X-CSRFToken，或改用令牌。", en="Send X-CSRFToken, or use a token."),
)
METHOD = problem(
    "request.method",
    "此地址不支持这种方法。",
    "This address does not take that method.",
    remedy=Text(zh="可用的见 Allow。", en="Allow names those it takes."),
)
INTERNAL = problem(
    "internal",
    "系统内部出错，本次没有存入。",
    "Something failed here; nothing of this was stored.",
    remedy=Text(
        zh="请重试；仍不行请把时间告诉管理员。", en="Try again; if it fails again, tell the administrator when."
    ),
)


def outside(code: str) -> RefusedError:
    """An area that is not the account's to see."""
    return RefusedError(
        403,
        problem("access.outside", f"{code} 不在您的辖区内。", f"{code} lies outside your area.", field="area"),
    )


def install(api: NinjaAPI) -> None:
    """Make the door answer every kind of error in its own form."""
    handlers: dict[type[Exception], Any] = {
        RefusedError: _refused,
        AuthenticationError: lambda request, _: unknown(request),
        Http404: lambda request, _: failure(request, 404, NOT_FOUND),
        HttpError: _http,
        BadParameters: _parameters,
        BulouError: _bulou,
        Exception: _internal,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
    response = failure(request, error.status, *error.problems)
    for name, value in error.headers.items():
        response[name] = value
    return response


def unknown(request: HttpRequest) -> HttpResponse:
    """401: nobody we know."""
    response = failure(request, 401, SIGN_IN)
    response["WWW-Authenticate"] = "Bearer"
    return response


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    said = problem("request.refused", f"请求被拒绝：{error}", f"Refused: {error}")
    return failure(request, error.status_code, said)


def _parameters(request: HttpRequest, error: BadParameters) -> HttpResponse:
    """Every parameter that cannot be read, by name."""
    return failure(request, 422, *map(_parameter, error.errors))


def _parameter(found: Mapping[str, Any]) -> Problem:
    name = str(found["loc"][-1])
    said = str(found["msg"])
    return problem("request.parameter", f"参数 {name} 不合要求（{said}）。", f"{name}: {said}.", field=name)


def _bulou(request: HttpRequest, error: BulouError) -> HttpResponse:
    outside_scope = any(found.code.startswith("scope.") for found in error.problems)
    return failure(request, 403 if outside_scope else 500, *error.problems)


def _internal(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours. Its message may quote what was sent, so only its kind and place are logged.

    What the database's own state causes is told by the frame around every request.
    """
    if isinstance(error, DatabaseError | InterfaceError) and not isinstance(error, DataError | IntegrityError):
        raise error
    log.error("%s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
    return failure(request, 500, INTERNAL)
