"""One's own account, the language of the pages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.directory.roles import ROLES
from bulou.web.access import Request, page
from bulou.web.frame import unit_title

LANGUAGES = dict(settings.LANGUAGES)


@page
def account(request: Request) -> HttpResponse:
    """One's own account: unit, role, area, language."""
    unit = request.user.unit
    area_name = directory.area_names([request.user.area]).get(request.user.area, request.user.area)
    context = {"unit_name": unit_title(unit), "role": ROLES[request.user.role].title, "area_name": area_name}
    return render(request, "account/account.html", context)


@require_POST
@page
def comfort(request: Request) -> HttpResponse:
    """Large type and high contrast, kept with the account: on every device one signs in at."""
    wanted = {name: request.POST.get(name) == "1" for name in ("high_contrast", "large_text")}
    Account.objects.filter(pk=request.user.pk).update(**wanted)
    return HttpResponseRedirect(reverse("account"))


@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Switch between Chinese and English: kept with the account, and in a cookie for the sign-in page."""
    chosen = request.POST.get("language", "")
    onward = request.POST.get("next", "/")
    here = url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure())
    response = HttpResponseRedirect(onward if here else "/")
    if chosen in LANGUAGES:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 24 * 3600, samesite="Lax")
        if isinstance(request.user, Account):
            Account.objects.filter(pk=request.user.pk).update(language=chosen)
    return response
