"""The line list, the curve, and one case."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.test import Client

from bulou.directory.models import AccessLog
from bulou.directory.scope import everywhere
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger

Enter = Callable[..., Client]


def episode(number: int) -> str:
    return f"episode:{uuid5(UUID(int=0), str(number))}"


def confirm(number: int, person: UUID, day: int, **data: Any) -> None:
    said = {"disease": "covid-19-2020", "person": f"person:{person}", "case_no": f"TJ{number}"} | data
    at = datetime(2020, 2, day, 10, tzinfo=SHANGHAI)
    fact = Fact(str(new_id()), "episode.confirmed", episode(number), "120101001001", at, data=said)
    assert ledger.record([fact], allow_future=True).refused == ()


@pytest.fixture
def outbreak(world) -> Any:
    """Three cases: two confirmed by now, the second caught from the first; one confirmed tomorrow."""
    confirm(1, world.first.pk, 7, onset_on="2020-02-03", severity="severe", source_text="武汉")
    links = [{"episode": episode(1), "relation": "family"}]
    confirm(2, world.second.pk, 9, onset_on="2020-02-05", severity="mild", source_text="家庭", links=links)
    confirm(10, world.second.pk, 11, severity="mild")
    return world


def numbers(page: Any) -> list[str]:
    return [line.number for line in page.context["rows"]]


def test_cases_later_than_the_clock_are_greyed_and_counted_apart(outbreak, enter: Enter) -> None:
    page = enter(outbreak.commander, "en").get("/cases/")

    assert "3 loaded, 2 confirmed by" in page.text
    assert "1 confirmed later, not counted" in page.text
    assert page.text.count('<tr class="later">') == 1


def test_episodes_never_confirmed_are_a_list_of_their_own(outbreak, enter: Enter) -> None:
    at = datetime(2020, 2, 9, 10, tzinfo=SHANGHAI)
    data = {"disease": "covid-19-2020", "person": f"person:{outbreak.first.pk}"}
    fact = Fact(str(new_id()), "episode.suspected", episode(99), "120101001001", at, data=data)
    ledger.record([fact])
    browser = enter(outbreak.commander, "en")

    assert numbers(browser.get("/cases/")) == ["TJ1", "TJ2", "TJ10"]
    others = browser.get("/cases/?others=1")
    assert [line.status for line in others.context["rows"]] == ["suspected"]
    assert "Suspected or excluded 1" in others.text


def test_a_line_says_sex_age_onset_source_severity_and_links(outbreak, enter: Enter) -> None:
    page = enter(outbreak.commander, "en").get("/cases/")

    line = page.context["rows"][1]
    assert (line.number, line.sex, line.severity, line.case.source) == ("TJ2", "female", "mild", "家庭")
    assert [(link.number, link.relation) for link in line.links] == [("TJ1", "family")]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["TJ1", "TJ2", "TJ10"]),
        ("sort=-number", ["TJ10", "TJ2", "TJ1"]),
        ("sort=-onset", ["TJ2", "TJ1", "TJ10"]),
        ("sort=severity", ["TJ2", "TJ10", "TJ1"]),
        ("sort=nonsense", ["TJ1", "TJ2", "TJ10"]),
        ("severity=severe", ["TJ1"]),
        ("find=武汉", ["TJ1"]),
        ("find=tj10", ["TJ10"]),
        ("area=120102", []),
    ],
)
def test_the_list_is_sorted_and_narrowed(outbreak, enter: Enter, query: str, expected: list[str]) -> None:
    assert numbers(enter(outbreak.commander, "en").get(f"/cases/?{query}")) == expected


def test_the_curve_is_drawn_from_the_rows_and_stands_as_a_table_behind(outbreak, enter: Enter) -> None:
    page = enter(outbreak.commander, "en").get("/cases/")

    assert page.context["curve"]["days"][0] == "2020-02-03"
    assert sum(page.context["curve"]["confirmed"]) == 2
    assert sum(page.context["curve"]["onset"]) == 2
    assert "2 confirmed from 2020-02-03 to 2020-02-09; most, 1, on 2020-02-07." in page.text
    assert "<td>2020-02-07</td>" in page.text


def test_without_cases_the_page_says_so(world, enter: Enter) -> None:
    page = enter(world.commander, "en").get("/cases/").text

    assert "0 loaded, 0 confirmed" in page
    assert "No case answers to this filter" in page


def test_one_case_shows_whom_it_hangs_on_and_who_hangs_on_it(outbreak, enter: Enter) -> None:
    browser = enter(outbreak.commander, "en")

    first = browser.get(f"/cases/{episode(1).partition(':')[2]}/")
    second = browser.get(f"/cases/{episode(2).partition(':')[2]}/")

    assert [link.number for link in first.context["linked_from"]] == ["TJ2"]
    assert [link.number for link in second.context["line"].links] == ["TJ1"]
    assert "Case confirmed" in first.text


def test_a_look_at_a_case_is_on_record(outbreak, enter: Enter) -> None:
    enter(outbreak.commander).get(f"/cases/{episode(1).partition(':')[2]}/")

    with everywhere():
        assert [look.subject for look in AccessLog.objects.all()] == [episode(1)]
