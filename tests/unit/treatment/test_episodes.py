"""The line list and the curve, from facts."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.no_miss.treatment import episodes
from bulou.no_miss.treatment.episodes import Case

NOON = datetime(2020, 2, 10, 12, tzinfo=SHANGHAI)


def happened(kind: str, days: float, episode: str = "a", **data: Any) -> Fact:
    """A fact so many days after noon of 10 February."""
    at = NOON + timedelta(days=days)
    return Fact(f"{episode}{kind}{days}", kind, f"episode:{episode}", "120101", at, data=data)


def confirmed(days: float, episode: str = "a", **data: Any) -> Fact:
    said = {"disease": "covid-19-2020", "person": f"person:{episode}", "case_no": f"TJ{episode}"} | data
    return happened("episode.confirmed", days, episode, **said)


def only(*facts: Fact) -> Case:
    (case,) = episodes.line_list(facts, NOON)
    return case


def test_a_confirmed_case_carries_what_the_fact_says() -> None:
    links = [{"episode": "episode:b", "relation": "family"}]

    case = only(confirmed(-3, onset_on="2020-02-04", severity="severe", source_text="武汉", links=links))

    assert (case.number, case.person, case.area) == ("TJa", "person:a", "120101")
    assert (case.onset, case.confirmed) == (date(2020, 2, 4), date(2020, 2, 7))
    assert (case.status, case.severity, case.source) == ("confirmed", "severe", "武汉")
    assert case.links == (episodes.Link("episode:b", "family"),)
    assert not case.later


def test_a_case_that_begins_after_the_clock_is_listed_but_not_counted() -> None:
    cases = episodes.line_list([confirmed(-1, "1"), confirmed(+1, "2")], NOON)

    assert [case.later for case in cases] == [False, True]
    assert episodes.totals(cases) == episodes.Totals(loaded=2, confirmed=1, dated=0, later=1, others=0)


def test_a_case_suspected_by_now_and_confirmed_later_is_still_suspected() -> None:
    case = only(happened("episode.suspected", -1, person="person:a"), confirmed(+1, severity="severe"))

    assert (case.status, case.confirmed, case.severity, case.later) == ("suspected", None, "", False)


def test_the_severity_is_the_last_one_known_by_now() -> None:
    changes = [happened("severity.changed", day, severity=grade) for day, grade in ((-1, "severe"), (1, "critical"))]

    assert only(confirmed(-2, severity="mild"), *changes).severity == "severe"


def test_facts_may_come_in_any_order() -> None:
    facts = [happened("severity.changed", -1, severity="severe"), confirmed(-2, severity="mild")]

    assert only(*facts) == only(*reversed(facts))


@pytest.mark.parametrize("kind", ["episode.discharged", "episode.died"])
def test_the_outcome_is_that_of_the_last_fact(kind: str) -> None:
    assert only(confirmed(-5), happened(kind, -1)).outcome == kind.removeprefix("episode.")


def test_an_excluded_case_is_not_counted_as_confirmed() -> None:
    cases = episodes.line_list([confirmed(-2), happened("episode.excluded", -1)], NOON)

    assert episodes.totals(cases).confirmed == 0


def test_an_episode_never_confirmed_is_counted_apart_and_stands_last() -> None:
    suspected = happened("episode.suspected", -1, "s", person="person:s")

    cases = episodes.line_list([suspected, confirmed(-1, "1")], NOON)

    assert [case.number for case in cases] == ["TJ1", ""]
    assert episodes.totals(cases) == episodes.Totals(loaded=1, confirmed=1, dated=0, later=0, others=1)


def test_an_infection_without_symptoms_counts_as_a_case() -> None:
    cases = episodes.line_list([happened("episode.asymptomatic", -1, case_no="TJ1")], NOON)

    assert (cases[0].is_case, episodes.totals(cases).confirmed) == (True, 1)


def test_facts_without_a_status_make_no_line() -> None:
    assert episodes.line_list([happened("severity.changed", -1, severity="mild")], NOON) == []


def test_the_list_is_in_the_order_of_case_numbers() -> None:
    cases = episodes.line_list([confirmed(-1, number) for number in ("10", "9", "100")], NOON)

    assert [case.number for case in cases] == ["TJ9", "TJ10", "TJ100"]


def test_a_confirmation_shortly_after_midnight_counts_for_the_local_day() -> None:
    assert only(confirmed(-0.49)).confirmed == date(2020, 2, 10)


def test_the_curve_has_every_day_from_first_to_last() -> None:
    facts = [confirmed(-1, "1", onset_on="2020-02-06"), confirmed(-1, "2", onset_on="2020-02-08"), confirmed(+3, "3")]

    days = episodes.curve(episodes.line_list(facts, NOON))

    assert [(day.day.day, day.onset, day.confirmed) for day in days] == [(6, 1, 0), (7, 0, 0), (8, 1, 0), (9, 0, 2)]


def test_without_cases_the_curve_is_empty() -> None:
    assert episodes.curve([]) == []
