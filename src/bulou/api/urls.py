"""Addresses of this door. What is not one is told as the API tells everything: in JSON, in both languages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path, re_path

from bulou.api.access import signed_in
from bulou.api.door import api
from bulou.api.errors import METHOD, NOT_FOUND, failure
from bulou.api.language import language_of


def spoken(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view, its language named, and a method it does not take refused in the API's own form."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            allowed = response.headers["Allow"]
            response = failure(request, 405, METHOD)
            response["Allow"] = allowed
        response["Content-Language"] = language_of(request)
        return response

    return answer


@signed_in
def nowhere(request: HttpRequest, **_: Any) -> HttpResponseBase:
    """No such address."""
    return failure(request, 404, NOT_FOUND)


operations, application, name = api.urls
for pattern in operations:
    if isinstance(pattern, URLPattern):
        pattern.callback = spoken(pattern.callback)

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include((operations, application), name)),
    re_path(r"^.*$", spoken(nowhere)),
]
