"""Every request runs in one transaction that sees its account's area and stands at the business clock."""

from collections.abc import Callable
from datetime import datetime

import psycopg
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bulou.config.middleware import CONTENT_POLICY, Frame, PageHeaders
from bulou.directory.models import Account, Area, BusinessClock, Person, Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock

pytestmark = pytest.mark.django_db
View = Callable[[HttpRequest], HttpResponse]
NOON = datetime(2020, 2, 10, 12, tzinfo=clock.SHANGHAI)


@pytest.fixture
def officer(county: Unit, make_account: Callable[[str, Unit, str], Account]) -> Account:
    return make_account("duty-officer", county, "county_command")


@pytest.fixture
def people(areas: dict[str, Area]) -> None:
    with everywhere():
        for code in ("120101001001", "450103"):
            Person.objects.create(name=code, area_id=code)


def ask(view: View, user: Account | AnonymousUser, path: str = "/") -> HttpResponse:
    """A request of a user through the frame, as Django's handler would run it."""
    request = RequestFactory().get(path)
    request.user = user  # type: ignore[assignment]

    def handler(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except Exception as error:
            answer = frame.process_exception(request, error)
            return answer if isinstance(answer, HttpResponse) else HttpResponse(status=500)

    frame = Frame(handler)
    response = frame(request)
    assert isinstance(response, HttpResponse)
    return response


def names(request: HttpRequest) -> HttpResponse:
    return HttpResponse(",".join(Person.objects.values_list("name", flat=True)))


@pytest.mark.usefixtures("people")
def test_a_page_sees_the_accounts_area_and_no_more(officer: Account) -> None:
    assert ask(names, officer).content == b"120101001001"


@pytest.mark.usefixtures("people")
def test_a_stranger_sees_nobody() -> None:
    assert ask(names, AnonymousUser()).content == b""


def test_scope_and_clock_cost_one_query(officer: Account) -> None:
    with CaptureQueriesContext(connection) as queries:
        ask(lambda request: HttpResponse(), officer)

    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len([sql for sql in statements if "business_clock" in sql]) == 1
    assert len(statements) == 2, "the second restores the test's own scope; a request of its own has none to restore"


def test_the_business_clock_stands_for_the_request_and_no_longer(officer: Account) -> None:
    BusinessClock.objects.create(set_to=NOON)
    seen = []

    ask(lambda request: HttpResponse(str(seen.append(clock.now()))), officer)

    assert seen == [NOON]
    assert not clock.is_set()


def test_without_a_drill_the_clock_is_the_real_one(officer: Account) -> None:
    assert ask(lambda request: HttpResponse(str(clock.is_set())), officer).content == b"False"


def test_a_page_speaks_the_accounts_language(officer: Account) -> None:
    officer.language = "en"

    with translation.override("zh-hans"):
        assert ask(lambda request: HttpResponse(translation.get_language() or ""), officer).content == b"en"


def rename(request: HttpRequest) -> HttpResponse:
    Person.objects.update(name="乙")
    return HttpResponse(status=int(request.path.strip("/")))


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("path", "stays"), [("/200/", False), ("/422/", False), ("/500/", True)])
def test_what_a_failed_page_wrote_is_undone(officer: Account, path: str, stays: bool) -> None:
    ask(rename, officer, path)

    assert (ask(names, officer).content == b"120101001001") is stays


@pytest.mark.usefixtures("people")
def test_what_a_page_wrote_before_it_raised_is_undone(officer: Account) -> None:
    def fail(request: HttpRequest) -> HttpResponse:
        rename(request)
        raise ValueError

    assert ask(fail, officer, "/200/").status_code == 500
    assert ask(names, officer).content == b"120101001001"


def test_a_full_disk_is_told_in_both_languages(officer: Account) -> None:
    def full(request: HttpRequest) -> HttpResponse:
        raise OperationalError from psycopg.errors.DiskFull()

    page, api = ask(full, officer), ask(full, officer, "/api/v1/facts")

    assert page.status_code == api.status_code == 503
    assert "磁盘已满" in page.content.decode()
    assert "disk is full" in page.content.decode()
    assert b"database.full" in api.content
    assert api.headers["Content-Type"] == "application/json"


def test_a_database_that_is_down_is_told_before_any_page_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("bulou.config.middleware.scope.for_account", down)

    answer = ask(names, AnonymousUser())

    assert answer.status_code == 503
    assert "连不上数据库" in answer.content.decode()


def test_a_wrong_query_is_not_blamed_on_the_database(officer: Account) -> None:
    def wrong(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return HttpResponse()

    assert ask(wrong, officer).status_code == 500


def test_pages_load_nothing_from_elsewhere_and_stay_in_no_cache() -> None:
    response = PageHeaders(lambda request: HttpResponse())(RequestFactory().get("/"))

    assert response.headers["Content-Security-Policy"] == CONTENT_POLICY
    assert response.headers["Cache-Control"] == "no-store"
    assert "http" not in CONTENT_POLICY
