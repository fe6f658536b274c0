"""The round: one line a person, one submit, nothing lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.ledger import selectors as ledger
from web.sites import Site

Enter = Callable[..., Client]
URL = "/rooms/round/"


@pytest.fixture
def nurse(site: Site, enter: Enter) -> Client:
    return enter(site.nurse, "en")


def send(browser: Client, site: Site, /, id: str = "", **given: str) -> Any:
    key = str(site.guest.pk)
    shown = browser.get(URL).context["lines"][0].id
    return browser.post(URL, {f"i-{key}": id or shown} | {f"{name}-{key}": text for name, text in given.items()})


def facts(site: Site, kind: str) -> list[Any]:
    with everywhere():
        return [fact for fact in ledger.facts_of(f"person:{site.guest.pk}") if fact.kind == kind]


def test_the_sheet_has_a_line_for_everybody_in_the_order_of_the_rooms(site: Site, nurse: Client) -> None:
    person = f"person:{site.world.first.pk}"
    site.world.happen("isolation.moved", person, clock.now(), place=str(site.rooms[3]))

    shown = nurse.get(URL)

    assert [(line.room, line.guest.name) for line in shown.context["lines"]] == [("301", "丁"), ("304", "甲")]
    assert "2 people to measure" in shown.text
    assert "Morning round" in shown.text


def test_a_line_records_temperature_symptoms_swab_and_need_at_once(site: Site, nurse: Client) -> None:
    answer = send(nurse, site, c="36.8", s="cough", t="1", n="food")

    assert answer.status_code == 302
    assert [fact.data["celsius"] for fact in facts(site, "temperature.read")] == [36.8]
    assert [fact.data["symptoms"] for fact in facts(site, "symptoms.reported")] == [["cough"]]
    assert len(facts(site, "specimen.collected")) == 1
    assert [fact.data["need"] for fact in facts(site, "help.requested")] == ["food"]


def test_no_symptoms_is_said_too(site: Site, nurse: Client) -> None:
    send(nurse, site, s="none")

    assert [fact.data["symptoms"] for fact in facts(site, "symptoms.reported")] == [[]]


def test_a_sheet_sent_twice_is_recorded_once(site: Site, nurse: Client) -> None:
    id = "0197a000-0000-7000-8000-00000000abcd"

    for _ in range(2):
        send(nurse, site, id=id, c="36.8")

    assert len(facts(site, "temperature.read")) == 1


def test_a_comma_is_a_point(site: Site, nurse: Client) -> None:
    send(nurse, site, c="36,8")

    assert facts(site, "temperature.read")[0].data["celsius"] == 36.8


@pytest.mark.parametrize("text", ["368", "hot", "29.9", "nan"])
def test_what_is_no_temperature_stays_on_its_line_with_the_reason(site: Site, nurse: Client, text: str) -> None:
    answer = send(nurse, site, c=text)

    assert answer.status_code == 422
    assert f'value="{text}"' in answer.text
    assert "between 30 and 45" in answer.text
    assert facts(site, "temperature.read") == []


def test_a_wrong_line_does_not_hold_up_the_others(site: Site, nurse: Client) -> None:
    site.world.happen("isolation.moved", f"person:{site.world.first.pk}", clock.now(), place=str(site.rooms[3]))
    form = {f"c-{site.guest.pk}": "36.8", f"c-{site.world.first.pk}": "366"}

    answer = nurse.post(URL, form)

    assert "1 people recorded" in answer.text
    assert len(facts(site, "temperature.read")) == 1


def test_an_empty_sheet_records_nothing(site: Site, nurse: Client) -> None:
    assert send(nurse, site).status_code == 302
    assert facts(site, "temperature.read") == []


def test_only_who_runs_the_site_makes_the_round(site: Site, enter: Enter, make_account: Any) -> None:
    cdc = make_account("cdc", site.world.county, "cdc")

    assert enter(cdc).get(f"{URL}?site={site.unit.pk}").status_code == 403
    assert enter(site.world.commander).get(URL).status_code == 404
    assert enter(site.manager).get(f"{URL}?site=x").status_code == 404
    assert enter(site.world.commander).get(f"{URL}?site={site.unit.pk}").status_code == 200


def test_thirty_people_cost_as_many_queries_as_one(site: Site, nurse: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            nurse.get(URL)
        return len(queries)

    before = cost()
    site.world.happen("isolation.moved", f"person:{site.world.first.pk}", clock.now(), place=str(site.rooms[3]))

    assert cost() == before <= 16
