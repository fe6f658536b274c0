"""Second factors: an authenticator app (TOTP, RFC 6238), security keys and recovery codes, kept by django-allauth.

The secrets are sealed like numbers of people. A code is used once: the step it belongs to is kept with the factor, so
a code that was seen over a shoulder is worth nothing to a second process either.
"""

from uuid import NAMESPACE_URL, uuid5

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from bulou.directory.crypto import vault
from bulou.directory.models import Account
from bulou.kernel.errors import BulouError

ISSUER = "Bulou 不漏"
_ROW = uuid5(NAMESPACE_URL, "bulou:second-factors")
_COLUMN = "factor"
STEP = "step"
"""Where in a factor's data stands the last step of time a code was used of."""


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """How the library seals its secrets and what it calls people and the house."""

    def encrypt(self, text: str) -> str:
        """Sealed, as hexadecimal digits."""
        return vault().seal(text, _ROW, _COLUMN).hex()

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` sealed."""
        return vault().unseal(bytes.fromhex(encrypted_text), _ROW, _COLUMN)

    def get_totp_issuer(self) -> str:
        return ISSUER

    def _get_site_name(self) -> str:
        return ISSUER

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        return user.get_username()


def factors_of(account: Account) -> list[Authenticator]:
    """Every factor of an account, recovery codes last. One query."""
    found = Authenticator.objects.filter(user=account).order_by("created_at", "id")
    return sorted(found, key=lambda one: one.type == Authenticator.Type.RECOVERY_CODES)


def has_factor(account: Account) -> bool:
    """True where a second factor is asked for at sign-in."""
    found = Authenticator.objects.filter(user=account).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return bool(found.exists())


def new_secret() -> str:
    """A new key for an authenticator app: 160 bits in Base32."""
    return str(generate_totp_secret())


def enrolment_address(account: Account, secret: str) -> str:
    """The `otpauth:` address an authenticator app reads from the picture."""
    return str(Adapter().build_totp_url(account, secret))


@transaction.atomic
def app_enrol(account: Account, secret: str, code: str) -> list[str]:
    """Ask for this app's codes from now on. Gives new recovery codes, [] where there were some already.

    BulouError where the code is not the app's now: nobody locks themselves out with a mistyped key.
    """
    step = _step_of(secret, code)
    if step is None:
        raise BulouError.of(
            "factor.code",
            "验证码不对，没有启用。请核对手机时间，输入应用里此刻显示的六位数字。",
            "The code does not fit; nothing was switched on. Check the phone's clock; enter the six digits it shows.",
            field="code",
        )
    Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).delete()
    made = TOTP.activate(account, secret).instance
    made.data[STEP] = step
    made.save(update_fields=["data"])
    return recovery_codes_ensure(account)


@transaction.atomic
def code_use(account: Account, code: str) -> bool:
    """True where the code is the app's now and was not used, or an unused recovery code; it is used up by that."""
    found = {one.type: one for one in Authenticator.objects.select_for_update().filter(user=account)}
    app, codes = found.get(Authenticator.Type.TOTP), found.get(Authenticator.Type.RECOVERY_CODES)
    step = _step_of(decrypt(app.data["secret"]), code) if app else None
    if app and step is not None and step > app.data.get(STEP, -1):
        app.data[STEP] = step
        app.save(update_fields=["data"])
        app.record_usage()
        return True
    if codes and RecoveryCodes(codes).validate_code(code):
        codes.refresh_from_db()
        codes.record_usage()
        return True
    return False


def recovery_codes_ensure(account: Account) -> list[str]:
    """New recovery codes where the account has none; [] where it has some."""
    if Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).exists():
        return []
    return list(RecoveryCodes.activate(account).generate_codes())


@transaction.atomic
def recovery_codes_renew(account: Account) -> list[str]:
    """Ten new recovery codes; the old ones end. BulouError where there is no factor they would stand in for."""
    if not has_factor(account):
        raise BulouError.of(
            "factor.none",
            "还没有第二重验证，恢复码没有用处。请先添加验证应用或安全密钥。",
            "There is no second factor for recovery codes to stand in for. Add an app or a key first.",
        )
    Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).delete()
    return recovery_codes_ensure(account)


def codes_left(codes: Authenticator) -> int:
    """How many recovery codes are unused."""
    return len(RecoveryCodes(codes).get_unused_codes())


@transaction.atomic
def factor_drop(account: Account, id: int) -> bool:
    """Take one factor off; with the last one the recovery codes go too. False where the account has no such factor."""
    gone, _ = Authenticator.objects.filter(user=account, pk=id).delete()
    if not has_factor(account):
        factors_reset(account)
    return bool(gone)


def factors_reset(account: Account) -> int:
    """Take every factor off: for somebody whose phone is gone. How many there were."""
    gone, _ = Authenticator.objects.filter(user=account).delete()
    return int(gone)


def _step_of(secret: str, code: str) -> int | None:
    """The step of time a code belongs to, within one step of now; None where it fits none."""
    fitting = (
        s
        for s in yield_hotp_counters_from_time()
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, s)))
    )
    return max(fitting, default=None)
