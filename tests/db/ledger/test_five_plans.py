"""All five official plans in force at once: both engines write the same ledger, whatever happened."""

import random
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.config.rooms import fact_kinds
from bulou.directory.models import Place, Unit
from bulou.directory.roles import ROLES
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.ledger import services, verification
from bulou.ledger.engines.postgres import scratch
from bulou.ledger.engines.workshop import workshop
from bulou.plan.cases import read_cases
from bulou.plan.evaluate import DutyLine, ledger
from bulou.plan.load import load
from bulou.plan.rehearsal import rehearse
from five_plans import PLANS, START, every_rule, history, instant

SEEDS = 40
FOLDERS = sorted(path.parent for path in PLANS.glob("*/plan.yaml"))


def written(lines: Iterable[DutyLine]) -> list[str]:
    return [line.to_json() for line in lines]


def test_any_history_gives_the_same_bytes_on_both_engines() -> None:
    with scratch(every_rule()) as run:

        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(st.randoms(use_true_random=False))
        def holds(rnd: random.Random) -> None:
            facts, now = history(rnd), instant(rnd) + timedelta(days=rnd.randint(0, 30))
            assert written(run(facts, now)) == written(ledger(every_rule(), facts, now))

        holds()


def test_longer_histories_give_every_state_of_every_plan_and_the_same_bytes() -> None:
    states: Counter[tuple[str, str]] = Counter()
    with scratch(every_rule()) as run:
        for seed in range(SEEDS):
            rnd = random.Random(seed)
            facts = history(rnd, stories=80, others=80)
            now = START + timedelta(hours=rnd.randint(0, 40 * 24))
            expected = ledger(every_rule(), facts, now)
            assert written(run(facts, now)) == written(expected), f"seed {seed}"
            states.update((line.duty.partition("/")[0], line.state) for line in expected)

    for folder in FOLDERS:
        for state in ("open", "met", "late", "missed", "void", "waived"):
            assert states[folder.name, state], (folder.name, state)


@pytest.fixture
def known(people: list[str], owners: dict[str, Unit]) -> dict[str, list[str]]:
    """Two subjects of every sort; people, places and units are in the directory."""
    with everywhere():
        places = [Place.objects.create(kind="hotel", name=name, area_id="120101001001") for name in ("甲", "乙")]
    others = ("episode", "zone", "tube", "finding", "directive")
    return {sort: [f"{sort}:{UUID(int=n, version=4)}" for n in (1, 2)] for sort in others} | {
        "person": people,
        "unit": [f"unit:{unit.id}" for unit in owners.values()],
        "place": [f"place:{place.id}" for place in places],
        "area": ["area:320412", "area:2101"],
    }


@pytest.mark.parametrize("seed", range(6))
def test_uploads_late_and_in_any_order_leave_the_live_ledger_as_the_reference_says(
    seed: int, known: dict[str, list[str]]
) -> None:
    rnd = random.Random(seed)
    facts = history(rnd, stories=60, others=40, known=known)
    moments = sorted(instant(rnd) + timedelta(days=14) for _ in range(3))
    with clock.at(START):
        services.adopt(every_rule(), area="")

    receipts = []
    for number, moment in enumerate(moments):
        with clock.at(moment):
            receipts.append(services.record(facts[number::3], allow_future=True))
            services.advance()

    assert sum(receipt.created for receipt in receipts) > len(facts) / 3
    count, differences = verification.verify(every_rule(), services.adopted(), moments[-1])
    assert differences == []
    assert count > 50


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_case_comes_out_as_written_on_the_database_too(folder: Path) -> None:
    plan = load(folder, kinds=fact_kinds(), roles=ROLES)
    cases = read_cases(plan, kinds=fact_kinds())

    with workshop() as replay:
        outcomes = rehearse(plan, cases, replay)

    assert len(outcomes) == len(cases) > 200
    assert [(outcome.case.place, outcome.differences) for outcome in outcomes if not outcome.passed] == []
