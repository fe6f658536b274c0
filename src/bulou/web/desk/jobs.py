"""Jobs: what one has asked of the machine, how far it is, and what came of it. The pages keep themselves up to date."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from bulou.exchange.jobs import selectors, services
from bulou.exchange.jobs.selectors import JobRow
from bulou.web import words
from bulou.web.access import Request, page

SHOWN = 100


@page
def jobs(request: Request) -> HttpResponse:
    """One's own jobs, the latest first."""
    found = selectors.jobs(request.user.pk, limit=SHOWN)
    context = {"jobs": [_shown(one) for one in found], "moving": any(not one.is_over for one in found)}
    return render(request, "desk/jobs_rows.html" if request.htmx.target == "jobs" else "desk/jobs.html", context)


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
