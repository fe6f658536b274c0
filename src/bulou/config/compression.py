"""Scripts and styles travel compressed: on a village's network that is the difference between a page and a wait."""

import gzip
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_vary_headers

LEVEL = 9
SMALLEST = 512
TEXT = ("text/", "application/javascript", "application/json", "image/svg+xml")


class Compressed:
    """Static text for browsers that take gzip, each file squeezed once and kept in memory (under 2 MB in all)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.squeezed: dict[str, tuple[str, bytes]] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not request.path.startswith(settings.STATIC_URL) or not _fits(response):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if request.method != "GET" or "gzip" not in request.headers.get("Accept-Encoding", ""):
            return response
        if isinstance(response, StreamingHttpResponse):
            self._squeeze(request.path, response)
        return response

    def _squeeze(self, path: str, response: StreamingHttpResponse) -> None:
        changed = response.headers.get("Last-Modified", "")
        known = self.squeezed.get(path)
        if known is None or known[0] != changed:
            known = self.squeezed[path] = changed, gzip.compress(b"".join(response), LEVEL, mtime=0)
        response.streaming_content = [known[1]]
        del response["ETag"]
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(known[1]))


def _fits(response: HttpResponseBase) -> bool:
    """Whole text, not yet compressed, and long enough to be worth it."""
    return (
        response.status_code == 200
        and not response.has_header("Content-Encoding")
        and response.headers.get("Content-Type", "").startswith(TEXT)
        and int(response.headers.get("Content-Length", 0)) >= SMALLEST
    )
