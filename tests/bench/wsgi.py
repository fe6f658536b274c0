"""The product's application with one more address, before any middleware: a view that reads one row by the ORM."""

from collections.abc import Callable, Iterable
from typing import Any

from bulou.config.wsgi import application as product


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"] != "/bare":
        return product(environ, start_response)
    from bulou.directory.models import Area

    name = Area.objects.get(code="12").name
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [name.encode()]
