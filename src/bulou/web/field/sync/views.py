"""The doors of the phone: take an upload, give the list. Neither is ever kept by a browser's cache."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext, override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_POST

from bulou.kernel import clock
from bulou.web.access import Request, page
from bulou.web.field.sync import intake, offer, pace
from bulou.web.field.sync.entries import read_upload
from bulou.web.looking import look_at_list


@require_GET
@page
@gzip_page
def list_(request: Request) -> HttpResponse:
    """Today's list of the account's unit for one phone, with a ticket in its name."""
    try:
        device = UUID(request.GET.get("device", ""))
    except ValueError:
        return JsonResponse({"why": gettext("The phone did not say which it is. Reload the page.")}, status=400)
    look_at_list(request, "carried", request.user.area, is_own=True)
    plain = {"ensure_ascii": False}
    return JsonResponse(offer.offer(request.user, device, clock.now()), json_dumps_params=plain)


@csrf_exempt
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take entries. Their tickets say whose they are, not the session: it may have ended, the entries still arrive.

    429 for an address that sends too much; the phone keeps its entries.
    """
    with override("en" if request.GET.get("lang", "").startswith("en") else "zh-hans"):
        if seconds := pace.wait(request):
            why = gettext("Too many uploads from here. Nothing was taken; the entries are still on the phone.")
            return JsonResponse({"why": why}, status=429, headers={"Retry-After": str(seconds)})
        try:
            given = read_upload(request.body)
        except ValueError:
            pace.strike(request, 1)
            why = gettext("This upload cannot be read. Nothing was taken; the entries are still on the phone.")
            return JsonResponse({"why": why}, status=400)
        outcomes = intake.take(given, clock.now())
    pace.strike(request, sum(one.stray for one in outcomes))
    results = [{"id": str(one.id), "result": one.result, "why": one.why} for one in outcomes]
    signed_in = request.user.is_authenticated
    return JsonResponse({"now": clock.now().isoformat(), "signed_in": signed_in, "results": results})
