"""Signing in: a name and a password, then the second factor where the account has one, then what it still owes."""

import time
from datetime import timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bulou.directory import factors, services
from bulou.directory.models import Account
from bulou.directory.session_store import FROM, OWES, PROVEN
from bulou.web import words
from bulou.web.account import passkeys

BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING = "pending"
PATIENCE = 600
"""Seconds between the password and the second factor."""


class SignInForm(AuthenticationForm):
    """A name and a password; one sentence for every refusal, so that nobody learns which accounts exist."""

    error_messages = {
        "invalid_login": _("Account and password do not match. Check both; capitals count in the password."),
        "inactive": _("Account and password do not match. Check both; capitals count in the password."),
    }

    def confirm_login_allowed(self, user: Any) -> None:
        """As always, and: a password for once that was not used in time opens nothing."""
        super().confirm_login_allowed(user)
        if services.password_is_over(user):
            raise ValidationError(
                gettext("This one-time password has expired. Ask your administrator for a new one."), code="over"
            )


class SignIn(LoginView):
    """The first page. After too many failures the account rests on this address for a while, and the page says so."""

    template_name = "account/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        account: Any = form.get_user()
        if not factors.has_factor(account):
            enter(self.request, account)
            return HttpResponseRedirect(self.get_success_url())
        self.request.session[PENDING] = {"account": str(account.pk), "at": time.time(), "next": self.get_success_url()}
        return HttpResponseRedirect(reverse("sign-in-code"))

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if not getattr(self.request, "axes_locked_out", False):
            return self.render_to_response(self.get_context_data(form=form), status=200)
        form.errors.clear()
        locked = rests(self.request, form.data.get("username", ""))
        return self.render_to_response(self.get_context_data(form=form, locked=locked), status=429)


class SignOut(LogoutView):
    next_page = "sign-in"


def code(request: HttpRequest) -> HttpResponse:
    """The second step: a code of the app, a recovery code, or a security key. Without a first step, back to it."""
    pending = request.session.get(PENDING)
    account = _pending(pending)
    if account is None or pending is None:
        request.session.pop(PENDING, None)
        return HttpResponseRedirect(reverse("sign-in"))
    if request.method != "POST":
        return _asked(request, account)
    if not AxesProxyHandler.is_allowed(request, {"username": account.username}):
        return _asked(request, account, locked=rests(request, account.username), status=429)
    if _is_shown(request, account):
        enter(request, account)
        return HttpResponseRedirect(pending["next"])
    user_login_failed.send(sender=__name__, credentials={"username": account.username}, request=request)
    if getattr(request, "axes_locked_out", False):
        return _asked(request, account, locked=rests(request, account.username), status=429)
    wrong = gettext("The code does not fit or was used already. Wait for the app's next one, or use a recovery code.")
    return _asked(request, account, error=wrong, status=422)


def enter(request: HttpRequest, account: Account) -> None:
    """A session of the account in this browser, with what it was opened from and what is still owed."""
    login(request, account, backend=BACKEND)
    request.session.pop(PENDING, None)
    device = request.headers.get("User-Agent", "")
    request.session[FROM] = {"ip": request.META.get("REMOTE_ADDR") or None, "device": device}
    request.session[PROVEN] = time.time()
    owes_anew(request, account)


def owes_anew(request: HttpRequest, account: Account) -> None:
    """Write into the session what the account must still do before anything else: nothing, most of the time."""
    owed = ["password"] if services.password_must_change(account) else []
    owed += ["factor"] if settings.MFA_REQUIRED and not factors.has_factor(account) else []
    if owed:
        request.session[OWES] = owed
    else:
        request.session.pop(OWES, None)


def rests(request: HttpRequest, username: str) -> str:
    """Until when an account rests after too many failures; the middleware's own answer is set aside."""
    request.axes_locked_out = False  # type: ignore[attr-defined]
    address = request.META.get("REMOTE_ADDR")
    tried = AccessAttempt.objects.filter(username=username, ip_address=address).order_by("-attempt_time")
    last = tried.values_list("attempt_time", flat=True).first() or timezone.now()
    cooling: timedelta = get_cool_off(request) or timedelta()
    wording = gettext(
        "Too many failed attempts. Signing in to this account rests until %(time)s;"
        " tell your administrator if it was not you."
    )
    return wording % {"time": words.clock_time(last + cooling, timezone.now())}


def _pending(pending: Any) -> Account | None:
    if not pending or time.time() - pending["at"] > PATIENCE:
        return None
    return Account.objects.filter(pk=pending["account"], is_active=True).first()


def _is_shown(request: HttpRequest, account: Account) -> bool:
    credential = request.POST.get("credential", "")
    if credential:
        return passkeys.is_shown(request, account, credential)
    return factors.code_use(account, request.POST.get("code", ""))


def _asked(request: HttpRequest, account: Account, status: int = 200, **more: str) -> HttpResponse:
    """The page that asks for the second factor, with the challenge for a key where the account has one."""
    context = {"username": account.username, "challenge": passkeys.challenge(request, account), **more}
    return render(request, "account/code.html", context, status=status)
