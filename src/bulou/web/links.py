"""Addresses that carry filters: a number on the board is a link to the rows it counts."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

STATES = ("missed", "open", "late", "met", "waived", "void")


def address(name: str, **query: object) -> str:
    """The page's address with the filters that are set."""
    given = {key: value for key, value in query.items() if value not in (None, "", False)}
    return f"{reverse(name)}?{urlencode(given)}" if given else reverse(name)


def behind(area: str, day: date, no_miss: str | None = None, clause: str | None = None) -> dict[str, str]:
    """State to the page with the duties due on a day in that state; `unowned` to those nobody answers for, of any day.

    `no_miss` None is all of them; the empty one, organisation, travels as `none`.
    """
    family = {None: "", "": "none"}.get(no_miss, no_miss)
    filters = {"area": area, "day": day.isoformat(), "no_miss": family, "clause": clause}
    found = {state: address("duties", **filters, state=state) for state in STATES}
    return found | {"unowned": address("misses", area=area, no_miss=family, clause=clause, unowned=1)}
