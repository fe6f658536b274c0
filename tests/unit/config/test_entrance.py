"""A session, its account, scope and clock are found in one question, and never outlive what they rest on."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bulou.config.middleware import Frame
from bulou.directory.models import Account, Area, Person, Session, Unit
from bulou.directory.scope import everywhere

pytestmark = pytest.mark.django_db
Enter = Callable[..., str]


@pytest.fixture
def officer(county: Unit, make_account: Callable[[str, Unit, str], Account]) -> Account:
    return make_account("duty-officer", county, "county_command")


@pytest.fixture
def key(officer: Account) -> str:
    return signed_in(officer)


@pytest.fixture(autouse=True)
def people(areas: dict[str, Area]) -> None:
    with everywhere():
        for code in ("120101001001", "450103"):
            Person.objects.create(name=code, area_id=code)


def signed_in(account: Account) -> str:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return str(client.session.session_key)


def ask(key: str) -> str:
    """Who somebody with this session is taken for, and whom they see."""
    from django.contrib.auth.middleware import AuthenticationMiddleware
    from django.contrib.sessions.middleware import SessionMiddleware

    def page(request: HttpRequest) -> HttpResponse:
        seen = ",".join(Person.objects.values_list("name", flat=True))
        return HttpResponse(f"{request.user.get_username() or 'nobody'}: {seen}")

    request = RequestFactory().get("/", headers={"Cookie": f"bulou-session={key}"})
    layers = SessionMiddleware(AuthenticationMiddleware(Frame(page)))  # type: ignore[arg-type]
    return layers(request).content.decode()  # type: ignore[union-attr]


def test_an_account_is_known_by_its_session_and_sees_its_area(key: str) -> None:
    assert [ask(key), ask(key)] == ["duty-officer: 120101001001"] * 2


def test_it_takes_one_query(key: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        ask(key)

    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len([sql for sql in statements if "account" in sql]) == 1
    assert len(statements) == 3, "the page's own query, and the test's scope restored"


@pytest.mark.parametrize("served", [False, True])
@pytest.mark.parametrize(
    "act",
    [
        lambda officer, key: Account.objects.filter(pk=officer.pk).update(is_active=False),
        lambda officer, key: Account.objects.filter(pk=officer.pk).update(password="another"),
        lambda officer, key: Session.objects.filter(pk=key).delete(),
        lambda officer, key: Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1)),
        lambda officer, key: Session.objects.filter(pk=key).update(session_data="forged:by:hand"),
    ],
    ids=["closed", "new password", "ended", "expired", "forged"],
)
def test_what_a_session_rests_on_is_looked_at_each_time(
    officer: Account, key: str, served: bool, act: Callable[[Account, str], object]
) -> None:
    if served:
        ask(key)
    act(officer, key)

    assert ask(key) == "nobody: "


def test_a_session_that_has_become_somebody_elses_is_theirs(
    officer: Account, key: str, stranger: Unit, make_account: Callable[[str, Unit, str], Account]
) -> None:
    ask(key)
    other = signed_in(make_account("far", stranger, "county_command"))
    Session.objects.filter(pk=key).update(session_data=Session.objects.get(pk=other).session_data)

    assert ask(key) == "far: 450103"


def test_an_account_that_moved_to_another_unit_sees_that_units_area(officer: Account, key: str, stranger: Unit) -> None:
    ask(key)
    Account.objects.filter(pk=officer.pk).update(unit=stranger)

    assert ask(key) == "duty-officer: 450103"


def test_a_session_made_up_is_a_stranger(db: None) -> None:
    assert ask("n" * 32) == "nobody: "


def test_a_session_is_noted_as_seen_once_in_a_while(key: str) -> None:
    long_ago = timezone.now() - timedelta(minutes=6)
    Session.objects.filter(pk=key).update(seen_at=long_ago)

    assert ask(key) == "duty-officer: 120101001001"
    assert Session.objects.get(pk=key).seen_at > long_ago
