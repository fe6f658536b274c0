"""Who asks, past the proxies that are trusted: by their word, read from the right, and by nobody else's."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from bulou.config.checks import check_proxies
from bulou.config.proxies import TrueAddress, networks, true_address

PROXY, INNER, ASKER, LIAR = "10.0.0.5", "10.1.2.3", "203.0.113.9", "198.51.100.7"
TRUSTED = networks((PROXY, "10.1.0.0/16", "2001:db8::/32"))


@pytest.mark.parametrize(
    ("connected", "forwarded", "found"),
    [
        (ASKER, "", ASKER),
        (ASKER, LIAR, ASKER),
        (PROXY, "", PROXY),
        (PROXY, ASKER, ASKER),
        (PROXY, f"{LIAR}, {ASKER}", ASKER),
        (PROXY, f"{LIAR},{ASKER} , {INNER}", ASKER),
        (PROXY, INNER, INNER),
        (PROXY, "unknown", PROXY),
        (PROXY, f"{ASKER}, made up, {INNER}", INNER),
        (f"::ffff:{PROXY}", ASKER, ASKER),
        ("2001:db8::1", "2001:db9::7", "2001:db9::7"),
        ("", ASKER, ""),
        ("unix:", ASKER, "unix:"),
    ],
)
def test_only_a_trusted_proxy_says_who_asked(connected: str, forwarded: str, found: str) -> None:
    assert true_address(connected, forwarded, TRUSTED) == found


def test_what_is_no_address_and_no_network_is_refused_at_once() -> None:
    with pytest.raises(ImproperlyConfigured, match="BULOU_TRUSTED_PROXIES"):
        networks(("the proxy",))


@pytest.mark.parametrize(("trusted", "found"), [([], PROXY), ([PROXY], ASKER), (["192.0.2.1"], PROXY)])
def test_everything_behind_it_reads_the_address_of_whoever_asked(settings: Any, trusted: list[str], found: str) -> None:
    settings.TRUSTED_PROXIES = trusted
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    request = RequestFactory().get("/", REMOTE_ADDR=PROXY, headers={"X-Forwarded-For": f"{LIAR}, {ASKER}"})
    TrueAddress(view)(request)

    assert seen == [found]


def test_it_comes_before_all_that_reads_an_address(settings: Any) -> None:
    assert settings.MIDDLEWARE[0] == "bulou.config.proxies.TrueAddress"
    assert settings.TRUSTED_PROXIES == []


@pytest.mark.parametrize(
    ("behind", "trusted", "warned"), [(False, [], []), (True, [PROXY], []), (True, [], ["bulou.W006"])]
)
def test_behind_a_proxy_nobody_trusts_it_is_said(
    settings: Any, behind: bool, trusted: list[str], warned: list[str]
) -> None:
    settings.BEHIND_PROXY, settings.TRUSTED_PROXIES = behind, trusted

    assert [one.id for one in check_proxies(None)] == warned
