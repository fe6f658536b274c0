"""The pages of exports: asking from a list, waiting, agreeing, fetching, and who took what."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from bulou.directory.models import Account
from bulou.directory.scope import everywhere
from bulou.directory.session_store import PROVEN
from bulou.exchange.exports import files
from bulou.exchange.exports.models import Export, ExportEvent

from .conftest import do

Enter = Callable[..., Client]
NEW = "/exports/new/?list=people&query=area%3D120101%26sex%3Dmale"
GOOD = {"list": "people", "query": "area=120101&sex=male", "format": "csv", "purpose": "report"}


@pytest.fixture
def colleague(county: Any, make_account: Callable[..., Account]) -> Account:
    return make_account("colleague", county, "county_command")


def asked(browser: Client, **changes: str) -> Export:
    answer = browser.post("/exports/ask/", GOOD | changes)
    assert answer.status_code == 302, answer.text
    with everywhere():
        export = Export.objects.latest("asked_at")
    assert answer["Location"] == f"/exports/{export.id}/"
    return export


def text_of(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode("utf-8-sig")


@pytest.mark.parametrize("path", ["/people/", "/places/", "/units/", "/cases/", "/misses/", "/duties/", "/alerts/"])
def test_every_list_offers_itself_as_a_file_but_not_to_those_on_foot(path: str, world: Any, enter: Enter) -> None:
    link = f'href="/exports/new/?list={path.strip("/")}'

    assert link in enter(world.commander).get(path).text
    assert link not in enter(world.grid_worker).get(path).text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/exports/"),
        ("get", NEW),
        ("post", "/exports/ask/"),
        ("get", f"/exports/{uuid4()}/"),
        ("post", f"/exports/{uuid4()}/decide/"),
        ("get", f"/exports/{uuid4()}/file/"),
    ],
)
def test_by_address_those_on_foot_are_refused_too(method: str, path: str, world: Any, enter: Enter) -> None:
    browser = enter(world.grid_worker)

    assert getattr(browser, method)(path, GOOD if method == "post" else None).status_code == 403


def test_the_form_says_what_will_be_in_the_file(world: Any, enter: Enter) -> None:
    page = enter(world.commander, "en").get(NEW).text

    assert "People" in page
    assert "male" in page
    assert 'name="full"' in page
    assert "more than" not in page


def test_without_a_purpose_the_form_comes_back_with_what_was_entered(world: Any, enter: Enter) -> None:
    given = GOOD | {"purpose": "", "format": "json", "detail": "weekly"}

    answer = enter(world.commander, "en").post("/exports/ask/", given)

    assert answer.status_code == 422
    assert "Say what it is for" in answer.text
    assert 'value="weekly"' in answer.text
    assert '<option value="json" selected>' in answer.text


@pytest.mark.parametrize("changes", [{"list": "nonsense"}, {"list": ""}])
def test_there_is_no_form_for_what_is_no_list(changes: dict[str, str], world: Any, enter: Enter) -> None:
    browser = enter(world.commander)

    assert browser.post("/exports/ask/", GOOD | changes).status_code == 404
    assert browser.get(f"/exports/new/?list={changes['list']}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"), [("get", NEW), ("post", "/exports/ask/"), ("post", f"/exports/{uuid4()}/decide/")]
)
def test_whoever_asks_or_decides_shows_first_who_they_are(method: str, path: str, world: Any, enter: Enter) -> None:
    browser = enter(world.commander)
    session = browser.session
    session[PROVEN] = 0
    session.save()

    answer = getattr(browser, method)(path, GOOD if method == "post" else None)

    assert answer.headers["Location"].startswith("/account/confirm/?next=")
    with everywhere():
        assert not Export.objects.exists()


@pytest.mark.parametrize(("name", "role"), [("accounts", "system_administrator"), ("looks", "audit_administrator")])
def test_what_is_the_administrators_page_is_their_file_alone(
    name: str, role: str, world: Any, enter: Enter, make_account: Callable[..., Account]
) -> None:
    whose = enter(make_account("whose", world.county, role), "en")
    form = whose.get(f"/exports/new/?list={name}")
    export = asked(whose, list=name, query="")
    done = do(export)

    browser = enter(world.commander)

    assert (form.status_code, done.state) == (200, "done")
    assert browser.get(f"/exports/new/?list={name}").status_code == 403
    assert browser.post("/exports/ask/", GOOD | {"list": name}).status_code == 403


def test_an_area_that_is_not_ones_own_is_refused(world: Any, enter: Enter) -> None:
    assert enter(world.commander).get("/exports/new/?list=people&query=area%3D120102").status_code == 403


def test_a_file_is_asked_for_made_and_fetched(world: Any, enter: Enter) -> None:
    browser = enter(world.commander, "en")
    export = asked(browser)
    assert "every 1s" in browser.get(f"/exports/{export.id}/").text
    assert browser.get(f"/exports/{export.id}/file/").status_code == 404

    do(export)
    page = browser.get(f"/exports/{export.id}/").text
    answer = browser.get(f"/exports/{export.id}/file/")

    assert "Ready" in page
    assert f'href="/exports/{export.id}/file/"' in page
    assert answer["Content-Disposition"].startswith('attachment; filename="people-')
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    assert [line.split(",")[0] for line in text_of(answer).splitlines()] == ["Name", "甲"]
    with everywhere():
        fetched = ExportEvent.objects.get(act="downloaded")
    assert (fetched.account, fetched.ip) == (world.commander.pk, "127.0.0.1")


def test_nobody_else_fetches_it(world: Any, enter: Enter, colleague: Account) -> None:
    export = asked(enter(world.commander))
    do(export)

    browser = enter(colleague, "en")
    assert browser.get(f"/exports/{export.id}/file/").status_code == 404
    assert "Fetch the file" not in browser.get(f"/exports/{export.id}/").text


def test_a_file_whose_time_is_over_is_gone_and_says_so(world: Any, enter: Enter, settings: Any, folder: Path) -> None:
    browser = enter(world.commander, "en")
    export = asked(browser)
    do(export)

    settings.EXPORT_HOURS = 0
    answer = browser.get(f"/exports/{export.id}/file/")

    assert answer.status_code == 410
    assert "expired" in answer.text
    assert "Expired" in browser.get(f"/exports/{export.id}/").text
    assert files.purge() == 1
    assert list(folder.iterdir()) == []


def test_files_whose_time_is_not_over_are_left(world: Any, enter: Enter, folder: Path) -> None:
    export = asked(enter(world.commander))
    do(export)

    assert files.purge() == 0
    assert [path.name for path in folder.iterdir()] == [f"{export.id}.csv"]


def test_a_folder_a_killed_attempt_left_is_removed_in_time(folder: Path, settings: Any) -> None:
    (files.folder() / "x-half").mkdir()
    (folder / "x-half" / "x.csv").touch()
    settings.EXPORT_HOURS = 0

    assert files.purge() == 1
    assert list(folder.iterdir()) == []


class TestASecondPerson:
    @pytest.fixture(autouse=True)
    def few(self, settings: Any) -> None:
        settings.EXPORT_APPROVAL = 0

    def test_is_asked_for_on_the_form_and_on_the_page(self, world: Any, enter: Enter) -> None:
        browser = enter(world.commander, "en")

        assert "another person of this area" in browser.get(NEW).text
        page = browser.get(f"/exports/{asked(browser).id}/").text
        assert "Waits for a second person" in page
        assert "Agree<" not in page

    def test_finds_it_waiting_and_agrees(self, world: Any, enter: Enter, colleague: Account) -> None:
        export = asked(enter(world.commander))
        browser = enter(colleague, "en")

        assert "1 export waits for your word" in browser.get("/exports/").text
        assert f'href="/exports/{export.id}/"' in browser.get("/exports/?whose=decide").text
        assert "Agree<" in browser.get(f"/exports/{export.id}/").text
        page = browser.post(f"/exports/{export.id}/decide/", {"approve": "1", "note": "weekly"}, follow=True).text

        assert "Agreed: the file is being made." in page
        assert "Decided by" in page
        assert "weekly" in page
        assert do(export).state == "done"

    def test_may_refuse_and_whoever_comes_later_is_told(
        self, world: Any, enter: Enter, colleague: Account, make_account: Any
    ) -> None:
        third = make_account("third", world.county, "county_command")
        export = asked(enter(world.commander))
        enter(colleague).post(f"/exports/{export.id}/decide/", {"approve": "0"})

        page = enter(third, "en").post(f"/exports/{export.id}/decide/", {"approve": "1"}, follow=True).text

        assert "already" in page
        assert "Refused" in page

    def test_is_never_the_one_who_asked(self, world: Any, enter: Enter) -> None:
        browser = enter(world.commander)
        export = asked(browser)

        assert browser.post(f"/exports/{export.id}/decide/", {"approve": "1"}).status_code == 403


def test_those_who_audit_see_who_took_what_and_others_their_own(world: Any, enter: Enter, make_account: Any) -> None:
    teacher = make_account("teacher", world.county, "education_bureau")
    export = asked(enter(world.commander), detail="weekly figures")

    audited = enter(make_account("audit", world.county, "supervision_group"), "en").get("/exports/?whose=area").text
    own = enter(teacher, "en").get("/exports/?whose=area").text

    assert "Who took what in my area" in audited
    assert "Who took what in my area" not in own
    assert "weekly figures" in audited
    assert "command · 和平区指挥部" in audited
    assert "weekly figures" not in own
    assert enter(teacher).get(f"/exports/{export.id}/").status_code == 200, "may agree, so may look"


def test_what_lies_in_another_area_is_not_there(world: Any, enter: Enter, make_unit: Any, make_account: Any) -> None:
    beside = make_account("beside", make_unit("河东区指挥部", "120102", "county_command"), "county_command")
    export = asked(enter(world.commander))

    browser = enter(beside)

    assert browser.get(f"/exports/{export.id}/").status_code == 404
    assert browser.post(f"/exports/{export.id}/decide/", {"approve": "1"}).status_code == 404
    assert str(export.id) not in browser.get("/exports/").text


def test_the_page_takes_a_fixed_number_of_queries(world: Any, enter: Enter, django_assert_max_num_queries: Any) -> None:
    browser = enter(world.commander)
    for _ in range(5):
        asked(browser)

    with django_assert_max_num_queries(20):
        page = browser.get("/exports/").text

    assert page.count('class="name"') == 5


def test_the_list_is_narrowed_and_sorted_by_its_address(world: Any, enter: Enter) -> None:
    browser = enter(world.commander, "en")
    export = asked(browser)
    one = f'href="/exports/{export.id}/"'

    assert one in browser.get("/exports/?list=people&format=csv&sort=-people").text
    assert one not in browser.get("/exports/?list=cases").text
    assert one not in browser.get("/exports/?format=xlsx").text
    assert 'aria-sort="ascending"' in browser.get("/exports/?sort=asked").text


def test_a_job_that_ended_leads_on_to_its_export(world: Any, enter: Enter) -> None:
    browser = enter(world.commander, "en")
    export = asked(browser)
    job = do(export)

    assert f'href="/exports/{export.id}/"' in browser.get(f"/jobs/{job.id}/").text
