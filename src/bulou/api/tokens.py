"""Tokens are made, used and revoked. They live by real time, whatever the business clock says."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from bulou.api.models import ApiToken
from bulou.directory.models import Account
from bulou.kernel.errors import BulouError

PREFIX = "bulou_"
LONGEST = 366
_USE = """
WITH found AS (
    SELECT id, account FROM api_token
    WHERE digest = %(digest)s AND revoked_at IS NULL AND expires_at > clock_timestamp()
), used AS (
    UPDATE api_token SET last_used_at = clock_timestamp() WHERE id = (
        SELECT t.id FROM api_token t JOIN found f ON f.id = t.id
        WHERE t.last_used_at IS NULL OR t.last_used_at < clock_timestamp() - interval '1 minute'
        FOR UPDATE OF t SKIP LOCKED)
)
SELECT account FROM found
"""
"""Written at most once a minute, and never waited for: requests with one token do not queue behind each other."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token. `text` is shown once and kept nowhere."""

    id: UUID
    text: str
    expires_at: datetime


def create(username: str, days: int) -> Issued:
    """A token for an account, valid for some days. BulouError for no such account, or a length out of 1 to 366."""
    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        raise BulouError.of(
            "token.account", f"没有可用的账号 {username!r}。", f"There is no active account {username!r}."
        )
    if not 1 <= days <= LONGEST:
        raise BulouError.of(
            "token.days", f"有效期须为 1 至 {LONGEST} 天。", f"A token lasts from 1 to {LONGEST} days.", field="days"
        )
    text = PREFIX + secrets.token_urlsafe(32)
    expires_at = datetime.now(UTC) + timedelta(days=days)
    row = ApiToken.objects.create(account=account, digest=_digest(text), expires_at=expires_at)
    return Issued(row.id, text, expires_at)


def revoke(name: str) -> ApiToken:
    """End a token at once, by its id or by the token itself; one already ended stays so. BulouError where unknown."""
    found = ApiToken.objects.filter(_named(name)).select_related("account").first()
    if found is None:
        raise BulouError.of("token.unknown", "没有这个令牌。", "There is no such token.")
    if found.revoked_at is None:
        found.revoked_at = datetime.now(UTC)
        found.save(update_fields=["revoked_at"])
    return found


def revoke_all(account: Account) -> int:
    """End every token of an account that has not ended; how many."""
    return ApiToken.objects.filter(account=account, revoked_at=None).update(revoked_at=datetime.now(UTC))


def tokens_of(username: str) -> QuerySet[ApiToken]:
    """Every token of an account, ended ones included, oldest first."""
    return ApiToken.objects.filter(account__username=username).order_by("created_at", "id")


def holder(text: str) -> Account | None:
    """The active account a token stands for; None where it is unknown, expired or revoked. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_USE, {"digest": _digest(text)})
        row = cursor.fetchone()
    return Account.objects.filter(pk=row[0], is_active=True).first() if row else None


def _named(name: str) -> Q:
    if name.startswith(PREFIX):
        return Q(digest=_digest(name))
    try:
        return Q(pk=UUID(name))
    except ValueError:
        return Q(pk=None)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
