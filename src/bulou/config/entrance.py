"""Who is at the door: the session, its account, the account's scope and the business clock, in one question.

Django asks for the session, then for the account, and the scope would be a third question. The answer proves each time
that the session is still there, of this account, and signed for its present password. Whatever does not hold is left to
Django's own way, in the scope of a stranger; so is a session that must be noted as seen (`session_store.py`).
"""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from bulou.directory.models import Account, Unit
from bulou.directory.scope import Entry
from bulou.directory.session_store import FRESH, SessionStore
from bulou.kernel.areas import AFTER_DIGITS

_ACCOUNT = [field.attname for field in Account._meta.concrete_fields]
_UNIT = [field.attname for field in Unit._meta.concrete_fields]


def _columns(table: str, model: type[Account | Unit]) -> str:
    return ", ".join(f"{table}.{field.column}" for field in model._meta.concrete_fields)


_ENTER = f"""
SELECT s.session_data, (SELECT set_to FROM business_clock),
    set_config('bulou.lo', u.area, true), set_config('bulou.hi', u.area || '{AFTER_DIGITS}', true),
    {_columns("a", Account)}, {_columns("u", Unit)}
FROM session s JOIN account a ON a.id = s.account JOIN unit u ON u.id = a.unit
WHERE s.session_key = %s AND s.expire_date > now() AND s.seen_at >= now() - make_interval(secs => %s) AND a.is_active
"""


def has_session(request: HttpRequest) -> bool:
    """True where somebody may be signed in and nobody has asked yet."""
    session = getattr(request, "session", None)
    return type(session) is SessionStore and bool(session.session_key) and not hasattr(request, "_cached_user")


def enter(request: HttpRequest) -> Entry | None:
    """Whoever is signed in, found and in scope, as Django would find them; None where it must look itself.

    Called in a transaction. One query.
    """
    session: Any = request.session
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, [session.session_key, FRESH.total_seconds()])
        row = cursor.fetchone()
    if row is None:
        return None
    text, set_to, _, _, *columns = row
    says = _said(text)
    account = _account(columns, says)
    if account is None:
        return None
    session._session_cache = dict(says)
    session.accessed = True
    request._cached_user = account  # type: ignore[attr-defined]
    return Entry(account, set_to)


@lru_cache(maxsize=20_000)
def _said(text: str) -> dict[str, Any]:
    """What a session holds, its signature proven; nothing where that is not ours."""
    found: dict[str, Any] = SessionStore().decode(text)
    return found


def _account(columns: list[Any], says: dict[str, Any]) -> Account | None:
    """The account a session was opened for, where its password is still the one it was opened with."""
    account = Account.from_db("default", _ACCOUNT, columns[: len(_ACCOUNT)])
    account.unit = Unit.from_db("default", _UNIT, columns[len(_ACCOUNT) :])
    if (
        says.get(SESSION_KEY) != str(account.pk)
        or says.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS
    ):
        return None
    signed_for = str(says.get(HASH_SESSION_KEY, ""))
    return account if constant_time_compare(signed_for, account.get_session_auth_hash()) else None
