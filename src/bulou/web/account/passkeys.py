"""Security keys and passkeys (WebAuthn) as a second factor: the library's arithmetic behind our own pages."""

import json
from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from bulou.directory import factors
from bulou.directory.models import Account
from bulou.kernel.errors import BulouError

LONGEST = 60


def challenge(request: HttpRequest, account: Account) -> dict[str, Any] | None:
    """What the browser is to have signed by a key of the account; None where it has none."""
    if not Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN).exists():
        return None
    with context.request_context(request):
        return _plain(auth.begin_authentication(account))


def is_shown(request: HttpRequest, account: Account, credential: str) -> bool:
    """True where the browser's answer to the last challenge is signed by a key of the account."""
    try:
        with context.request_context(request):
            answer = json.loads(credential)
            auth.parse_authentication_response(answer)
            auth.complete_authentication(account, answer).record_usage()
    except (ValidationError, ValueError, KeyError, TypeError):
        return False
    return True


def invitation(request: HttpRequest, account: Account) -> dict[str, Any]:
    """What the browser is to make a new key for."""
    with context.request_context(request):
        return _plain(auth.begin_registration(account, False))


@transaction.atomic
def enrol(request: HttpRequest, account: Account, name: str, credential: str) -> list[str]:
    """Take a key on. Gives new recovery codes, [] where there were some. BulouError where it is no good."""
    try:
        with context.request_context(request):
            answer = json.loads(credential)
            auth.parse_registration_response(answer)
            auth.complete_registration(answer)
            auth.WebAuthn.add(account, name.strip()[:LONGEST] or "1", answer)
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise BulouError.of(
            "factor.key",
            "没有收到有效的安全密钥，没有添加。请重试，并在浏览器询问时触碰密钥或用指纹、面容、屏幕锁确认。",
            "No valid key was received; none was added. Try again: touch the key, or confirm with finger or PIN.",
        ) from error
    return factors.recovery_codes_ensure(account)


def _plain(options: Any) -> dict[str, Any]:
    """Options of the library as JSON can say them."""
    found: dict[str, Any] = json.loads(json.dumps(options, default=dict))
    return found
