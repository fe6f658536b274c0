from datetime import timedelta

import pytest

from bulou.plan.evaluate import ledger
from unit.plan.examples import EXAMPLES, Example, show


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_ledger_gives_what_was_worked_out_by_hand(example: Example) -> None:
    lines = ledger([example.rule], example.facts, example.now)

    assert [show(line.opens_at, line.due_at, line.state, line.discharged_by) for line in lines] == example.expect


def test_no_two_examples_have_one_name() -> None:
    assert len({example.name for example in EXAMPLES}) == len(EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_one_line_at_a_time_later_facts_never_change_what_was_open_before_them(example: Example) -> None:
    """Asked about an earlier instant, the ledger does not know what came after it."""
    earlier = example.now - timedelta(hours=3)

    known = [fact for fact in example.facts if fact.at <= earlier]

    assert ledger([example.rule], example.facts, earlier) == ledger([example.rule], known, earlier)
