"""Every page of the product by its route, with an address of each that somebody may open and that shows something.

The addresses are those of the table of rights: a route that is added gets its page here by getting its rights there.
What walks the product (axe, the frame, the pictures) asks here, and keeps no list of its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.core import signing
from django.test import Client
from django.urls import resolve

from bulou.api import tokens
from bulou.directory.models import Account, Unit
from bulou.directory.scope import everywhere
from bulou.no_miss.screening import declaring
from bulou.operations.support import own_pages
from bulou.oversight.drills.synthetic.people import id_number
from bulou.web.desk import papers
from bulou.web.public import arriving

from .addresses import ADDRESSES, PAGES, Way, plain
from .conftest import NOW, World
from .visits import Visitor, answer

ACT, FILE, PAGE, NONE = "act", "file", "page", "none"
ALONE = {
    "sign-in/code/": "the second half of signing in: only who has just given a password sees it",
    "exports/<uuid:id>/file/": "a file once a job has written it; the owner here is a village, which takes none away",
}
"""Routes that no address opens by itself, and why."""
SPEECH = {"zh-hans": "zh-Hans", "en": "en"}
"""How pages write their language, by how accounts keep it."""


@dataclass(frozen=True)
class Example:
    """A page as somebody opens it. `name` is the name of its route."""

    name: str
    route: str
    address: str
    visitor: Visitor

    def address_in(self, language: str) -> str:
        """The address in a language, where it names one."""
        return self.address.replace("/shell/en/", f"/shell/{SPEECH[language]}/")


def visitors(
    world: World, make_unit: Callable[..., Unit], make_account: Callable[[str, Unit, str], Account]
) -> list[Visitor]:
    """Who tries a page, in this order: a command post, a village, administrators, a stranger."""
    office = make_unit("信息中心", "120101", "system_administrator", "security_administrator")
    made = [make_account(role, office, role) for role in ("system_administrator", "security_administrator")]
    administrators = [Visitor.of(one, tokens.create(one.username, 1).text) for one in made]
    return [world.visitors["command"], world.visitors["worker"], *administrators, world.visitors["stranger"]]


def examples(world: World, who: list[Visitor]) -> list[Example]:
    """One of every page, those of one visitor beside each other."""
    client = Client()
    found = [one for route in PAGES for one in (sort(client, world, route, who)[1],) if one]
    return sorted(found, key=lambda one: who.index(one.visitor))


def sort(client: Client, world: World, route: str, who: list[Visitor]) -> tuple[str, Example | None]:
    """What a route is (`PAGE`, `FILE`, `ACT`; `NONE` where no address of it opens anything), and a page's example."""
    sorts = []
    for way, visitor in _tries(world, route, who):
        address = way.path(world.homes["here"])
        response = answer(client, visitor, "GET", address)
        sorts.append(_sort(response))
        if sorts[-1] == PAGE:
            return PAGE, Example(resolve(address.partition("?")[0]).url_name, route, address, visitor)
    return next((each for each in (FILE, ACT) if each in sorts), NONE), None


def _tries(world: World, route: str, who: list[Visitor]) -> Iterator[tuple[Way, Visitor]]:
    links = SECRET[route](world) if route in SECRET else []
    ways = [plain(link, public=True) for link in links] or ADDRESSES[route]
    for way in ways:
        strangers_first = reversed(who) if way.public else who
        yield from ((way, visitor) for visitor in strangers_first if visitor.may(way))


def _sort(response: Any) -> str:
    if response.status_code != 200:
        return ACT if response.status_code == 405 else NONE
    text = "" if response.streaming else response.content.decode(errors="replace")
    if "<html" not in text:
        return FILE
    return NONE if 'name="for"' in text else PAGE


def _own_page(world: World) -> list[str]:
    home = world.homes["here"]
    return [f"/r/{_link(home.person, home.owner)}/"]


@cache
def _link(person: UUID, owner: UUID) -> str:
    """One link for all pages of a person: a new one ends the one before."""
    with everywhere():
        return own_pages.give(person, by=Account.objects.get(pk=owner)).text


def _own_data(world: World) -> list[str]:
    return [f"{address}data/" for address in _own_page(world)]


def _verified(world: World) -> list[str]:
    home = world.homes["here"]
    return [f"/verify/{signing.dumps([home.person, home.order], salt=papers.SALT)}/"]


def _receipt(world: World) -> list[str]:
    given = declaring.Declared(
        name="来客",
        area=world.homes["here"].area,
        from_area="450103",
        arrived_at=NOW - timedelta(hours=3),
        id_kind="resident",
        id_number=id_number("120101", date(2000, 1, 1), 997),
        phone="19900000123",
    )
    made = declaring.declare(given, origin="198.51.100.1")
    return [f"/arrive/{signing.dumps(str(made.id), salt=arriving.SALT)}/"]


SECRET: dict[str, Callable[[World], list[str]]] = {
    "r/<str:token>/": _own_page,
    "r/<str:token>/data/": _own_data,
    "verify/<str:token>/": _verified,
    "arrive/<str:token>/": _receipt,
}
"""Pages whose address is a secret, so not in the table of rights: whoever holds it may open them."""
