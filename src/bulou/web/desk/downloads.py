"""A plan to take along: as FHIR for hospitals, a role's recurring duties as a calendar."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from bulou.directory.roles import ROLES
from bulou.kernel import clock
from bulou.kernel.facts import KINDS
from bulou.plan.exchange import calendar, fhir
from bulou.plan.prose import names
from bulou.web.access import Request, page
from bulou.web.desk.reader import plan_or_404


@page
def as_fhir(request: Request, plan: str) -> HttpResponse:
    """The plan as a FHIR bundle, with the numbers in force today."""
    found, day = plan_or_404(plan), timezone.localdate(clock.now())
    return _file(fhir.document(found, names(KINDS, ROLES), day), fhir.MEDIA_TYPE, f"{found.id}.fhir.json")


@page
def as_calendar(request: Request, plan: str) -> HttpResponse:
    """The recurring duties of the role in the address, from today on. 404 for a role that has none."""
    found, role = plan_or_404(plan), request.GET.get("role", "")
    if role not in calendar.recurring_roles(found):
        raise Http404
    day, language = timezone.localdate(clock.now()), get_language() or "zh"
    text = calendar.calendar(found, role, names(KINDS, ROLES), day, language)
    return _file(text, f"{calendar.MEDIA_TYPE}; charset=utf-8", f"{found.id}.{role}.ics")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
