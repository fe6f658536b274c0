"""Random histories that try the whole meaning: any order, repetition, corrections, withdrawals, waivers, levels."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.plan.load import load
from bulou.plan.rules import Rule, rules

TRIAL = Path(__file__).parent / "data" / "trial"
START = datetime(2020, 1, 31, tzinfo=SHANGHAI)
AREAS = ("120101001001", "120101001002", "120102", "45")
CLERK, CHIEF = (f"unit:{UUID(int=n, version=4)}" for n in (1, 2))

DATA = {
    "isolation.started": ({"kind": "home"},),
    "isolation.ended": ({},),
    "temperature.read": ({"celsius": 36.6}, {"celsius": 37.3}, {"celsius": 37.29}, {"celsius": 37}, {"celsius": 39.5}),
    "medic.assessed": ({"finding": "well"}, {"finding": "suspect"}),
    "symptoms.reported": ({"symptoms": ["cough"]}, {"symptoms": []}, {"symptoms": ["fever", "fatigue"]}, {}),
}
ACTS = [*DATA, "temperature.read", "temperature.read", "level", "waive", "withdraw", "correct"]


@cache
def trial_rules() -> list[Rule]:
    return rules(load(TRIAL))


def history(seed: int, people: Sequence[str], *, days: int = 8, most: int = 60) -> list[Fact]:
    """A seeded history about some people (`person:…`), in any order and with repetitions."""
    rnd = random.Random(seed)
    facts: list[Fact] = []
    for _ in range(rnd.randint(0, most)):
        facts += _act(rnd, rnd.choice(ACTS), people, facts, days)
    facts += rnd.sample(facts, min(len(facts), 3))
    rnd.shuffle(facts)
    return facts


def instant(rnd: random.Random, days: int) -> datetime:
    """A minute, an hour or a quarter of a day: round instants make boundaries meet."""
    minutes = rnd.choice([rnd.randint(0, days * 1440), rnd.randint(0, days * 24) * 60, rnd.randint(0, days * 4) * 360])
    return START + timedelta(minutes=minutes)


def _act(rnd: random.Random, act: str, people: Sequence[str], facts: list[Fact], days: int) -> list[Fact]:
    id, at = str(UUID(int=rnd.getrandbits(128), version=4)), instant(rnd, days)
    person, area = rnd.choice(people), rnd.choice(AREAS)
    if act == "level":
        area = rnd.choice(["12", "1201", "120101"])
        level = {"level": rnd.choice(["I", "II", "III", "IV", "none"])}
        return [Fact(id, "response.level_set", f"area:{area}", area, at, CLERK, level)]
    if act == "waive":
        return [Fact(id, "duty.waived", person, area, at, CLERK, _waiver(rnd, facts, days))]
    if act in ("withdraw", "correct"):
        if not facts:
            return []
        old = rnd.choice(facts)
        kind = "fact.withdrawn" if act == "withdraw" else old.kind
        data = {} if act == "withdraw" else rnd.choice(DATA.get(old.kind, (old.data,)))
        supersedes = old.supersedes if kind == old.kind == "fact.withdrawn" else old.id
        return [Fact(id, kind, old.subject, old.area, at, CLERK, data, supersedes)]
    return [Fact(id, act, person, area, at, CLERK, rnd.choice(DATA[act]))]


def _waiver(rnd: random.Random, facts: list[Fact], days: int) -> dict[str, str]:
    hours = timedelta(hours=rnd.choice([6, 8, 16, 20, 22]) + 24 * rnd.randint(0, days - 1))
    opens = rnd.choice(facts).at if facts and rnd.random() < 0.6 else START + hours
    rule = rnd.choice(trial_rules())
    return {
        "duty": rule.id,
        "opens_at": opens.isoformat(),
        "reason": "synthetic",
        "approved_by": rnd.choice([CHIEF, CHIEF, CLERK]),
    }
