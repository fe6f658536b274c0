"""What a link says that opens no page: it is none, has ended, was used too often, or who it was about is erased."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bulou.operations.support import answering

STATUS = {"none": 404, "ended": 410, "too_many": 429, "erased": 410}


def closed(request: HttpRequest, state: str) -> HttpResponse:
    """Why there is no page."""
    return render(request, "resident/closed.html", {"state": state}, status=STATUS[state])


def gone(request: HttpRequest, person: UUID) -> HttpResponse:
    """The link stands and the person is on file no more: they were erased, or were never to be there. One query."""
    return closed(request, "erased" if answering.is_gone(person) else "ended")
