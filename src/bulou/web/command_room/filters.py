"""The filters of the lists of duties, as they stand in the address, and the chips that change them."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bulou.kernel import clock
from bulou.web import links, words
from bulou.web.access import Request, area_asked


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to. `no_miss` None: all, empty: organisation; `after`: the key a page starts behind."""

    area: str
    day: date
    no_miss: str | None = None
    clause: str = ""
    state: str = ""
    unowned: bool = False
    after: str = ""

    def address(self, name: str, **changes: object) -> str:
        """The page with these filters and some changed; a change starts again at the first row."""
        query = {
            "area": self.area,
            "no_miss": "none" if self.no_miss == "" else self.no_miss,
            "clause": self.clause,
            "unowned": "1" if self.unowned else "",
        }
        if name == "duties":
            query |= {"day": self.day.isoformat(), "state": self.state}
        return links.address(name, **(query | changes))


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter to touch. `clears` where touching it takes the filter off."""

    word: str | Promise
    url: str
    current: bool = False
    icon: str = ""
    clears: bool = False


def read(request: Request) -> Filters:
    """The filters in the address; what cannot be read is left out. 403 and 404 for the area as everywhere."""
    query = request.GET
    family = query.get("no_miss", "")
    state = query.get("state", "")
    return Filters(
        area=area_asked(request, query.get("area")),
        day=_day(query.get("day", "")),
        no_miss="" if family == "none" else family if family in words.NO_MISSES else None,
        clause=query.get("clause", "")[:60],
        state=state if state in words.STATES else "",
        unowned=query.get("unowned") == "1",
        after=query.get("after", "")[:200],
    )


def miss_chips(asked: Filters) -> list[Chip]:
    """Every no-miss, no owner only, and the clause where one is chosen."""
    sign, url = words.UNOWNED, asked.address("misses", unowned="" if asked.unowned else "1")
    unowned = Chip(sign.word, url, asked.unowned, sign.icon)
    return [*_clause_chip(asked, "misses"), *_families(asked, "misses"), unowned]


def duty_chips(asked: Filters) -> list[Chip]:
    """Every state, then every no-miss, and the clause where one is chosen."""
    everything = Chip(_("Every state"), asked.address("duties", state=""), not asked.state)
    signs = words.STATES.values()
    states = [Chip(s.word, asked.address("duties", state=s.name), asked.state == s.name, s.icon) for s in signs]
    family = words.no_miss_sign(asked.no_miss) if asked.no_miss is not None else None
    chosen = [Chip(family.word, asked.address("duties", no_miss=""), True, family.icon, clears=True)] if family else []
    return [*_clause_chip(asked, "duties"), *chosen, everything, *states]


def _families(asked: Filters, name: str) -> list[Chip]:
    everything = Chip(_("All"), asked.address(name, no_miss=""), asked.no_miss is None)
    signs = [*words.NO_MISSES.values(), words.ORGANISATION]
    return [
        everything,
        *(Chip(s.word, asked.address(name, no_miss=s.name or "none"), asked.no_miss == s.name, s.icon) for s in signs),
    ]


def _clause_chip(asked: Filters, name: str) -> list[Chip]:
    return [Chip(asked.clause, asked.address(name, clause=""), True, "gavel", clears=True)] if asked.clause else []


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate(clock.now())
