"""The frame around every page: who is signed in, the rooms they may enter, the clock, the level."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bulou.directory.models import Account, Unit
from bulou.directory.roles import ADMINISTRATORS, ROLES
from bulou.exchange.exports import policy
from bulou.kernel import clock
from bulou.kernel.text import Text
from bulou.web.access import audits, commands
from bulou.web.levels import Level, standing

FIVE = 5
ASIDE = ("r", "v")
"""Keys of the rooms that are not in a phone's bar, wherever they stand on a desk."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One entry of the navigation."""

    word: str | Promise
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Room:
    """One room of the navigation with its screens. `key`: pressed after `g` it leads there."""

    word: str | Promise
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


def rooms(account: Account, path: str) -> list[Room]:
    """The rooms in house order, one of them current."""
    here = _heading(path)
    return [
        Room(_("Today"), "list-check", reverse("my"), here == "my", "t", _today(path)),
        Room(_("Command"), "layout-board", reverse("board"), here == "command", "b", _command(path)),
        Room(_("People"), "user-search", reverse("people"), here == "people", "p", _people(path)),
        Room(_("Cases"), "virus", reverse("cases"), here == "cases", "c", _cases(path)),
        Room(_("Resources"), "stack-2", reverse("capacity"), here == "resources", "r", _resources(path)),
        Room(_("Supervision"), "eye", reverse("findings"), here == "supervision", "v", _supervision(path)),
        Room(_("Plans"), "book-2", reverse("plans"), here == "plans", "l"),
        Room(_("Settings"), "settings", reverse("account"), here == "settings", "s", _settings(account, path)),
    ]


_PLACES = {
    "my": "my",
    "handovers": "my",
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
    "isolation": "people",
    "patients": "people",
    "staff": "people",
    "wards": "people",
    "beds": "people",
    "units": "people",
    "transit": "people",
    "fever-clinic": "people",
    "needs": "people",
    "hotline": "people",
    "volunteers": "people",
    "trend": "cases",
    "cases": "cases",
    "capacity": "resources",
    "stocks": "resources",
    "findings": "supervision",
    "tours": "supervision",
    "plans": "plans",
    "account": "settings",
    "accounts": "settings",
    "looks": "settings",
    "clock": "settings",
    "jobs": "settings",
    "imports": "settings",
    "exports": "settings",
    "design": "settings",
}


def _heading(path: str) -> str:
    return _PLACES.get(path.strip("/").partition("/")[0], "")


def _today(path: str) -> list[Screen]:
    names = {"my": _("My list"), "handovers": _("Handovers"), "alerts": _("Alerts")}
    return [Screen(word, reverse(name), path.startswith(reverse(name))) for name, word in names.items()]


def _command(path: str) -> list[Screen]:
    board = path == "/" or path.startswith("/areas/")
    return [
        Screen(_("Board"), reverse("board"), board),
        Screen(_("Misses"), reverse("misses"), path.startswith("/misses/")),
        Screen(_("Duties of a day"), reverse("duties"), path == "/duties/"),
        Screen(_("Zones"), reverse("zones"), path.startswith("/zones/")),
        Screen(_("Conflicts"), reverse("conflicts"), path == "/conflicts/"),
    ]


def _people(path: str) -> list[Screen]:
    names = {"people": _("People"), "registers": _("Registers"), "arrivals": _("Arrivals")}
    names |= {"campaigns": _("Campaigns"), "transit": _("In transit")}
    names |= {"observation-register": _("Isolation"), "rooms": _("Rooms"), "units": _("Units"), "places": _("Places")}
    names |= {"patients": _("Patients"), "wards": _("Wards")}
    names |= {"fever-clinic": _("Fever clinic"), "needs": _("Needs"), "hotline": _("Hotline")}
    screens = [Screen(word, reverse(name), path == reverse(name)) for name, word in names.items()]
    deep = {reverse(name) for name in ("rooms", "registers", "campaigns", "wards", "needs")}
    return [replace(one, current=path.startswith(one.url)) if one.url in deep else one for one in screens]


def _resources(path: str) -> list[Screen]:
    names = {"capacity": _("Capacity"), "stocks": _("Stocks")}
    return [Screen(word, reverse(name), path == reverse(name)) for name, word in names.items()]


def _supervision(path: str) -> list[Screen]:
    names = {"findings": _("Findings"), "tours": _("Tours")}
    return [Screen(word, reverse(name), path.startswith(reverse(name))) for name, word in names.items()]


def _cases(path: str) -> list[Screen]:
    names = {"cases": _("Cases"), "trend": _("Trends")}
    return [Screen(word, reverse(name), path == reverse(name)) for name, word in names.items()]


def _settings(account: Account, path: str) -> list[Screen]:
    screens = [Screen(_("My account"), reverse("account"), path == "/account/")]
    screens.append(Screen(_("Imports"), reverse("imports"), path.startswith("/imports/")))
    screens.append(Screen(_("Jobs"), reverse("jobs"), path.startswith("/jobs/")))
    guarded = path.startswith("/account/") and path != "/account/"
    screens.append(Screen(_("Security"), reverse("security"), guarded))
    if account.role in ADMINISTRATORS:
        screens.append(Screen(_("Accounts"), reverse("accounts"), path.startswith("/accounts/")))
    if audits(account):
        screens.append(Screen(_("Who looked at whom"), reverse("looks"), path == "/looks/"))
    if policy.may_export(account):
        screens.append(Screen(_("Exports"), reverse("exports"), path.startswith("/exports/")))
    screens.append(Screen(_("Design system"), reverse("design"), path == "/design/"))
    if commands(account):
        screens.append(Screen(_("Business clock"), reverse("clock"), path == "/clock/"))
    return screens
