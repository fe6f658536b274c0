"""Whatever a plan asks for can be recorded where its duty is listed: the answer is the fact the duty waits for."""

from datetime import UTC, datetime

import pytest

from bulou.kernel.facts import KINDS, Fact
from bulou.plan.matching import holds, matches
from bulou.plan.possible import domain
from bulou.plan.recording import unaskable
from bulou.plan.rules import Condition, Trigger
from bulou.web.fact_words import fields
from bulou.web.field import my_list, questions
from five_plans import every_rule

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TYPED = {"date": "2020-10-10", "datetime-local": "2020-10-10T08:00", "text": "words"}


def answer(question: questions.Question, must: Trigger) -> str:
    """What somebody would enter who has done what the duty asks."""
    if question.options:
        return question.options[0].value
    if question.shape != "number":
        return TYPED[question.input]
    (limits,) = [domain(info).bounds for name, info in fields(must.kind) if name == question.name]
    tests = [*limits, *(test for test in must.where if test.field == question.name)]
    tried = [1, *(test.value + step for test in tests for step in (0, 1, -1))]
    return str(next(number for number in tried if all(holds(test, number) for test in tests)))


def recorded(must: Trigger) -> tuple[bool, dict[str, object]]:
    """Whether the form takes the answers, and the fact's data."""
    wanted = my_list.wanted(must, NOW.date())
    answers = {q.name: answer(q, must) for q in questions.form(must.kind, wanted).fields}
    data, form = questions.read(must.kind, answers, wanted)
    return questions.is_good(form), data


@pytest.mark.parametrize("plan", sorted({rule.plan for rule in every_rule()}))
def test_every_duty_of_a_plan_is_done_by_the_form_of_its_line(plan: str) -> None:
    for rule in [rule for rule in every_rule() if rule.plan == plan]:
        taken, data = recorded(rule.must)

        assert taken, rule.id
        assert matches(rule.must, Fact("f", rule.must.kind, "person:a", "", NOW, None, data), rule.zone), rule.id


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_plan_check_knows_which_kinds_no_form_can_record(kind: str) -> None:
    must = Trigger(kind)

    assert recorded(must)[0] == (not unaskable(must, KINDS))


def test_a_field_a_duty_compares_is_asked_though_the_kind_could_do_without() -> None:
    must = Trigger("group.formed", (Condition("members", "gte", None, None, 6),))

    assert "members" in [q.name for q in questions.form(must.kind, my_list.wanted(must, NOW.date())).fields]


def test_one_value_of_a_field_that_holds_several_is_recorded_as_a_list() -> None:
    taken, data = recorded(Trigger("cluster.investigated", (Condition("features", "in", None, None, ("speed",)),)))

    assert (taken, data["features"]) == (True, ["speed"])


def test_a_value_from_before_its_day_is_not_asked_for() -> None:
    later = Condition("members", "gte", NOW.date().replace(year=2030), None, 6)

    assert my_list.wanted(Trigger("group.formed", (later,)), NOW.date()) == {}
