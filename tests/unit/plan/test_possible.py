"""Which conditions any fact can satisfy, which triggers follow from which."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from bulou.kernel.facts import FactData, FactKinds, fact
from bulou.plan.possible import exclusive, implies, impossible
from bulou.plan.rules import Condition, Trigger


@fact("ward.counted", on="place", zh="清点", en="Counted")
class Counted(FactData):
    beds: int = Field(ge=0, le=500)
    spare: Annotated[int, Field(ge=0)] | None = None
    share: float = Field(gt=0, lt=1)
    state: Literal["open", "closed"]
    signs: list[Literal["fever", "cough"]]
    wards: tuple[str, ...] = ()
    clean: bool | None = None
    name: str
    day: date | None = None
    plates: dict[str, int] | None = None


KINDS = FactKinds([Counted])
DAY = date(2020, 3, 1)


def made(*tests: tuple[Any, ...]) -> Trigger:
    """A trigger of (field, op, value) or (field, op, value, first day, day after the last)."""
    return Trigger("ward.counted", tuple(Condition(f, op, *(days or (None, None)), v) for f, op, v, *days in tests))


@pytest.mark.parametrize("tests", [
    [("beds", "gte", 10), ("beds", "lt", 10)],
    [("beds", "gt", 10), ("beds", "lt", 11)],
    [("beds", "gt", 500)],
    [("beds", "lt", 0)],
    [("beds", "in", (501, 502))],
    [("beds", "in", (Decimal("1.5"),))],
    [("spare", "lt", 0)],
    [("share", "gte", 1)],
    [("state", "ne", "open"), ("state", "ne", "closed")],
    [("signs", "gt", 3)],
    [("clean", "in", ("yes",))],
    [("clean", "gt", 0)],
    [("name", "in", (5,))],
    [("name", "gt", 5)],
])  # fmt: skip
def test_no_value_satisfies(tests: list[tuple[Any, ...]]) -> None:
    assert impossible(made(*tests), KINDS) == [tests[0][0]]


@pytest.mark.parametrize("tests", [
    [("beds", "gte", 10), ("beds", "lte", 10)],
    [("beds", "gt", 10), ("beds", "lt", 12), ("beds", "ne", 12)],
    [("beds", "in", (500, 501))],
    [("share", "gt", Decimal("0.98")), ("share", "lt", Decimal("0.99"))],
    [("share", "gt", Decimal("0.5")), ("share", "ne", Decimal("0.75"))],
    [("state", "ne", "open")],
    [("signs", "in", ("fever",))],
    [("signs", "ne", "fever")],
    [("clean", "in", (False,))],
    [("name", "ne", "a")],
    [("day", "in", ("2020-02-01",))],
    [("plates", "in", ("x",))],
    [("wards", "in", ("a",))],
])  # fmt: skip
def test_some_value_satisfies(tests: list[tuple[Any, ...]]) -> None:
    assert impossible(made(*tests), KINDS) == []


def test_conditions_meet_only_on_the_days_both_are_in_force() -> None:
    early, later = ("beds", "gte", 10, None, DAY), ("beds", "lt", 5, DAY, None)

    assert impossible(made(early, later), KINDS) == []
    assert impossible(made(early, ("beds", "lt", 5)), KINDS) == ["beds"]


def test_a_kind_that_is_not_there_is_another_complaint() -> None:
    assert impossible(Trigger("ward.painted", made(("beds", "lt", 0)).where), KINDS) == []


@pytest.mark.parametrize(("one", "other", "follows"), [
    ([], [], True),
    ([("state", "in", ("open",))], [], True),
    ([], [("state", "in", ("open",))], False),
    ([("state", "in", ("open",))], [("state", "in", ("open", "closed"))], True),
    ([("state", "in", ("open", "closed"))], [("state", "in", ("open",))], False),
    ([("beds", "gte", 12)], [("beds", "gt", 10)], True),
    ([("beds", "gte", 10)], [("beds", "gt", 10)], False),
    ([("beds", "gt", 10)], [("beds", "gt", 10)], True),
    ([("beds", "in", (12, 13))], [("beds", "gt", 10)], True),
    ([("beds", "lt", 12)], [("beds", "gt", 10)], False),
])  # fmt: skip
def test_a_trigger_follows_from_a_narrower_one(one: Any, other: Any, follows: bool) -> None:
    assert implies(made(*one), made(*other)) is follows


def test_triggers_of_two_kinds_neither_follow_nor_exclude() -> None:
    other = Trigger("ward.painted")

    assert not implies(made(), other)
    assert not exclusive(made(("beds", "lt", 0)), other, KINDS)


def test_what_one_fact_cannot_be_excludes_each_other() -> None:
    few, many = ("beds", "lt", 5), ("beds", "gte", 5)

    assert exclusive(made(few), made(many), KINDS)
    assert not exclusive(made(few), made(("beds", "gte", 4)), KINDS)
    assert exclusive(made(("name", "in", ("a",)), few), made(("name", "in", ("a",)), many), KINDS)
    assert not exclusive(made(("name", "in", ("a",)), few), made(("name", "in", ("b",)), many), KINDS)
    assert not exclusive(made(), made(), KINDS)
