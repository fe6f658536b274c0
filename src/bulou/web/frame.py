"""The frame around every page: who is signed in, the rooms they may enter, the clock, the level."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, gettext

from bulou.directory.models import Account, Unit
from bulou.directory.roles import ADMINISTRATORS, ROLES
from bulou.exchange.exports import policy
from bulou.kernel import clock
from bulou.kernel.text import Text
from bulou.web.access import audits, commands, visits_homes
from bulou.web.levels import Level, standing
from bulou.web.weaving.addresses import address

FIVE = 5
ASIDE = ("r", "v")
"""Keys of the rooms that are not in a phone's bar, wherever they stand on a desk."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One entry of the navigation."""

    word: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Room:
    """One room of the navigation with its screens. `key`: pressed after `g` it leads there."""

    word: str
    icon: str
    url: str
    current: bool
    key: str
    screens: Sequence[Screen] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything base.html reads. `account` is None for a stranger."""

    account: Account | None
    now: datetime
    drill: bool
    unit_name: Text | str = ""
    role: Text | str = ""
    rooms: Sequence[Room] = ()
    synthetic: bool = False
    may_set_clock: bool = False
    level: Level | None = None
    unread: int = 0

    @property
    def tabs(self) -> Sequence[Room]:
        """The five of a phone's bar; the others are reached from the menu of the account."""
        return [room for room in self.rooms if room.key not in ASIDE][:FIVE]


def frame(request: HttpRequest) -> Frame:
    """The frame of a request. One query: the response level, with the number at the bell."""
    now, drill = timezone.localtime(clock.now()), clock.is_set()
    user = getattr(request, "user", None)
    if not isinstance(user, Account):
        return Frame(None, now, drill)
    level, unread = standing(user, clock.now())
    return Frame(
        account=user,
        now=now,
        drill=drill,
        unit_name=unit_title(user.unit),
        role=ROLES[user.role].title if user.role in ROLES else user.role,
        rooms=rooms(user, request.path),
        synthetic=user.unit.synthetic,
        may_set_clock=commands(user),
        level=level,
        unread=unread,
    )


def unit_title(unit: Unit) -> Text:
    """A unit's name in both languages; the Chinese one where it has no other."""
    return Text(zh=unit.name, en=unit.name_en or unit.name)


def rooms(account: Account, path: str) -> Sequence[Room]:
    """The rooms in house order, one of them current."""
    may = May(
        account.role in ADMINISTRATORS,
        audits(account),
        policy.may_export(account),
        commands(account),
        visits_homes(account),
    )
    return _rooms(may, path, get_language())


class May(NamedTuple):
    """What decides which screens an account is shown."""

    administer: bool
    audit: bool
    export: bool
    command: bool
    visit: bool


@lru_cache(maxsize=1024)
def _rooms(may: May, path: str, _language: str | None) -> tuple[Room, ...]:
    here = _heading(path)
    return (
        Room(gettext("Today"), "list-check", address("my"), here == "my", "t", _today(may, path)),
        Room(gettext("Command"), "layout-board", address("board"), here == "command", "b", _command(path)),
        Room(gettext("People"), "user-search", address("people"), here == "people", "p", _people(path)),
        Room(gettext("Cases"), "virus", address("cases"), here == "cases", "c", _cases(path)),
        Room(gettext("Resources"), "stack-2", address("capacity"), here == "resources", "r", _resources(path)),
        Room(gettext("Supervision"), "eye", address("findings"), here == "supervision", "v", _supervision(path)),
        Room(gettext("Plans"), "book-2", address("plans"), here == "plans", "l"),
        Room(gettext("Settings"), "settings", address("account"), here == "settings", "s", _settings(may, path)),
    )


_PLACES = {
    "my": "my",
    "handovers": "my",
    "round": "my",
    "alerts": "my",
    "": "command",
    "areas": "command",
    "wall": "command",
    "misses": "command",
    "duties": "command",
    "acts": "command",
    "conflicts": "command",
    "zones": "command",
    "people": "people",
    "registers": "people",
    "campaigns": "people",
    "arrivals": "people",
    "places": "people",
    "rooms": "people",
    "sites": "people",
    "isolation": "people",
    "patients": "people",
    "staff": "people",
    "wards": "people",
    "beds": "people",
    "devices": "people",
    "units": "people",
    "transit": "people",
    "fever-clinic": "people",
    "needs": "people",
    "hotline": "people",
    "volunteers": "people",
    "trend": "cases",
    "monitoring": "cases",
    "cases": "cases",
    "capacity": "resources",
    "stocks": "resources",
    "findings": "supervision",
    "tours": "supervision",
    "plans": "plans",
    "account": "settings",
    "accounts": "settings",
    "paper-templates": "settings",
    "looks": "settings",
    "rights": "settings",
    "clock": "settings",
    "jobs": "settings",
    "imports": "settings",
    "exports": "settings",
    "design": "settings",
}


def _heading(path: str) -> str:
    return _PLACES.get(path.strip("/").partition("/")[0], "")


def _today(may: May, path: str) -> list[Screen]:
    names = {"my": gettext("My list"), "handovers": gettext("Handovers"), "alerts": gettext("Alerts")}
    names |= {"home-round": gettext("Round at home")} if may.visit else {}
    return [Screen(word, address(name), path.startswith(address(name))) for name, word in names.items()]


def _command(path: str) -> list[Screen]:
    board = path == "/" or path.startswith("/areas/")
    return [
        Screen(gettext("Board"), address("board"), board),
        Screen(gettext("Misses"), address("misses"), path.startswith("/misses/")),
        Screen(gettext("Duties of a day"), address("duties"), path == "/duties/"),
        Screen(gettext("Zones"), address("zones"), path.startswith("/zones/")),
        Screen(gettext("Conflicts"), address("conflicts"), path == "/conflicts/"),
    ]


def _people(path: str) -> list[Screen]:
    names = {"people": gettext("People"), "registers": gettext("Registers"), "arrivals": gettext("Arrivals")}
    names |= {"campaigns": gettext("Campaigns"), "transit": gettext("In transit")}
    names |= {"observation-register": gettext("Isolation"), "rooms": gettext("Rooms"), "units": gettext("Units")}
    names |= {"places": gettext("Places")}
    names |= {"patients": gettext("Patients"), "wards": gettext("Wards")}
    names |= {"fever-clinic": gettext("Fever clinic"), "needs": gettext("Needs"), "hotline": gettext("Hotline")}
    screens = [Screen(word, address(name), path == address(name)) for name, word in names.items()]
    deep = {address(name) for name in ("rooms", "registers", "campaigns", "wards", "needs")}
    return [replace(one, current=path.startswith(one.url)) if one.url in deep else one for one in screens]


def _resources(path: str) -> list[Screen]:
    names = {"capacity": gettext("Capacity"), "stocks": gettext("Stocks")}
    return [Screen(word, address(name), path == address(name)) for name, word in names.items()]


def _supervision(path: str) -> list[Screen]:
    names = {"findings": gettext("Findings"), "tours": gettext("Tours")}
    return [Screen(word, address(name), path.startswith(address(name))) for name, word in names.items()]


def _cases(path: str) -> list[Screen]:
    names = {"cases": gettext("Cases"), "trend": gettext("Trends")}
    names |= {"monitoring": gettext("Monitoring registers")}
    return [Screen(word, address(name), path == address(name)) for name, word in names.items()]


def _settings(may: May, path: str) -> list[Screen]:
    screens = [Screen(gettext("My account"), address("account"), path == "/account/")]
    screens.append(Screen(gettext("Imports"), address("imports"), path.startswith("/imports/")))
    screens.append(Screen(gettext("Jobs"), address("jobs"), path.startswith("/jobs/")))
    guarded = path.startswith("/account/") and path != "/account/"
    screens.append(Screen(gettext("Security"), address("security"), guarded))
    if may.administer:
        names = {"accounts": gettext("Accounts"), "paper-templates": gettext("Templates of papers")}
        screens += [Screen(word, address(name), path.startswith(address(name))) for name, word in names.items()]
    if may.audit:
        screens.append(Screen(gettext("Who looked at whom"), address("looks"), path == "/looks/"))
    if may.export:
        screens.append(Screen(gettext("Exports"), address("exports"), path.startswith("/exports/")))
    if may.command:
        screens.append(Screen(gettext("Requests about data"), address("rights"), path.startswith("/rights/")))
    screens.append(Screen(gettext("Design system"), address("design"), path == "/design/"))
    if may.command:
        screens.append(Screen(gettext("Business clock"), address("clock"), path == "/clock/"))
    return screens
