"""A plan put in force, changed, taken up elsewhere: the duties of facts already known follow, and their counts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bulou.directory.models import Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.ids import new_id
from bulou.ledger import selectors, services
from bulou.plan.rules import Condition, Rule, Trigger, Variant
from storm.exactness import DONE, ENDED, STARTED, VILLAGE, fact, local, rule
from storm.lineup import assert_exact

START = local("2020-02-01") + timedelta(hours=5)
NOW = START + timedelta(days=6)
TWICE = ("06:00/12:00", "16:00/22:00")


@pytest.fixture
def person(people: list[str], owners: dict[str, Unit]) -> str:
    """Somebody isolated six days ago, with a reading."""
    with clock.at(NOW):
        services.record([fact(STARTED, people[0], START), fact(DONE, people[0], START + timedelta(hours=3))])
    return people[0]


def adopt(*rules: Rule, area: str = "") -> int:
    with clock.at(NOW):
        return services.adopt(rules, area=area)


def duties(person: str) -> list[str]:
    with clock.at(NOW), everywhere():
        return sorted(f"{row.duty} {row.state}" for row in selectors.duties_of(person))


def test_facts_known_before_the_plan_open_its_duties(person: str) -> None:
    assert adopt(rule(within="PT2H")) == 1

    assert duties(person) == ["made/it late"]
    assert_exact(NOW, [rule(within="PT2H")])


def test_adopting_the_same_again_changes_nothing(person: str) -> None:
    adopt(rule(within="PT2H"))

    assert adopt(rule(within="PT2H")) == 0

    assert duties(person) == ["made/it late"]


@pytest.mark.parametrize(
    "changed",
    [
        rule(within="PT12H"),
        rule(slots=TWICE),
        rule(period="P1D"),
        rule(within="PT2H", must=Trigger("medic.assessed")),
        rule(within="PT2H", when=Trigger(DONE)),
        rule(within="PT2H", when=Trigger("symptoms.reported")),
        rule(slots=("08:00/09:00",), on=[1, 3]),
        rule(slots=TWICE, level="I"),
        rule(within="PT2H", role="cdc"),
        rule(slots=TWICE, zone="America/New_York"),
        rule(slots=TWICE, no_miss="control", clause="M-2"),
        rule(within="PT2H", when=Trigger(STARTED, (Condition("kind", "in", None, None, ("central",)),))),
    ],
    ids=lambda made: None,
)
@pytest.mark.parametrize("before", [rule(within="PT2H"), rule(slots=TWICE)], ids=["once", "daily"])
def test_a_changed_rule_is_derived_anew(changed: Rule, before: Rule, person: str) -> None:
    adopt(before)
    assert_exact(NOW, [before])

    adopt(changed)

    assert_exact(NOW, [changed])
    assert_exact(NOW + timedelta(days=3), [changed])


def test_a_rule_that_is_gone_leaves_no_duty_and_no_count(person: str) -> None:
    kept = rule("made/kept", within="PT2H")
    adopt(kept, rule("made/gone", slots=TWICE), rule("other/kept", within="PT1H"))

    assert adopt(kept) == 1

    assert duties(person) == ["made/kept late", "other/kept late"]
    assert_exact(NOW, [kept, rule("other/kept", within="PT1H")])
    with clock.at(NOW), everywhere():
        board = selectors.board("12", date(2020, 2, 3))
    assert sum(column.ever.total for column in board.columns) == 2


def test_a_rule_may_move_to_another_clause(person: str) -> None:
    adopt(rule(within="PT2H"))

    adopt(rule(within="PT2H", no_miss="control", clause="M-2"))

    with clock.at(NOW), everywhere():
        board = selectors.board("12", date(2020, 2, 1))
        assert {column.no_miss for column in board.columns if column.ever.total} == {"control"}
        assert set(selectors.clause_counts("made", "12")) == {"M-2"}


def test_a_rule_that_comes_back_has_its_duties_again(person: str) -> None:
    both = [rule("made/one", within="PT2H"), rule("made/two", slots=TWICE)]
    adopt(*both)
    adopt(both[0])

    adopt(*both)

    assert assert_exact(NOW, both) == 13


def test_a_plan_is_in_force_only_where_it_was_adopted(person: str) -> None:
    adopt(rule(within="PT2H"), area="45")
    assert duties(person) == []

    adopt(rule(within="PT2H"), area=VILLAGE)

    assert duties(person) == ["made/it late"]
    with everywhere():
        assert services.adopted() == {"made": [VILLAGE, "45"]}


def test_terms_go_by_the_date_of_the_opening_fact(people: list[str], owners: dict[str, Unit]) -> None:
    change = date(2020, 2, 3)
    early = Variant(valid_to=change, slots=rule(slots=TWICE).variants[0].slots)
    late = Variant(valid_from=change, slots=rule(slots=("00:00/24:00",)).variants[0].slots, after=timedelta(days=2))
    made = replace(rule(slots=TWICE), variants=(early, late))
    with clock.at(NOW):
        services.record([fact(STARTED, people[0], START), fact(STARTED, people[1], local("2020-02-03"))])

    adopt(made)

    assert assert_exact(NOW, [made]) == 12 + 2


def test_facts_and_plans_in_any_order_give_the_same(people: list[str], owners: dict[str, Unit]) -> None:
    rules = [rule("made/one", within="PT2H"), rule("made/two", slots=TWICE, late="PT3H")]
    with clock.at(START):
        services.record([fact(STARTED, people[0], START)])
        services.adopt(rules[:1], area="12")
        services.record([fact(STARTED, people[1], START, id=str(new_id()))])
    with clock.at(NOW):
        services.adopt(rules, area="12")
        services.record([fact(ENDED, people[0], START + timedelta(days=2))])

    assert assert_exact(NOW, rules) == 2 + 4 + 12
