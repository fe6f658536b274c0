"""Who asks, where proxies stand before the server: the address a trusted proxy names, and nobody else's word.

Limits per address, the record of access and the guard of signing in all read `REMOTE_ADDR`. Behind a proxy that is the
proxy's. It is replaced by what the proxy says in `X-Forwarded-For`, read from the right, past proxies that are trusted
too; what stands further left was written by whoever asked and is never believed. Nothing is trusted by default.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
FORWARDED = "HTTP_X_FORWARDED_FOR"


class TrueAddress:
    """The first of all: whatever comes after it reads the address of whoever asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        trusted = networks(tuple(settings.TRUSTED_PROXIES))
        if trusted:
            said = request.META.get("REMOTE_ADDR") or ""
            request.META["REMOTE_ADDR"] = true_address(said, request.META.get(FORWARDED, ""), trusted)
        return self.get_response(request)


@lru_cache(maxsize=8)
def networks(named: tuple[str, ...]) -> tuple[Network, ...]:
    """The networks trusted, of addresses and CIDR ranges. ImproperlyConfigured for what is neither."""
    try:
        return tuple(ip_network(one.strip(), strict=False) for one in named if one.strip())
    except ValueError as error:
        raise ImproperlyConfigured(f"BULOU_TRUSTED_PROXIES: {error}") from error


def true_address(connected: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """Who asked: `connected` itself unless it is a trusted proxy, else the last address in `forwarded` that is none.

    Where a proxy names nothing that is an address, whoever it is cannot be told, and the proxy's stands.
    """
    known = _address(connected)
    for named in reversed(forwarded.split(",")):
        if known is None or not _is_trusted(known, trusted):
            break
        before = _address(named.strip())
        if before is None:
            break
        known = before
    return str(known) if known is not None else connected


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted if network.version == address.version)


def _address(text: str) -> Address | None:
    """An address as it is written; one of IPv4 inside IPv6 as what it is."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
