"""The board: who is being missed, and the rows behind every number."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from bulou.directory import services as directory
from bulou.directory.models import Account, Area, Unit
from bulou.directory.scope import everywhere
from bulou.kernel.clock import SHANGHAI
from bulou.ledger import selectors
from bulou.ledger import services as ledger
from bulou.ledger.selectors import Column, DutyRow

Enter = Callable[..., Client]


def counts() -> dict[str, Column]:
    """The county's columns of the day, as the ledger counts them."""
    with everywhere():
        board = selectors.board("120101", datetime(2020, 2, 10, tzinfo=SHANGHAI).date())
    return {column.no_miss: column for column in board.columns}


def missed(**filters: Any) -> list[DutyRow]:
    """The county's misses, all of them."""
    with everywhere():
        return selectors.misses("120101", limit=1000, **filters).rows


def test_the_board_answers_first_how_many_are_missed_today(world, enter: Enter) -> None:
    page = enter(world.commander, "en").get("/")

    missed = sum(column.today.missed for column in counts().values())
    assert missed > 0
    assert f"<span>{missed}</span></a>" in page.text
    assert "missed in" in page.text


def test_each_miss_on_the_board_says_who_what_by_which_clause_and_whose_job(world, enter: Enter) -> None:
    page = enter(world.commander, "en").get("/")

    for words in ("乙", "Take temperature every morning and evening", "GX-2.1.h", "蓉芳里居委会", "overdue"):
        assert words in page.text


def test_a_grid_is_named_with_its_village(world, enter: Enter) -> None:
    Area.objects.create(code="120101001001001", name="第1网格", name_en="Grid 1", level="grid")
    with everywhere():
        person = directory.person_register(directory.NewPerson("丙", "120101001001001", synthetic=True))
    start = datetime(2020, 2, 8, 5, tzinfo=SHANGHAI)
    world.happen("isolation.started", f"person:{person.pk}", start, area="120101001001001", kind="home")
    ledger.advance()

    rows = enter(world.commander).get("/misses/").context["rows"]

    assert {row.area_name for row in rows if row.name == "丙"} == {"蓉芳里社区 第1网格"}


def test_a_number_opens_exactly_the_rows_it_counts(world, enter: Enter) -> None:
    browser = enter(world.commander, "en")

    page = browser.get("/duties/?area=120101&day=2020-02-10&no_miss=isolation&state=missed")

    assert page.text.count('<td class="lead"') == counts()["isolation"].today.missed > 0


def test_the_board_of_a_part_shows_only_that_part(world, enter: Enter) -> None:
    page = enter(world.commander).get("/areas/120101001002/")

    assert "无一遗漏" in page.text
    assert "乙" not in page.text


def test_the_board_is_written_in_the_language_of_the_account(world, enter: Enter) -> None:
    assert 'lang="zh-Hans"' in enter(world.commander).get("/").text
    assert 'lang="en"' in enter(world.commander, "en").get("/").text


@pytest.mark.parametrize("path", ["/areas/120102/", "/misses/?area=45", "/duties/?area=12"])
def test_another_area_is_refused(world, enter: Enter, path: str) -> None:
    page = enter(world.commander).get(path)

    assert page.status_code == 403
    assert "不在您的职责范围" in page.text


@pytest.mark.parametrize("path", ["/areas/12345/", "/misses/?area=x"])
def test_a_code_that_is_none_is_not_found(world, enter: Enter, path: str) -> None:
    assert enter(world.commander).get(path).status_code == 404


def test_misses_can_be_narrowed_by_no_miss_and_by_clause(world, enter: Enter) -> None:
    browser = enter(world.commander, "en")

    by_family = browser.get("/misses/?no_miss=isolation").text
    by_clause = browser.get("/misses/?clause=GX-2.1.h").text

    assert "Screening" not in by_family.split("<tbody>")[1]
    assert by_clause.count('<td class="lead"') == by_clause.count("Take temperature every morning and evening") > 0


def test_duties_nobody_answers_for_are_a_list_of_their_own(world, enter: Enter) -> None:
    page = enter(world.commander, "en").get("/misses/?unowned=1").text

    assert "nobody holds the role “" in page
    assert "蓉芳里居委会</span>" not in page.split("<tbody>")[1]


def test_a_long_list_goes_on_page_by_page_without_loss(world, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bulou.web.lists.asked.PAGE", 3)
    browser, seen, url = enter(world.commander, "en"), [], "/misses/"

    while url:
        page = browser.get(url)
        seen += [row.row.key for row in page.context["rows"]]
        url = page.context["next_url"]

    assert seen == [row.key for row in missed()]
    assert len(seen) > 3


def test_why_says_the_clause_the_facts_and_the_arithmetic(world, enter: Enter) -> None:
    noon, second = datetime(2020, 2, 10, 12, tzinfo=SHANGHAI), f"person:{world.second.pk}"
    (row,) = [row for row in missed(clause="GX-2.1.h") if row.subject == second and row.due_at == noon]

    page = enter(world.commander, "en").get(f"/duties/{row.key}/").text

    for words in ("桂新冠防指〔2020〕9号", "GX-2.1.h", "it recurs; this one runs", "30 min overdue", "蓉芳里居委会"):
        assert words.lower() in page.lower()


def test_a_duty_that_is_none_is_not_found(world, enter: Enter) -> None:
    assert enter(world.commander).get("/duties/nonsense/").status_code == 404


def test_a_duty_of_another_area_is_not_found(
    world, enter: Enter, stranger: Unit, make_account: Callable[[str, Unit, str], Account]
) -> None:
    row = missed()[0]

    page = enter(make_account("elsewhere", stranger, "county_command")).get(f"/duties/{row.key}/")

    assert page.status_code == 404


def test_when_nothing_is_missed_the_board_says_so(world, enter: Enter) -> None:
    for hour in (7, 8):
        for person in (world.first, world.second):
            world.measure(person, 10, hour)
    ledger.advance()

    page = enter(world.commander, "en").get("/areas/120101002/")

    assert "Nobody is being missed" in page.text
