"""Somebody visits every address, about every home, and notes what came of it."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from bulou.directory.models import AccessLog, Account
from bulou.directory.scope import everywhere
from bulou.directory.session_store import PROVEN

from .addresses import ADDRESSES, Way
from .places import Home

Look = tuple[UUID, str, str]
"""Who looked, at whom, and where that person is."""


@dataclass(frozen=True)
class Visitor:
    """Somebody with a session for the pages, in which they have just shown who they are, and a token for the API; or
    nobody. `area` is None for nobody.
    """

    area: str | None
    account: UUID | None = None
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, account: Account, token: str) -> "Visitor":
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[PROVEN] = time.time()
        session.save()
        cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
        return cls(account.area, account.pk, cookies, {"Authorization": f"Bearer {token}"})

    def sees(self, home: Home) -> bool:
        return self.area is not None and home.area.startswith(self.area)


@dataclass(frozen=True)
class Visit:
    """One request and what came of it. `leaked`: words of homes the visitor does not see. `written`: new facts."""

    way: Way
    address: str
    home: Home
    seen: bool
    account: UUID | None
    status: int
    location: str
    leaked: tuple[str, ...]
    looks: tuple[Look, ...]
    written: int

    def __repr__(self) -> str:
        return f"{self.way.method} {self.address} ({self.home.name}) -> {self.status} {self.location}"


def visits(visitor: Visitor, homes: Iterable[Home]) -> Iterator[Visit]:
    """Every address about every home; each visit is undone before the next."""
    homes, client = list(homes), Client(raise_request_exception=False)
    hidden = [home for home in homes if not visitor.sees(home)]
    for ways in ADDRESSES.values():
        for way in ways:
            for home in homes if way.about_home else homes[:1]:
                yield _visit(client, visitor, way, home, hidden)


def answer(client: Client, visitor: Visitor, method: str, address: str, body: Any = None) -> Any:
    """The response to a visitor's request: pages know them by session, the API by token."""
    client.cookies.clear()
    is_api = address.startswith("/api/")
    if not is_api:
        client.cookies.load(visitor.cookies)
    headers = {**visitor.headers, "X-Purpose": "rights"} if is_api else {}
    kind = {"content_type": "application/json"} if isinstance(body, str) else {}
    return getattr(client, method.lower())(address, body, headers=headers, **kind)


def _visit(client: Client, visitor: Visitor, way: Way, home: Home, hidden: list[Home]) -> Visit:
    address = way.path(home)
    body = way.body(home) if way.body else None
    with transaction.atomic():
        looks, written = _looks(), _facts()
        response = answer(client, visitor, way.method, address, body)
        text = b"".join(response).decode(errors="replace") + unquote(str(response.headers))
        visit = Visit(
            way=way,
            address=address,
            home=home,
            seen=visitor.sees(home),
            account=visitor.account,
            status=response.status_code,
            location=response.headers.get("Location", ""),
            leaked=tuple(word for one in hidden for word in one.secrets if word in text.replace(address, "")),
            looks=tuple(_looks()[len(looks) :]),
            written=_facts() - written,
        )
        transaction.set_rollback(True)
    return visit


def _looks() -> list[Look]:
    with everywhere():
        return list(
            AccessLog.objects.exclude(act="denied").order_by("at", "id").values_list("account", "subject", "area")
        )


def _facts() -> int:
    with everywhere(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM fact")
        found: int = cursor.fetchone()[0]
        return found
