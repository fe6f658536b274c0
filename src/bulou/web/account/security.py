"""How one's own account is guarded: password, second factors, where it is signed in."""

import time
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from bulou.directory import factors, selectors, services
from bulou.directory.models import Account
from bulou.directory.session_store import OWES, PROVEN
from bulou.kernel.errors import BulouError
from bulou.web.access import Request, own_page, recent_authentication
from bulou.web.account import passkeys
from bulou.web.account.devices import device_words
from bulou.web.account.signing_in import owes_anew, rests

SECRET = "factor-secret"  # noqa: S105  (where in the session a new key waits for its first code)


@own_page
def security(request: Request) -> HttpResponse:
    """The factors of the account, its sessions, its password."""
    language = get_language() or "zh"
    found = factors.factors_of(request.user)
    context = {
        "factors": [one for one in found if one.type != "recovery_codes"],
        "codes_left": next((factors.codes_left(one) for one in found if one.type == "recovery_codes"), None),
        "sessions": [
            {
                "row": row,
                "device": device_words(row.device, language) or gettext("Unknown device"),
                "here": row.key == request.session.session_key,
            }
            for row in selectors.sessions_of(request.user)
        ],
        "must": request.session.get(OWES, []),
        "required": settings.MFA_REQUIRED,
        "profile": settings.SECURITY_PROFILE,
        "days": settings.PASSWORD_DAYS,
    }
    return render(request, "account/security.html", context)


@sensitive_post_parameters()
@own_page
def password(request: Request) -> HttpResponse:
    """A new password of one's own; the other sessions end."""
    if request.method != "POST":
        return _password_page(request)
    given = {name: request.POST.get(name, "") for name in ("now", "password", "again")}
    if not _is_own(request, given["now"]):
        return _password_page(request, now=gettext("This is not the present password."))
    if given["password"] != given["again"]:
        return _password_page(request, again=gettext("The two are not the same."))
    try:
        services.password_set(request.user, given["password"], keep=request.session.session_key)
    except BulouError as error:
        return _password_page(request, password=error.problems[0].text.to(get_language() or "zh"))
    stay_signed_in(request, request.user)
    messages.success(request, gettext("The password is changed; everywhere else the account is signed out."))
    return HttpResponseRedirect(reverse("security"))


@own_page
@recent_authentication
def app(request: Request) -> HttpResponse:
    """Add an authenticator app: a picture to scan, the key as text, and a first code as the proof."""
    secret = request.session.get(SECRET)
    if not secret:
        secret = request.session[SECRET] = factors.new_secret()
    problem = ""
    if request.method == "POST":
        try:
            codes = factors.app_enrol(request.user, secret, request.POST.get("code", ""))
        except BulouError as error:
            problem = error.problems[0].text.to(get_language() or "zh")
        else:
            del request.session[SECRET]
            return _added(request, codes, gettext("The authenticator app is added."))
    address = factors.enrolment_address(request.user, secret)
    picture = segno.make(address, error="m").svg_inline(scale=5, border=3, dark="#000", light="#fff", omitsize=True)
    context = {
        "picture": mark_safe(picture),  # noqa: S308  (made here, of numbers only)
        "address": address,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "problem": problem,
    }
    return render(request, "account/app.html", context, status=422 if problem else 200)


@own_page
@recent_authentication
def passkey(request: Request) -> HttpResponse:
    """Add a security key or a passkey, under a name one knows it by."""
    problem, name = "", request.POST.get("name", "").strip()
    if request.method == "POST":
        try:
            codes = passkeys.enrol(request, request.user, name, request.POST.get("credential", ""))
            return _added(request, codes, gettext("The key is added."))
        except BulouError as error:
            problem = error.problems[0].text.to(get_language() or "zh")
    context = {"invitation": passkeys.invitation(request, request.user), "problem": problem, "name": name}
    return render(request, "account/passkey.html", context, status=422 if problem else 200)


@require_POST
@own_page
@recent_authentication
def recovery_codes(request: Request) -> HttpResponse:
    """Ten new recovery codes, shown this once."""
    try:
        codes = factors.recovery_codes_renew(request.user)
    except BulouError as error:
        messages.error(request, error.problems[0].text.to(get_language() or "zh"))
        return HttpResponseRedirect(reverse("security"))
    return _codes(request, codes)


@require_POST
@own_page
@recent_authentication
def drop_factor(request: Request, id: int) -> HttpResponse:
    """Take one factor off."""
    if not factors.factor_drop(request.user, id):
        raise Http404
    owes_anew(request, request.user)
    messages.success(request, gettext("Taken off; it no longer opens this account."))
    return HttpResponseRedirect(reverse("security"))


@require_POST
@own_page
def end_session(request: Request, ref: UUID) -> HttpResponse:
    """End one of one's own sessions. 404 for any other."""
    if not services.session_end(request.user, ref):
        raise Http404
    messages.success(request, gettext("Signed out there."))
    return HttpResponseRedirect(reverse("security"))


@require_POST
@own_page
def end_others(request: Request) -> HttpResponse:
    """End every session of one's own but this one."""
    count = services.sessions_end(request.user, keep=request.session.session_key)
    messages.success(request, gettext("Signed out at %(n)d other places.") % {"n": count})
    return HttpResponseRedirect(reverse("security"))


@sensitive_post_parameters()
@own_page
def confirm(request: Request) -> HttpResponse:
    """Show anew who one is, and go on to where one was."""
    onward = request.POST.get("next") or request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure()):
        onward = reverse("security")
    problem, status = "", 200
    if request.method == "POST":
        if _is_own(request, request.POST.get("password", "")):
            request.session[PROVEN] = time.time()
            return HttpResponseRedirect(onward)
        problem, status = gettext("This is not the present password."), 422
        if getattr(request, "axes_locked_out", False):
            problem, status = rests(request, request.user.username), 429
    return render(request, "account/confirm.html", {"next": onward, "problem": problem}, status=status)


def stay_signed_in(request: HttpRequest, account: Account) -> None:
    """This session goes on under the new password, and owes what is still owed."""
    update_session_auth_hash(request, account)
    request.session[PROVEN] = time.time()
    owes_anew(request, account)


def _is_own(request: Request, password: str) -> bool:
    """True for the account's own password; failures count towards its rest, as at sign-in."""
    return authenticate(request, username=request.user.username, password=password) == request.user


def _password_page(request: Request, **errors: str) -> HttpResponse:
    if getattr(request, "axes_locked_out", False):
        errors = {"now": rests(request, request.user.username)}
    context: dict[str, Any] = {
        "errors": errors,
        "must": "password" in request.session.get(OWES, []),
        "temporary": request.user.password_temporary,
        "strict": settings.SECURITY_PROFILE == "mlps3",
    }
    return render(request, "account/password.html", context, status=422 if errors else 200)


def _added(request: Request, codes: list[str], said: str) -> HttpResponse:
    """On after a factor was added: the recovery codes where they are new, else the page of factors."""
    owes_anew(request, request.user)
    if codes:
        return _codes(request, codes, said)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("security"))


def _codes(request: Request, codes: list[str], said: str = "") -> HttpResponse:
    return render(request, "account/codes.html", {"codes": [f"{one[:4]} {one[4:]}" for one in codes], "said": said})
