"""Exports: a list as a file, for a purpose, on record; a second person where many are in it; who took what."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bulou.directory import selectors as directory
from bulou.exchange.exports import files, policy, selectors, services
from bulou.exchange.exports.models import Export
from bulou.exchange.exports.selectors import ExportRow
from bulou.exchange.exports.sources import sources
from bulou.exchange.exports.writing import MEDIA_TYPES
from bulou.exchange.jobs import selectors as jobs
from bulou.kernel.errors import BulouError
from bulou.web import words
from bulou.web.access import Request, area_asked, page, recent_authentication

FORMATS = {"xlsx": _("Excel (.xlsx)"), "csv": _("CSV, for other programs"), "json": _("JSON, for programs")}
PURPOSES = {
    "report": _("A report to a higher level"),
    "tracing": _("Contact tracing"),
    "visits": _("Visits and calls by people without the system"),
    "check": _("Checking the register against another"),
}


@page
@recent_authentication
def new(request: Request) -> HttpResponse:
    """What a list would be as a file, and what is still to be said. 404 for no such list, 403 on foot or outside."""
    check(request)
    return _form(request, request.GET.get("list", ""), request.GET.get("query", ""), {})


@require_POST
@page
@recent_authentication
def ask(request: Request) -> HttpResponse:
    """Ask for the file: on to its job, or to wait for a second person. 422 with the form where something is missing."""
    check(request)
    name, query = request.POST.get("list", ""), request.POST.get("query", "")
    purpose = request.POST.get("purpose", "")
    said = str(PURPOSES[purpose]) if purpose in PURPOSES else ""
    if name not in sources():
        raise Http404
    try:
        made = services.ask(
            name,
            query,
            request.POST.get("format", ""),
            account=request.user,
            area=_area(request, query),
            purpose=" · ".join(filter(None, (said, request.POST.get("detail", "").strip()))) if said else "",
            full=request.POST.get("full") == "1",
            ip=_address(request),
        )
    except BulouError as error:
        return _form(request, name, query, request.POST.dict(), error)
    return HttpResponseRedirect(reverse("export", args=[made.id]))


@page
def export(request: Request, id: UUID) -> HttpResponse:
    """One export: how far it is, its file, who fetched it. For whoever asked, may decide on it, or audits; else 404."""
    check(request)
    row = selectors.export(id)
    if row is None or not _may_see(request, row):
        raise Http404
    mine = row.account == request.user.pk
    job = jobs.job(row.job, request.user.pk) if row.job and mine else None
    context = _one(row) | {
        "mine": mine,
        "job": job,
        "sign": words.JOBS[job.state] if job else None,
        "may_decide": row.state == selectors.WAITING
        and policy.may_decide(request.user, asked_by=row.account, area=row.area),
        "most": policy.most_people(),
    }
    return render(request, "desk/export.html", context)


@require_POST
@page
@recent_authentication
def decide(request: Request, id: UUID) -> HttpResponse:
    """A second person's word. 403 for the one who asked, and for those of another area."""
    check(request)
    found = Export.objects.filter(id=id).first()
    if found is None:
        raise Http404
    approve = request.POST.get("approve") == "1"
    try:
        done = services.decide(found, by=request.user, approve=approve, note=request.POST.get("note", ""))
    except BulouError as error:
        raise PermissionDenied(error.to("en")) from error
    if not done:
        messages.error(request, gettext("Somebody else has decided already; nothing was changed."))
    else:
        messages.success(request, gettext("Agreed: the file is being made.") if approve else gettext("Refused."))
    return HttpResponseRedirect(reverse("export", args=[id]))


@page
def download(request: Request, id: UUID) -> HttpResponse:
    """The file of one's own export, recorded. 404 for another's, 410 where it has expired."""
    check(request)
    try:
        path, name = services.fetch(id, by=request.user, ip=_address(request))
    except BulouError as error:
        if error.problems[0].code == "export.expired":
            messages.error(request, error.to(get_language() or "zh"))
            return render(request, "desk/expired.html", {"id": id}, status=410)
        raise Http404 from error
    kind = MEDIA_TYPES[path.suffix[1:]]
    answer: Any = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=kind)
    return cast(HttpResponse, answer)


def _form(
    request: Request, name: str, query: str, entered: dict[str, Any], error: BulouError | None = None
) -> HttpResponse:
    if name not in sources():
        raise Http404
    source, area = sources()[name], _area(request, query)
    if not source.is_open_to(request.user):
        raise PermissionDenied
    most = policy.most_people()
    people = source.people(query, area, request.user, most + 1)
    problems = {one.field: one.to(get_language() or "zh") for one in error.problems} if error else {}
    context = {
        "list": name,
        "query": query,
        "title": source.title,
        "back": source.address(query, area),
        "area_name": directory.area_names([area]).get(area, area),
        "filters": source.filters(query, area),
        "people": min(people, most),
        "many": people > most,
        "most": most,
        "formats": FORMATS,
        "purposes": PURPOSES,
        "may_unmask": policy.may_unmask(request.user),
        "hours": round(files.lifetime().total_seconds() / 3600),
        "entered": {"format": "xlsx"} | entered,
        "problem": problems,
    }
    return render(request, "desk/export_new.html", context, status=422 if error else 200)


def _area(request: Request, query: str) -> str:
    return area_asked(request, QueryDict(query[:2000]).get("area"))


def _address(request: Request) -> str | None:
    return request.META.get("REMOTE_ADDR") or None


def check(request: Request) -> None:
    """PermissionDenied for those who take no lists out."""
    if not policy.may_export(request.user):
        raise PermissionDenied


def _may_see(request: Request, row: ExportRow) -> bool:
    return (
        row.account == request.user.pk
        or policy.may_audit(request.user)
        or policy.may_decide(request.user, asked_by=row.account, area=row.area)
    )


def _one(row: ExportRow) -> dict[str, Any]:
    """An export in words. One query, for the name of its area."""
    return _words(row, directory.area_names({row.area}).get(row.area, row.area))


def _words(row: ExportRow, area_name: str) -> dict[str, Any]:
    known = sources()
    source = known.get(row.list)
    return {
        "row": row,
        "title": source.title if source else row.list,
        "back": source.address(row.query, row.area) if source else "",
        "area_name": area_name,
        "state": words.EXPORTS[row.state],
        "format": FORMATS.get(row.format, row.format),
    }
