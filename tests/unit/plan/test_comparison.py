"""Two plans side by side."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bulou.plan.comparison import Comparison, Pair, compare
from bulou.plan.load import load
from bulou.plan.prose import names
from unit.plan.conftest import CLAUSES, KINDS, PARAMETERS, PLAN

DAY = date(2020, 2, 10)
SLOTS = '"06:00/12:00", "16:00/22:00"'
Compared = Callable[..., Comparison]
NEW = """
- clause: L-9
  cites: 试〔2020〕1号 九
  title: {zh: 问询症状, en: Symptoms are asked for}
  duties:
    - duty: symptoms-asked
      when: isolation.started
      within: PT1H
      must: symptoms.reported
      by: cdc
"""


@pytest.fixture
def compared(folder: Callable[..., Path]) -> Compared:
    """The little plan against a copy of it in which pieces are replaced."""

    def comparison(*changes: tuple[str, str], more: str = "") -> Comparison:
        files = {"plan.yaml": PLAN, "parameters.yaml": PARAMETERS, "clauses/1-all.yaml": CLAUSES + more}
        for old, new in (("plan: little", "plan: other"), *changes):
            files = {file: text.replace(old, new) for file, text in files.items()}
        little, other = load(folder(), kinds=KINDS), load(folder(files, name="other"), kinds=KINDS)
        return compare(little, other, names(KINDS), DAY)

    return comparison


def changes(pair: Pair) -> dict[str, tuple[str, str, str]]:
    return {
        change.label.en: (
            change.left.en if change.left else "",
            change.right.en if change.right else "",
            change.stricter,
        )
        for change in pair.changes
    }


def test_a_plan_and_its_copy_have_the_same_duties(compared: Compared) -> None:
    found = compared()

    assert (found.changed, found.added, found.dropped, found.parameters) == ((), (), (), ())
    assert [pair.left.rule.id for pair in found.same] == ["little/twice-daily", "little/fever-seen"]


def test_what_only_the_second_has_is_added(compared: Compared) -> None:
    found = compared(more=NEW)

    assert [ask.rule.id for ask in found.added] == ["other/symptoms-asked"]
    assert len(found.same) == 2


def test_what_only_the_first_has_is_dropped(compared: Compared) -> None:
    found = compared(("must: medic.assessed", "must: symptoms.reported"))

    assert [ask.rule.id for ask in found.dropped] == ["little/fever-seen"]
    assert [ask.rule.id for ask in found.added] == ["other/fever-seen"]


def test_a_shorter_deadline_is_a_change_and_the_stricter(compared: Compared) -> None:
    (pair,) = compared(("within: PT2H", "within: PT1H")).changed

    assert changes(pair) == {"Due": ("within 2 hours", "within 1 hour", "right")}


def test_more_slots_a_day_are_stricter(compared: Compared) -> None:
    (pair,) = compared((SLOTS, '"06:00/12:00"')).changed

    assert changes(pair)["Due"][2] == "left"


def test_once_and_again_and_again_are_not_compared(compared: Compared) -> None:
    (pair,) = compared((f"every: {{day: [{SLOTS}]}}", "within: PT1H")).changed

    assert changes(pair)["Due"] == ("every day 06:00–12:00, 16:00–22:00", "within 1 hour", "")


def test_a_duty_that_holds_from_a_milder_level_on_is_stricter(compared: Compared) -> None:
    (pair,) = compared(("until: isolation.ended", "until: isolation.ended\n      level: {at_least: II}")).changed

    assert changes(pair) == {"Level": ("", "at level II or graver", "left")}


def test_another_role_and_another_trigger_are_changes(compared: Compared) -> None:
    (pair,) = compared(
        ("by: township_clinic", "by: cdc"),
        ("where: {celsius: {gte: $fever_threshold}}", "where: {celsius: {gte: 38}}"),
    ).changed

    assert set(changes(pair)) == {"When", "By"}


def test_a_number_changes_what_it_opens_and_stands_among_the_parameters(compared: Compared) -> None:
    found = compared(("value: 37.3", "value: 38.0"))

    assert [(p.left, p.right) for p in found.parameters] == [("37.3 degC", "38.0 degC")]
    assert [label for pair in found.changed for label in changes(pair)] == ["When"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("when: isolation.started", "when: {fact: isolation.started, where: {kind: KIND}}"),
        ("must: temperature.read", "must: {fact: temperature.read, where: {method: KIND}}"),
    ],
)
def test_duties_about_different_things_are_not_one_that_changed(
    folder: Callable[..., Path], old: str, new: str
) -> None:
    def plan(name: str, kind: str) -> Path:
        files = {"plan.yaml": PLAN.replace("little", name), "parameters.yaml": PARAMETERS}
        clauses = CLAUSES.replace(old, new.replace("KIND", kind))
        return folder(files | {"clauses/1-all.yaml": clauses}, name=name)

    home, central = load(plan("one", "home")), load(plan("two", "central"))

    found = compare(home, central, names(KINDS), DAY)

    assert [ask.rule.id for ask in found.dropped] == ["one/twice-daily"]
    assert [ask.rule.id for ask in found.added] == ["two/twice-daily"]


def test_a_condition_that_names_its_own_plan_is_no_difference(folder: Callable[..., Path]) -> None:
    def plan(name: str) -> Path:
        files = {"plan.yaml": PLAN.replace("little", name), "parameters.yaml": PARAMETERS}
        opening = f"when: {{fact: isolation.started, where: {{reason: {name}}}}}"
        return folder(files | {"clauses/1-all.yaml": CLAUSES.replace("when: isolation.started", opening)}, name=name)

    found = compare(load(plan("one")), load(plan("two")), names(KINDS), DAY)

    assert (len(found.same), found.changed) == (2, ())


def test_two_real_plans_account_for_every_duty_once() -> None:
    plans = Path(__file__).parents[3] / "plans"
    left, right = load(plans / "guangxi-2020-9"), load(plans / "shenyang-normalised")

    found = compare(left, right, {}, DAY)

    pairs = [*found.changed, *found.same]
    assert sorted(ask.rule.id for ask in (*found.dropped, *(pair.left for pair in pairs))) == sorted(
        f"{left.id}/{duty.duty}" for _, duty in left.duties
    )
    assert sorted(ask.rule.id for ask in (*found.added, *(pair.right for pair in pairs))) == sorted(
        f"{right.id}/{duty.duty}" for _, duty in right.duties
    )
    assert "guangxi-2020-9/household-round" in {pair.left.rule.id for pair in found.changed}
