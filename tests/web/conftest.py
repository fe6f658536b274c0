"""What the tests of the pages share: the small world of `web.world`, and a browser somebody is signed in to."""

import time as real
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from bulou.directory import services as directory
from bulou.directory.models import Account, Unit
from bulou.directory.roles import ADMINISTRATORS
from bulou.directory.session_store import PROVEN
from bulou.kernel import clock
from bulou.ledger import services as ledger
from bulou.web import messages
from web.phone import EVENING, Phone, Time
from web.sites import Site, build_site
from web.world import NOON, MakeAccount, World, build


@pytest.fixture(scope="session", autouse=True)
def compiled_messages() -> None:
    """The catalogues as `make setup` compiles them."""
    messages.compile_all()


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    """Static files are looked up when asked for, not scanned for each test; passwords are hashed in a moment."""
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def noon() -> Iterator[datetime]:
    """The business clock at noon of 10 February 2020, in the database as in the test."""
    directory.clock_set(NOON)
    with clock.at(NOON):
        yield NOON


@pytest.fixture
def world(village: Unit, county: Unit, make_account: MakeAccount, db: None, noon: datetime) -> World:
    return build(village, county, make_account)


@pytest.fixture
def site(world: World, make_unit: Callable[..., Unit], make_account: MakeAccount) -> Site:
    return build_site(world, make_unit, make_account)


@pytest.fixture
def time(world: World) -> Iterator[Time]:
    """Six in the evening, by the house's clock: the temperatures are due. The test itself stands ten days later."""
    time = Time(EVENING)
    directory.clock_set(EVENING)
    ledger.catch_up()
    with clock.at(EVENING + timedelta(days=10)):
        yield time


@pytest.fixture
def phone(world: World, time: Time) -> Phone:
    """The grid worker's phone, with the evening's list."""
    found = Phone(time)
    found.fetch(world.grid_worker)
    return found


@pytest.fixture
def colleague(world: World, make_account: MakeAccount) -> Account:
    """Another account of the same village."""
    return make_account("colleague", world.village, "village_committee")


@pytest.fixture
def enter(client: Client) -> Callable[..., Client]:
    """`enter(account, language="en")`: a browser in which the account is signed in."""

    def signed_in(account: Account, language: str = "zh-hans") -> Client:
        Account.objects.filter(pk=account.pk).update(language=language)
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def office(make_unit: Any) -> Any:
    """The unit of the county that runs the accounts."""
    return make_unit("和平区信息中心", "120101", *ADMINISTRATORS)


@pytest.fixture
def administrator(world: Any, office: Any, make_account: Any) -> Callable[[str], Client]:
    """`administrator("system")`: a browser of that administrator, who showed just now who they are."""

    def signed_in(duty: str) -> Client:
        browser = Client()
        account = make_account(duty, office, f"{duty}_administrator")
        Account.objects.filter(pk=account.pk).update(language="en")
        browser.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        session = browser.session
        session[PROVEN] = real.time()
        session.save()
        return browser

    return signed_in
