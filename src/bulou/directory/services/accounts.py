"""Accounts through their life: opened with a password for once, changed, closed, their sessions ended."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone, translation

from bulou.directory.factors import factors_reset
from bulou.directory.models import Account, Session, Unit, UnitRole
from bulou.directory.roles import ADMINISTRATORS
from bulou.directory.services.refusals import refusals
from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.text import Text

account_closed = Signal()
"""Sent with `account` where one is closed: whatever else lets it in (tokens of programs) ends with it."""
LETTERS = "abcdefghjkmnpqrstuvwxyz"
DIGITS = "23456789"


def account_create(
    username: str,
    password: str,
    unit: Unit,
    role: str,
    *,
    name: str = "",
    language: str = "zh-hans",
    synthetic: bool = False,
    check_password: bool = True,
    temporary: bool = False,
) -> Account:
    """An account of a unit in one of its roles. BulouError for a weak password, a taken name, a role not the unit's.

    The three administrators' duties stay apart: BulouError where the same name of the unit has another of them.
    """
    if not UnitRole.objects.filter(unit=unit, role=role).exists():
        raise BulouError.of(
            "account.role",
            f"{unit.name}没有“{role}”这项职责。",
            f"{unit.name_en or unit.name} does not answer for the role {role}.",
            field="role",
        )
    _check_duties_apart(unit, role, name)
    account = Account(username=username, name=name, unit=unit, role=role, language=language, synthetic=synthetic)
    if check_password:
        _check_password(password, account)
    _set(account, password, temporary=temporary)
    with refusals(username):
        account.save(force_insert=True)
    return account


def account_open(username: str, unit: Unit, role: str, *, name: str) -> tuple[Account, str]:
    """An account with a password for once, which is given back to be told and is kept nowhere.

    BulouError without the name of the one human it is for: accounts are not shared.
    """
    if not name.strip() or not username.strip():
        raise BulouError.of(
            "account.name",
            "请写明使用人姓名和账号名：一人一号，不设共用账号。",
            "Write the name of the person and of the account: one account, one person; none is shared.",
            field="name" if username.strip() else "username",
        )
    password = password_for_once()
    made = account_create(
        username.strip(), password, unit, role, name=name.strip(), check_password=False, temporary=True
    )
    return made, password


def password_for_once() -> str:
    """A password to be told once and changed at once: 12 letters and digits, no two of which look alike."""
    groups = ["".join(secrets.choice(LETTERS + DIGITS) for _ in range(3)) for _ in range(3)]
    return "-".join([secrets.choice(LETTERS).upper() + secrets.choice(LETTERS) + secrets.choice(DIGITS), *groups])


@transaction.atomic
def password_set(account: Account, password: str, *, keep: str | None = None) -> None:
    """The account's own new password; every session but `keep` (its key) ends. BulouError for a weak or the old one."""
    if account.check_password(password):
        raise BulouError.of(
            "account.password_same",
            "新密码不能与现在的相同。",
            "The new password must differ from the present one.",
            field="password",
        )
    _check_password(password, account)
    _set(account, password, temporary=False)
    account.save(update_fields=["password", "password_set_at", "password_temporary"])
    sessions_end(account, keep=keep)


@transaction.atomic
def password_reset(account: Account) -> str:
    """A new password for once, to be told; every session ends."""
    password = password_for_once()
    _set(account, password, temporary=True)
    account.save(update_fields=["password", "password_set_at", "password_temporary"])
    sessions_end(account)
    return password


def password_is_over(account: Account) -> bool:
    """True where a password for once was not used in time, so that it no longer opens anything."""
    hours = timedelta(hours=settings.TEMPORARY_PASSWORD_HOURS)
    at = account.password_set_at
    return account.password_temporary and at is not None and at < timezone.now() - hours


def password_must_change(account: Account) -> bool:
    """True for a password made by an administrator, and for one older than the security profile allows."""
    at, days = account.password_set_at, settings.PASSWORD_DAYS
    return account.password_temporary or bool(days and at and at < timezone.now() - timedelta(days=days))


@transaction.atomic
def account_close(account: Account) -> None:
    """The account can no longer sign in; its sessions and its programs' tokens end at once."""
    account.is_active = False
    account.save(update_fields=["is_active"])
    sessions_end(account)
    account_closed.send(sender=Account, account=account)


def account_reopen(account: Account) -> None:
    """The account can sign in again, with a password it had; tokens that ended stay so."""
    account.is_active = True
    account.save(update_fields=["is_active"])


@transaction.atomic
def second_factor_reset(account: Account) -> None:
    """Take every second factor off, for somebody whose phone is gone; every session ends."""
    factors_reset(account)
    sessions_end(account)


def sessions_end(account: Account, *, keep: str | None = None) -> int:
    """End every session of an account but the one with this key. How many ended."""
    gone, _ = Session.objects.filter(account=account.pk).exclude(session_key=keep or "").delete()
    return gone


def session_end(account: Account, ref: UUID) -> bool:
    """End one session of an account; False where it has no such one."""
    gone, _ = Session.objects.filter(account=account.pk, ref=ref).delete()
    return bool(gone)


def _set(account: Account, password: str, *, temporary: bool) -> None:
    account.set_password(password)
    account.password_set_at = timezone.now()
    account.password_temporary = temporary


def _check_duties_apart(unit: Unit, role: str, name: str) -> None:
    if role not in ADMINISTRATORS or not name:
        return
    others = Account.objects.filter(unit=unit, name=name, role__in=ADMINISTRATORS, is_active=True)
    if others.exclude(role=role).exists():
        raise BulouError.of(
            "account.duties_apart",
            f"{name}已经是另一类管理员。系统管理员、安全管理员、审计管理员须由不同的人担任（三权分立）。",
            f"{name} is an administrator of another kind already. System, security and audit are three people.",
            field="role",
        )


def _check_password(password: str, account: Account) -> None:
    problems = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            try:
                validate_password(password, account)
            except ValidationError as error:
                problems.append(" ".join(error.messages))
    if problems:
        raise BulouError(Problem("account.password", Text(zh=problems[0], en=problems[-1]), field="password"))
