"""Jobs: what one has asked of the machine, how far it is, and what came of it. The pages keep themselves up to date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bulou.directory.models import Account
from bulou.exchange.jobs import selectors, services
from bulou.exchange.jobs.registry import TASKS
from bulou.exchange.jobs.selectors import JobRow
from bulou.web import words
from bulou.web.access import Request, page
from bulou.web.lists import views
from bulou.web.lists.asked import Asked
from bulou.web.lists.plain import id_text, local
from bulou.web.lists.spec import Column, Filter, List, Page, register

CELL = "lists/cells/job_{}.html".format


@dataclass(frozen=True, slots=True)
class Line:
    """One job in words."""

    job: JobRow
    name: str
    sign: words.Sign


def _read(asked: Asked, account: Account, after: str, limit: int) -> Page:
    found = selectors.jobs(
        account.pk,
        state=asked.values["state"],
        task=asked.values["task"],
        oldest=asked.sort == "queued",
        after=id_text(after),
        limit=limit + 1,
    )
    return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


def _lines(found: Sequence[JobRow]) -> list[Line]:
    return [Line(one, words.say(one.title), words.JOBS[one.state]) for one in found]


def _ended(one: Line) -> datetime | None:
    return local(one.job.ended)


JOBS = register(
    List(
        name="jobs",
        title=_("Jobs"),
        columns=(
            Column("what", _("What"), CELL("what"), lambda one: one.name, sort=True, fixed=True, css="lead"),
            Column("state", _("State"), CELL("state"), lambda one: str(one.sign.word), sort=True),
            Column("progress", _("Progress"), CELL("progress"), css="nowrap"),
            Column("queued", _("Asked for"), CELL("queued"), lambda one: local(one.job.queued), css="nowrap"),
            Column(
                "ended",
                _("Ended"),
                CELL("ended"),
                lambda one: local(one.job.ended),
                sort=True,
                css="nowrap",
                shown=False,
            ),
        ),
        read=_read,
        shown=_lines,
        key=lambda one: str(one.job.id),
        filters=(
            Filter(
                "task", _("What"), "choice", lambda: [(one.name, words.say(one.title), "") for one in TASKS.values()]
            ),
            Filter(
                "state",
                _("State"),
                "choice",
                lambda: [(name, sign.word, sign.icon) for name, sign in words.JOBS.items()],
                chips=True,
            ),
        ),
        native=("-queued", "queued"),
        empty=_("No jobs yet"),
        empty_help=_("What takes longer than a page, such as an import or an export, is listed here."),
    )
)


@page
def jobs(request: Request) -> HttpResponse:
    """One's own jobs, the latest first. While one of them runs, the rows ask for themselves anew."""
    asked = views.read(request, JOBS)
    found, _is_long = asked.page(request.user)
    about = gettext("Imports, exports and other long work of yours. It goes on when you close the page.")
    more = {"moving": any(not one.job.is_over for one in found.rows), "here": asked.address(after=asked.after)}
    rows_only = request.htmx.target == "jobs"
    template = "desk/jobs_rows.html" if rows_only else "desk/jobs.html"
    return views.show(request, asked, template, found=found, about=about, **more)


@page
def job(request: Request, id: UUID) -> HttpResponse:
    """One job. 404 for another account's."""
    found = selectors.job(id, request.user.pk)
    if found is None:
        raise Http404
    live = request.htmx.target == "job-live"
    return render(request, "desk/job_live.html" if live else "desk/job.html", _shown(found) | {"live": live})


@require_POST
@page
def cancel(request: Request, id: UUID) -> HttpResponse:
    """Ask a job to stop. 404 for another account's."""
    if not services.cancel(id, by=request.user):
        raise Http404
    messages.success(request, gettext("Asked to stop. What is done and kept stays; nothing is half done."))
    return HttpResponseRedirect(reverse("job", args=[id]))


def _shown(job: JobRow) -> dict[str, Any]:
    """A job with its sign and where its outcome leads."""
    return {"job": job, "sign": words.JOBS[job.state], "onward": _onward(job)}


def _onward(job: JobRow) -> str:
    try:
        return reverse(job.page, args=[job.key] if job.key else []) if job.page else ""
    except NoReverseMatch:
        return ""
