"""The product's application beside two floors: a bare view of Django's, and the same row with no view around it.

Both read one row by the ORM on a kept connection. `/bare` is answered by Django as it comes: handler, request,
resolver, view and response, no middleware, no transaction. `/row` is answered before any of that.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.test.utils import override_settings

from bulou.config.wsgi import application as product


class BareRequest(WSGIRequest):
    """A request for the address of the bare view, and no other."""

    urlconf = "tests.bench.bare"


class Bare(WSGIHandler):
    """Django without middleware."""

    request_class = BareRequest


with override_settings(MIDDLEWARE=[]):
    bare = Bare()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/bare":
        return bare(environ, start_response)
    if environ["PATH_INFO"] != "/row":
        return product(environ, start_response)
    from tests.bench.bare import row

    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [row().encode()]
