"""My list: what my unit owes today, done with a tap, taken back with another."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from bulou.directory.models import Account, Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.ids import new_id
from bulou.ledger import selectors
from bulou.ledger import services as ledger
from bulou.ledger.selectors import DutyRow

Enter = Callable[..., Client]
TEMPERATURE = "guangxi-2020-9/twice-daily-temperature"
EVENING = datetime(2020, 2, 10, 18, tzinfo=SHANGHAI)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def evening(world, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The clock at six: the evening's temperatures are due."""
    from bulou.directory import services

    services.clock_set(EVENING)
    with clock.at(EVENING):
        ledger.advance()
        yield world


def due(world, person, duty: str = TEMPERATURE) -> DutyRow:
    """The person's open duty of a kind, as the village's list has it."""
    with everywhere():
        rows = selectors.my_list(world.village.pk, clock.now())
    (row,) = [r for r in rows if r.subject == f"person:{person.pk}" and r.duty == duty and r.state == "open"]
    return row


def facts(world, person) -> list[selectors.FactRow]:
    with everywhere():
        return selectors.facts_of(f"person:{person.pk}")


def tap(browser: Client, row: DutyRow, **entered: Any) -> Any:
    form = {"id": str(new_id()), "key": row.key, "group": _group_of(browser, row)} | entered
    return browser.post("/my/record/", form, headers=HTMX)


def _group_of(browser: Client, row: DutyRow) -> str:
    groups = browser.get("/my/").context["groups"]
    (key,) = [group.key for group in groups for task in group.tasks if task.row.key == row.key]
    return key


def test_the_list_is_gathered_by_household_with_its_address(evening, enter: Enter) -> None:
    page = enter(evening.grid_worker, "en").get("/my/")

    (home,) = [group for group in page.context["groups"] if group.icon == "home"]
    assert home.name == "滨江道88号3门201"
    assert {task.name for task in home.tasks} == {"甲", "乙"}


def test_what_is_due_first_stands_first_and_what_is_done_last(evening, enter: Enter) -> None:
    evening.measure(evening.first, 10, 17)

    page = enter(evening.grid_worker, "en").get("/my/")

    (home,) = [group for group in page.context["groups"] if group.icon == "home"]
    assert [task.finished for task in home.tasks] == sorted(task.finished for task in home.tasks)
    open_times = [task.row.due_at for task in home.tasks if not task.finished]
    assert open_times == sorted(open_times)


def test_a_temperature_is_recorded_and_the_household_comes_back_done(evening, enter: Enter) -> None:
    browser, row = enter(evening.grid_worker, "en"), due(evening, evening.first)

    answer = tap(browser, row, **{"data.celsius": "36.8"})

    assert answer.status_code == 200
    latest = facts(evening, evening.first)[0]
    assert (latest.kind, latest.data["celsius"], latest.by) == ("temperature.read", 36.8, f"unit:{evening.village.pk}")
    assert latest.at == EVENING
    (done,) = [task for task in answer.context["group"].tasks if task.row.key == row.key]
    assert (done.row.state, done.undo) == ("met", str(latest.id))
    assert 'id="progress" hx-swap-oob="true"' in answer.text


def test_the_same_form_sent_twice_records_once(evening, enter: Enter) -> None:
    browser, row = enter(evening.grid_worker, "en"), due(evening, evening.first)
    before, id = len(facts(evening, evening.first)), str(new_id())

    for _ in range(2):
        tap(browser, row, id=id, **{"data.celsius": "36.8"})

    assert len(facts(evening, evening.first)) == before + 1


def test_a_number_out_of_range_is_refused_beside_the_field_and_kept_there(evening, enter: Enter) -> None:
    browser, row = enter(evening.grid_worker, "en"), due(evening, evening.first)
    before = len(facts(evening, evening.first))

    answer = tap(browser, row, **{"data.celsius": "366"})

    assert answer.status_code == 422
    assert 'value="366"' in answer.text
    assert "At most 45.0. Check the number." in answer.text
    assert len(facts(evening, evening.first)) == before


def test_undo_withdraws_the_fact_and_the_duty_is_due_again(evening, enter: Enter) -> None:
    browser, row = enter(evening.grid_worker, "en"), due(evening, evening.first)
    tap(browser, row, **{"data.celsius": "36.8"})
    recorded = str(facts(evening, evening.first)[0].id)
    form = {"id": str(new_id()), "key": row.key, "fact": recorded, "group": _group_of(browser, row)}

    answer = browser.post("/my/undo/", form, headers=HTMX)

    assert answer.status_code == 200
    assert due(evening, evening.first).key == row.key
    withdrawn = [fact for fact in facts(evening, evening.first) if str(fact.id) == recorded]
    assert [fact.effective for fact in withdrawn] == [False]


def test_a_fact_of_somebody_else_cannot_be_taken_back(evening, enter: Enter) -> None:
    browser, row = enter(evening.grid_worker, "en"), due(evening, evening.first)
    form = {"id": str(new_id()), "key": row.key, "fact": str(new_id()), "group": _group_of(browser, row)}

    answer = browser.post("/my/undo/", form, headers=HTMX)

    assert answer.status_code == 409
    assert "can no longer be taken back" in answer.text


def test_a_duty_of_another_unit_cannot_be_recorded_here(evening, enter: Enter) -> None:
    row = due(evening, evening.first)
    before = len(facts(evening, evening.first))

    form = {"id": str(new_id()), "key": row.key, "group": "x", "data.celsius": "36.8"}
    answer = enter(evening.commander, "en").post("/my/record/", form, headers=HTMX)

    assert "no longer on your list" in answer.text
    assert len(facts(evening, evening.first)) == before


def test_an_id_that_names_another_fact_is_refused_and_said(evening, enter: Enter) -> None:
    browser, row = enter(evening.grid_worker, "en"), due(evening, evening.first)
    taken = str(facts(evening, evening.second)[0].id)

    answer = tap(browser, row, id=taken, **{"data.celsius": "36.8"})

    assert answer.status_code == 409
    assert "already names a different fact" in answer.text


def test_without_scripts_the_form_works_and_returns_to_the_list(evening, enter: Enter) -> None:
    browser, row = enter(evening.grid_worker, "en"), due(evening, evening.first)
    form = {"id": str(new_id()), "key": row.key, "group": _group_of(browser, row), "data.celsius": "36.8"}

    answer = browser.post("/my/record/", form)

    assert (answer.status_code, answer["Location"]) == (302, "/my/")
    assert facts(evening, evening.first)[0].kind == "temperature.read"


def test_without_scripts_a_refusal_is_said_on_the_list(evening, enter: Enter) -> None:
    browser, row = enter(evening.grid_worker, "en"), due(evening, evening.first)
    form = {"id": str(new_id()), "key": row.key, "group": "", "data.celsius": ""}

    page = browser.post("/my/record/", form, follow=True)

    assert "Nothing was recorded" in page.text


def test_a_unit_that_owes_nothing_is_told_so(
    evening, enter: Enter, make_unit: Callable[..., Unit], make_account: Callable[[str, Unit, str], Account]
) -> None:
    clinic = make_unit("卫生院", "120101001002", "township_clinic")

    page = enter(make_account("clinic", clinic, "township_clinic"), "en").get("/my/")

    assert "Nothing is owed today" in page.text


def test_recording_takes_a_post(world, enter: Enter) -> None:
    assert enter(world.grid_worker).get("/my/record/").status_code == 405
