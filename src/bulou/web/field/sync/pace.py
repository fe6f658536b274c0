"""How many uploads one address may send: a stranger may post here, so a flood is turned away before it is opened.

An honest phone is far below both limits, many behind one address too; one turned away keeps its entries and comes
again. Counted in each worker process, so a server of two lets through up to twice as many.
"""

import re

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

MINUTE, PENALTY = 60, 600
"""Seconds in which uploads are counted, and those that nothing good came of."""
STRIKES = 500
"""Entries not sealed for this house, or without a ticket of it, after which an address rests."""
LONGEST = 45
"""Characters of an address."""
_ODD = re.compile(r"[^0-9A-Za-z.:]")


def wait(request: HttpRequest) -> int:
    """Seconds the sender must wait before anything is taken; 0 where it may send. Counts this upload."""
    where = _address(request)
    if cache.get(f"field-strikes-{where}", 0) >= STRIKES:
        return PENALTY
    return MINUTE if _count(f"field-uploads-{where}", 1, MINUTE) > settings.UPLOADS_A_MINUTE else 0


def strike(request: HttpRequest, number: int) -> None:
    """So many entries of an upload were not of a phone of this house."""
    if number:
        _count(f"field-strikes-{_address(request)}", number, PENALTY)


def _count(key: str, number: int, seconds: int) -> int:
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key, number)
    except ValueError:
        return number


def _address(request: HttpRequest) -> str:
    """Who sends, past the proxies that are trusted (`config/proxies.py`)."""
    said: str = request.META.get("REMOTE_ADDR") or ""
    return _ODD.sub("", said)[:LONGEST]
