"""People, units and facts around the real cases of Tianjin: seeded, invented, and marked synthetic everywhere.

Most duties of whatever plan is given are met, some late, three to six in a hundred are missed on purpose.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from bulou.kernel.areas import ancestry
from bulou.kernel.facts import FactKinds
from bulou.oversight.drills.synthetic.afterwards import tell_afterwards
from bulou.oversight.drills.synthetic.asking import tell_asking
from bulou.oversight.drills.synthetic.bedside import attend
from bulou.oversight.drills.synthetic.chance import Chance
from bulou.oversight.drills.synthetic.duties import discharge
from bulou.oversight.drills.synthetic.equipment import equip
from bulou.oversight.drills.synthetic.geography import choose
from bulou.oversight.drills.synthetic.inspecting import tell_inspecting
from bulou.oversight.drills.synthetic.model import Account, Demo, Grid, Household, Person, Place, Unit
from bulou.oversight.drills.synthetic.outbreak import tell_outbreak
from bulou.oversight.drills.synthetic.people import START, Population
from bulou.oversight.drills.synthetic.rooms import house
from bulou.oversight.drills.synthetic.screening import tell_returns, tell_screening
from bulou.oversight.drills.synthetic.story import END, Story
from bulou.oversight.drills.synthetic.surroundings import (
    tell_arrivals,
    tell_households,
    tell_patients,
    tell_places,
    tell_response,
)
from bulou.oversight.drills.synthetic.transfers import tell_transfers
from bulou.oversight.drills.synthetic.units import Owners, make_units
from bulou.oversight.drills.synthetic.wards import lay
from bulou.oversight.drills.synthetic.watching import tell_watching
from bulou.oversight.drills.tianjin import Case
from bulou.plan.rules import Rule

__all__ = ["END", "START", "Account", "Demo", "Grid", "Household", "Person", "Place", "Unit", "make"]

ARRIVALS, PATIENTS = 110, 160
"""Households arriving and fever patients, at scale 1."""


def make(
    names: Mapping[str, str],
    cases: Sequence[Case],
    rules: Sequence[Rule],
    kinds: FactKinds,
    *,
    seed: int = 2020,
    scale: int = 1,
) -> Demo:
    """The demonstration. `names`: every division of Tianjin (code to name); `rules`: the duties of the plan in force.

    The same arguments give the same ids, people and facts. `scale` multiplies people, not cases or units.
    """
    chance, demo = Chance(seed), Demo()
    geography = choose(names, chance.random)
    demo.units = make_units(geography, chance, {rule.role for rule in rules})
    population = Population(geography, chance, demo.households, demo.people)
    owed = frozenset(rule.must.kind for rule in rules)
    plans = sorted({rule.plan for rule in rules})
    story = Story(demo, geography, chance, population, Owners(demo.units), owed, plans)
    demo.grids = list(geography.grids)
    tell_response(story)
    tell_outbreak(story, cases, scale)
    tell_places(story)
    tell_arrivals(story, ARRIVALS * scale)
    tell_patients(story, PATIENTS * scale)
    tell_households(story)
    tell_returns(story, seed)
    discharge(story, rules, kinds)
    tell_afterwards(story)
    tell_transfers(story)
    house(demo, chance, seed)
    tell_screening(story)
    lay(demo, chance, seed)
    attend(demo, chance, seed)
    tell_watching(story, seed)
    tell_asking(story, seed)
    tell_inspecting(story, seed)
    equip(demo, chance)
    demo.facts.sort(key=lambda fact: (fact.at, fact.id))
    demo.accounts = _accounts(story, rules)
    return demo


def _accounts(story: Story, rules: Sequence[Rule]) -> list[Account]:
    """An account for each role somebody holds, at the unit nearest the busiest village, and of those the busiest."""
    busy = Counter(fact.by for fact in story.demo.facts)
    villages = story.owners.all("village_committee")
    home = ancestry(max(villages, key=lambda unit: (busy[f"unit:{unit.id}"], unit.area)).area)
    accounts = []
    for role in story.owners.roles:
        near = {unit.id: len(set(home) & set(ancestry(unit.area))) for unit in story.owners.all(role)}
        unit = max(story.owners.all(role), key=lambda unit: (near[unit.id], busy[f"unit:{unit.id}"], unit.area))
        accounts.append(Account(story.chance.id(START), role, unit.name, unit.id, role))
    return accounts
