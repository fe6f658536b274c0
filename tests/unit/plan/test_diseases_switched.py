"""Another disease under the same plan: other numbers, the same text."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from bulou.config.rooms import fact_kinds
from bulou.directory.roles import ROLES
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.kernel.text import Text
from bulou.plan.check import check
from bulou.plan.diff import diff
from bulou.plan.diseases import find_profile
from bulou.plan.drawn import NotDrawnError, drawn, settle
from bulou.plan.evaluate import DutyLine, ledger
from bulou.plan.load import load
from bulou.plan.models import Plan
from bulou.plan.parameters import Parameter
from bulou.plan.prose import names
from bulou.plan.rules import rules

HOUSE = Path(__file__).parents[3]
PLANS = sorted(path.parent.name for path in HOUSE.glob("plans/*/plan.yaml"))
DISEASES = sorted(path.stem for path in HOUSE.glob("diseases/*.yaml"))
DAY = date(2020, 3, 10)


@cache
def read(plan: str, disease: str | None = None) -> Plan:
    return load(HOUSE / "plans" / plan, kinds=fact_kinds(), roles=ROLES, disease=disease)


def value(plan: Plan, name: str, day: date = DAY) -> object:
    return plan.parameters[name].at(day)


def followed_up(plan: Plan) -> list[DutyLine]:
    """The days on which Guangxi has a contact followed up, registered on 10 March 2020."""
    at = datetime(2020, 3, 10, 7, tzinfo=plan.zone)
    fact = Fact("a", "person.enrolled", "person:a", "45", at, None, {"category": "close_contact"})
    chosen = [rule for rule in rules(plan) if rule.id.endswith("/daily-follow-up")]
    return ledger(chosen, [fact], at + timedelta(days=60))


def test_measles_under_guangxi_is_followed_up_for_three_weeks() -> None:
    covid, measles = read("guangxi-2020-9"), read("guangxi-2020-9", "measles")

    assert (value(covid, "observation_days"), value(measles, "observation_days")) == (14, 21)
    assert (len(followed_up(covid)), len(followed_up(measles))) == (14, 21)


def test_a_deadline_changes_with_the_disease() -> None:
    def reporting(plan: Plan) -> set[timedelta | None]:
        chosen = [rule for rule in rules(plan) if rule.id.endswith("/confirmed-case-reported")]
        return {variant.within for rule in chosen for variant in rule.variants}

    assert reporting(read("guangxi-2020-9")) == {timedelta(hours=2)}
    assert reporting(read("guangxi-2020-9", "measles")) == {timedelta(hours=24)}


def test_two_longest_incubation_periods_are_six_weeks_of_measles() -> None:
    covid, measles = read("wujin-2020-54"), read("wujin-2020-54", "measles")

    assert (value(covid, "ending_days"), value(measles, "ending_days")) == (28, 42)
    assert (value(covid, "watch_days"), value(measles, "watch_days")) == (14, 21)
    assert (value(covid, "episode_span"), value(measles, "episode_span")) == ("P14D", "P21D")


@pytest.mark.parametrize("plan", PLANS)
def test_the_text_is_the_same_whatever_the_disease(plan: str) -> None:
    covid, measles = read(plan), read(plan, "measles")

    assert measles.clauses == covid.clauses
    assert [(rule.id, rule.title, rule.must.kind, rule.role) for rule in rules(measles)] == [
        (rule.id, rule.title, rule.must.kind, rule.role) for rule in rules(covid)
    ]
    assert measles.parameters.keys() == covid.parameters.keys()
    assert measles.title == covid.title


@pytest.mark.parametrize("plan", PLANS)
def test_only_numbers_of_the_disease_change(plan: str) -> None:
    covid, measles = read(plan), read(plan, "measles")

    changed = {name for name in covid.parameters if covid.parameters[name].values != measles.parameters[name].values}

    assert changed == {number.parameter for number in drawn(measles, DAY)}


@pytest.mark.parametrize("plan", PLANS)
def test_the_disease_a_plan_names_is_the_one_it_has_without_asking(plan: str) -> None:
    assert read(plan, "covid-19-2020").parameters == read(plan).parameters


@pytest.mark.parametrize("disease", DISEASES)
@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_is_sound_with_every_disease(plan: str, disease: str) -> None:
    assert len(rules(read(plan, disease))) == len(rules(read(plan)))


def test_the_check_says_what_a_disease_leaves_without_a_number() -> None:
    report = check(HOUSE / "plans" / "guangxi-2020-9", kinds=fact_kinds(), roles=ROLES, disease="covid-19-2023")

    assert not report.problems
    assert {doubt.field for doubt in report.warnings if doubt.code == "no_number"} == {"observation_days"}
    assert "opens nothing" in next(doubt.text.en for doubt in report.warnings if doubt.code == "no_number")


def test_the_check_of_a_disease_with_all_numbers_has_nothing_to_say() -> None:
    report = check(HOUSE / "plans" / "guangxi-2020-9", kinds=fact_kinds(), roles=ROLES, disease="measles")

    assert (report.problems, report.warnings) == ((), ())


def test_the_check_says_from_when_a_later_disease_has_numbers() -> None:
    report = check(HOUSE / "plans" / "wujin-2020-54", kinds=fact_kinds(), roles=ROLES, disease="mpox")

    assert {doubt.code for doubt in report.warnings} == {"number_from"}
    assert "2022-06-10" in next(doubt.text.en for doubt in report.warnings if doubt.field == "watch_days")


def test_where_a_disease_has_no_such_number_nothing_is_owed() -> None:
    plan = read("guangxi-2020-9", "covid-19-2023")

    assert plan.parameters["observation_days"].values == {}
    assert followed_up(plan) == []


def test_what_one_disease_asks_more_than_another_is_a_difference_of_plans() -> None:
    found = diff(read("guangxi-2020-9"), read("guangxi-2020-9", "covid-19-2023"), names(fact_kinds(), ROLES))

    assert {number.name for number in found.parameters} >= {"observation_days", "case_report_time"}


def test_a_number_from_a_profile_says_where_it_is_from() -> None:
    parameter = read("wujin-2020-54", "measles").parameters["ending_days"]

    assert {dated.disease for dated in parameter.values.values()} == {"measles"}
    assert isinstance(parameter.reason, Text)
    assert parameter.reason.en.startswith("From the disease profile Measles: Longest incubation period × 2.")
    assert "14" not in parameter.reason.zh


@pytest.mark.parametrize("plan", PLANS)
def test_what_a_plan_sets_for_its_disease_is_what_the_profile_says(plan: str) -> None:
    own = {number.parameter: number.value for number in drawn(read(plan), DAY) if number.own}
    known = from_the_profile(read(plan))

    assert own == {name: known[name] for name in own}


def from_the_profile(plan: Plan) -> dict[str, object]:
    """What its numbers of the disease would be, had it set none."""
    known = find_profile("covid-19-2020", HOUSE / "diseases")
    settled = {
        name: settle(parameter.model_copy(update={"values": {}}), "covid-19-2020", known)
        for name, parameter in plan.parameters.items()
        if parameter.profile
    }
    return {name: parameter.at(DAY) for name, parameter in settled.items()}


def parameter(**given: object) -> Parameter:
    raw = {"title": {"zh": "甲", "en": "A"}, "unit": "d", "last_verified": "2026-11-22", **given}
    return Parameter.model_validate(raw)


def test_a_plans_own_number_without_a_disease_holds_for_all() -> None:
    own = parameter(profile="observation", values={"2020-01-01": {"value": 10, "reference": "甲〔2020〕1号"}})

    assert settle(own, "measles", None).at(DAY) == 10


def test_a_plan_may_set_its_own_number_for_the_other_disease() -> None:
    values = {
        "2020-01-01": {"value": 14, "disease": "covid-19-2020", "reference": "甲〔2020〕1号"},
        "2020-02-01": {"value": 18, "disease": "measles", "reference": "甲〔2020〕2号"},
    }

    assert settle(parameter(values=values), "measles", None).at(DAY) == 18
    assert settle(parameter(values=values), "covid-19-2020", None).at(DAY) == 14


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"profile": "observations"}, "unknown_number"),
        ({"profile": "legal_class", "times": 2, "unit": "class"}, "not_a_number"),
        ({"profile": "fever_threshold"}, "other_unit"),
        ({"profile": "basic_reproduction", "unit": "period"}, "other_unit"),
    ],
)
def test_a_number_that_does_not_fit_is_refused(given: dict[str, object], code: str) -> None:
    with pytest.raises(NotDrawnError) as caught:
        settle(parameter(**given), "measles", find_profile("measles", HOUSE / "diseases"))

    assert caught.value.code == code


@pytest.mark.parametrize(("unit", "said"), [("d", 21), ("h", 504), ("wk", 3), ("period", "P21D")])
def test_a_time_is_given_in_the_unit_the_plan_counts_in(unit: str, said: object) -> None:
    found = settle(parameter(profile="observation", unit=unit), "measles", find_profile("measles", HOUSE / "diseases"))

    assert found.at(DAY) == said


Spoil = Callable[[str, str, str], str]


@pytest.fixture
def shelf(tmp_path: Path) -> Spoil:
    """What is said of the trial plan beside a shelf of profiles, after a change to one of its files."""
    (tmp_path / "diseases").symlink_to(HOUSE / "diseases")
    folder = tmp_path / "plans" / "trial"
    source = HOUSE / "tests" / "data" / "trial"
    for path in source.rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(path.read_text("utf-8"), "utf-8")

    def said(file: str, old: str, new: str) -> str:
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")
        with pytest.raises(BulouError) as caught:
            load(folder)
        return caught.value.to("en")

    return said


def test_a_plan_of_an_unknown_disease_is_said_once(shelf: Spoil) -> None:
    said = shelf("plan.yaml", "disease: covid-19-2020", "disease: covid-19-2020x")

    assert "plan.yaml:" in said and "There is no disease profile covid-19-2020x. Did you mean covid-19-2020?" in said
    assert len(said.splitlines()) == 1


def test_a_number_no_profile_has_is_said_where_it_stands(shelf: Spoil) -> None:
    said = shelf("parameters.yaml", "  unit: degC\n", "  unit: degC\n  profile: fever_treshold\n")

    assert said == (
        "parameters.yaml:4: fever_threshold.profile: The profile covid-19-2020 has no fever_treshold. "
        "Did you mean fever_threshold?"
    )


def test_a_number_of_a_disease_needs_a_disease() -> None:
    with pytest.raises(NotDrawnError, match="there is no profile"):
        settle(parameter(profile="observation"), None, None)
