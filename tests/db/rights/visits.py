"""Somebody visits every address, about every home, and notes what came of it."""

import time
from collections.abc import Iterable, Iterator, Sequence
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
from bulou.web.access import COMMAND_ROLES

from .addresses import ADDRESSES, Way
from .places import Home

Look = tuple[UUID, str, str, str]
"""Who looked, at whom, where that person is, and what for."""


@dataclass(frozen=True)
class Visitor:
    """Somebody with a session for the pages, in which they have just shown who they are, and a token for the API; or
    nobody. `area` is None for nobody.
    """

    area: str | None
    account: UUID | None = None
    unit: UUID | None = None
    role: str = ""
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
        headers = {"Authorization": f"Bearer {token}"}
        return cls(account.area, account.pk, account.unit_id, account.role, cookies, headers)

    def sees(self, home: Home, whose: str = "area") -> bool:
        """True where the home is in the visitor's area; of rows that are a unit's or an account's, the visitor's own.

        `ruled`: those of one's own unit, for a command post those of its area.
        """
        inside = self.area is not None and home.area.startswith(self.area)
        ours = home.unit.pk == self.unit
        ruled = inside and (ours or self.role in COMMAND_ROLES)
        return {"area": inside, "unit": ours, "account": home.owner == self.account, "ruled": ruled}[whose]

    def may(self, way: Way) -> bool:
        return way.only is None or self.role in way.only


@dataclass(frozen=True)
class Visit:
    """One request and what came of it. `leaked`: words of homes the visitor does not see. `named`: it names people.
    `asked`: the answer asks what for. `written`: new facts.
    """

    way: Way
    address: str
    home: Home
    seen: bool
    account: UUID | None
    status: int
    location: str
    leaked: tuple[str, ...]
    named: bool
    asked: bool
    looks: tuple[Look, ...]
    written: int

    def __repr__(self) -> str:
        return f"{self.way.method} {self.address} ({self.home.name}) -> {self.status} {self.location}"


def visits(visitor: Visitor, homes: Iterable[Home]) -> Iterator[Visit]:
    """Every address about every home; each visit is undone before the next."""
    homes, client = list(homes), Client(raise_request_exception=False)
    hidden = [home for home in homes if not visitor.sees(home)]
    known = tuple(word for home in homes if visitor.sees(home) for word in home.words)
    for ways in ADDRESSES.values():
        for way in ways:
            for home in homes if way.about_home else homes[:1]:
                yield called(client, visitor, way, home, hidden, known)


def answer(client: Client, visitor: Visitor, method: str, address: str, body: Any = None) -> Any:
    """The response to a visitor's request: pages know them by session, the API by token."""
    client.cookies.clear()
    is_api = address.startswith("/api/")
    if not is_api:
        client.cookies.load(visitor.cookies)
    headers = {**visitor.headers, "X-Purpose": "rights"} if is_api else {}
    kind = {"content_type": "application/json"} if isinstance(body, str) else {}
    return getattr(client, method.lower())(address, body, headers=headers, **kind)


def called(
    client: Client, visitor: Visitor, way: Way, home: Home, hidden: Sequence[Home], known: Sequence[str] = ()
) -> Visit:
    """One address about one home, undone before the next. `known`: the words that name people the visitor may see."""
    address = way.path(home)
    body = way.body(home) if way.body else None
    with transaction.atomic():
        looks, written = _looks(), _facts()
        response = answer(client, visitor, way.method, address, body)
        text = b"".join(response).decode(errors="replace") + unquote(str(response.headers))
        made = Visit(
            way=way,
            address=address,
            home=home,
            seen=visitor.sees(home, way.whose),
            account=visitor.account,
            status=response.status_code,
            location=response.headers.get("Location", ""),
            leaked=tuple(word for one in hidden for word in one.secrets if word in text.replace(address, "")),
            named=any(word in text for word in known),
            asked='name="for"' in text,
            looks=tuple(_looks()[len(looks) :]),
            written=_facts() - written,
        )
        transaction.set_rollback(True)
    return made


def _looks() -> list[Look]:
    with everywhere():
        return list(
            AccessLog.objects.exclude(act="denied")
            .order_by("at", "id")
            .values_list("account", "subject", "area", "purpose")
        )


def _facts() -> int:
    with everywhere(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM fact")
        found: int = cursor.fetchone()[0]
        return found
