"""A bare one-row ORM view: the address, the view, the row. `wsgi.py` serves it."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from bulou.directory.models import Area


def row() -> str:
    """A name, by the ORM."""
    return Area.objects.get(code="12").name


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse(row(), content_type="text/plain; charset=utf-8")


urlpatterns = [path("bare", view)]
