"""Every test run has a house of its own: a data directory, an embedded server in it, and secrets, gone at the end.

Tables are made as the owner; the tests then run as `bulou_app`, so row-level security holds for them too: a test that
reads people, places, facts or duties enters a scope first.
"""

import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import django
import pytest

HOME = Path(tempfile.mkdtemp(prefix="bulou-test-"))
for name in [name for name in os.environ if name.startswith("BULOU_")]:
    del os.environ[name]
os.environ.update(
    DJANGO_SETTINGS_MODULE="bulou.config.settings",
    BULOU_DATA_DIR=str(HOME),
    BULOU_ROLE="owner",
    BULOU_DATABASE_KEEP="off",
    BULOU_MFA="optional",
    BULOU_DATABASE_OPTIONS="fsync=off,full_page_writes=off,synchronous_commit=off",
)
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402

from bulou.config.database import APP_ROLE, embedded  # noqa: E402
from bulou.directory import scope as scopes  # noqa: E402
from bulou.directory.models import Account, Area, Unit, UnitRole  # noqa: E402

AREAS = {
    "": "全国",
    "12": "天津市",
    "1201": "市辖区",
    "120101": "和平区",
    "120101001": "劝业场街道",
    "120101001001": "蓉芳里社区",
    "120101001002": "兆丰路社区",
    "120102": "河东区",
    "45": "广西壮族自治区",
    "4501": "南宁市",
    "450103": "青秀区",
}
"""A small country: two provinces."""
PATIENCE = 60
"""Seconds in which a server under test has answered a browser that is gone."""
PASSWORD = "secret"
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a real one takes half a second


def pytest_unconfigure() -> None:
    server = embedded()
    if server and server.cluster.root.exists():
        server.erase()
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """The test database, made as its owner and from then on used as the application."""
    options = connection.settings_dict["OPTIONS"]
    connection.close()
    options["assume_role"] = APP_ROLE
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: _leave_nothing())
        yield
    connection.close()
    del options["assume_role"]


@pytest.fixture(scope="session")
def new_house() -> Callable[[], Path]:
    """`new_house()`: a data directory for one more server. Pytest's own would be closed to the server's user."""
    return lambda: Path(tempfile.mkdtemp(dir=HOME, prefix="house-"))


@pytest.fixture
def scope() -> Callable[[str], AbstractContextManager[None]]:
    """`with scope("12"): …`: what a session of that area sees; the empty code is the whole country."""
    return scopes.scope


@pytest.fixture
def areas(db: None) -> dict[str, Area]:
    """The areas of `AREAS`, by code."""
    rows = [Area(code=code, name=name, name_en=name, level="") for code, name in AREAS.items()]
    return {area.code: area for area in Area.objects.bulk_create(rows)}


@pytest.fixture
def make_unit(areas: dict[str, Area]) -> Callable[..., Unit]:
    """`make_unit(name, area, *roles)`: a unit as the services would make it, without their checks."""

    def make(name: str, area: str, *roles: str) -> Unit:
        unit = Unit.objects.create(name=name, area_id=area)
        UnitRole.objects.bulk_create(UnitRole(unit=unit, role=role, area=area) for role in roles)
        return unit

    return make


@pytest.fixture
def make_account() -> Callable[[str, Unit, str], Account]:
    """`make_account(username, unit, role)`: an account that signs in with `PASSWORD`."""

    def make(username: str, unit: Unit, role: str) -> Account:
        account = Account(username=username, unit=unit, role=role)
        account.set_password(PASSWORD)
        account.save()
        return account

    return make


@pytest.fixture
def village(make_unit: Callable[..., Unit]) -> Unit:
    """The committee of village 120101001001."""
    return make_unit("蓉芳里居委会", "120101001001", "village_committee")


@pytest.fixture
def county(make_unit: Callable[..., Unit]) -> Unit:
    """The command post of county 120101."""
    return make_unit("和平区指挥部", "120101", "county_command")


@pytest.fixture
def stranger(make_unit: Callable[..., Unit]) -> Unit:
    """A county command of another province."""
    return make_unit("青秀区指挥部", "450103", "county_command")


def _leave_nothing() -> None:
    _finish_answering()
    _empty_all_tables()


def _finish_answering() -> None:
    """A page closed in mid-request is still being answered; the server's threads end with their connections."""
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(PATIENCE)
            assert not thread.is_alive(), "a browser's connection was left open: close its context in the test"


def _empty_all_tables() -> None:
    """What a test that really commits left behind, removed as the owner: the application may not delete."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(
            "SELECT string_agg(oid::regclass::text, ', ') FROM pg_class"
            " WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace"
            " AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')"
        )
        cursor.execute(f"TRUNCATE {cursor.fetchone()[0]} RESTART IDENTITY CASCADE")
        cursor.execute("SET ROLE bulou_app")
