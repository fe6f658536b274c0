"""The live engine, fed piece by piece while the clock moves, is held to the reference evaluator."""

import random
from datetime import timedelta

import pytest

from bulou.directory.models import Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.ledger import services, verification
from bulou.ledger.engines import store
from bulou.plan.evaluate import ledger
from histories import START, history, instant, trial_rules


@pytest.fixture
def planned_for(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches are taken to be as large as named, and so go by the statements meant for those."""
    few, bulk, huge = {"few": (50, 1000, 10**6), "bulk": (0, 1, 10**6), "huge": (0, 1, 1)}[request.param]
    monkeypatch.setattr(services, "FEW", few)
    monkeypatch.setattr(store, "BULK", bulk)
    monkeypatch.setattr(store, "HUGE", huge)


@pytest.mark.parametrize("planned_for", ["few", "bulk", "huge"], indirect=True)
@pytest.mark.parametrize("seed", range(25))
def test_batches_in_any_order_with_passes_between_give_the_reference_ledger(
    seed: int, planned_for: None, people: list[str], owners: dict[str, Unit]
) -> None:
    rnd = random.Random(seed)
    facts = history(seed, people)
    moments = sorted(instant(rnd, 12) for _ in range(4))
    with clock.at(START):
        services.adopt(trial_rules(), area="")

    for number, moment in enumerate(moments):
        with clock.at(moment):
            services.record(facts[number::4], allow_future=True)
            if rnd.random() < 0.7:
                services.advance()
    with clock.at(moments[-1]):
        services.advance()

    stored = list({fact.id: fact for fact in facts}.values())
    expected = [(d.duty, d.subject, d.opens_at, d.due_at, d.state) for d in ledger(trial_rules(), stored, moments[-1])]
    with everywhere():
        assert verification.stored_duties() == sorted(expected)
        assert verification.tally_differences() == []


def test_setting_the_clock_back_gives_the_ledger_of_that_time(people: list[str], owners: dict[str, Unit]) -> None:
    facts = list({fact.id: fact for fact in history(7, people)}.values())
    with clock.at(START + timedelta(days=9)):
        services.adopt(trial_rules(), area="")
        services.record(facts)
        services.advance()

    earlier = START + timedelta(days=4)
    with clock.at(earlier):
        services.advance()

    expected = [(d.duty, d.subject, d.opens_at, d.due_at, d.state) for d in ledger(trial_rules(), facts, earlier)]
    with everywhere():
        assert verification.stored_duties() == sorted(expected)
        assert verification.tally_differences() == []
