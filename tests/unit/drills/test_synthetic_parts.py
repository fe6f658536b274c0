"""The parts of the demonstration, each by itself."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from stdnum.cn import ric

from bulou.directory.roles import ROLES
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import LEVEL_SET, WAIVED, WITHDRAWN
from bulou.kernel.text import Text
from bulou.oversight.drills.synthetic import make
from bulou.oversight.drills.synthetic.answers import Question, answer
from bulou.oversight.drills.synthetic.chance import WAKING, Chance, within
from bulou.oversight.drills.synthetic.diligence import Care, after, care
from bulou.oversight.drills.synthetic.geography import CENTRE_OF_BAODI, settlement
from bulou.oversight.drills.synthetic.people import Population, id_number
from bulou.oversight.drills.synthetic.story import END, celsius
from bulou.oversight.drills.synthetic.units import Owners
from bulou.plan.evaluate import DutyLine
from bulou.plan.rules import Condition, Rule, Trigger, Variant

NOON = datetime(2020, 2, 3, 12, tzinfo=SHANGHAI)


def rule(duty, when, must, role="village_committee", within=timedelta(hours=6), where=()):
    return Rule(
        id=f"tiny/{duty}",
        plan="tiny",
        clause="T-1",
        cites="T 1",
        title=Text(zh=duty, en=duty),
        no_miss="control",
        when=Trigger(when),
        until=None,
        has_until=False,
        level=None,
        must=Trigger(must, tuple(where)),
        role=role,
        tell=(),
        zone=ZoneInfo("Asia/Shanghai"),
        variants=(Variant(within=within),),
    )


def condition(field, op, value):
    return Condition(field, op, None, None, value)


def line(**changes):
    given = {"duty": "tiny/a", "subject": "person:x", "state": "open", "area": "120115001001", "opened_by": "f"}
    times = {"opens_at": NOON, "due_at": NOON + timedelta(hours=2), "discharged_by": None}
    return DutyLine(**(given | times | changes))


def test_the_same_seed_gives_the_same_demonstration_whatever_the_hash_seed():
    code = (
        "import sys; sys.path.insert(0, 'tests/unit/drills'); from test_synthetic_parts import small, digest;"
        "print(digest(small(2020)))"
    )
    root = Path(__file__).parents[3]
    digests = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert digests[0] == digests[1] != ""


def small(seed, scale=1):
    """A demonstration of the first ten cases and three duties, from a few invented divisions."""
    from bulou.config.rooms import fact_kinds
    from bulou.oversight.drills.tianjin import read_cases

    rules = [
        rule("enrol", "contact.identified", "person.enrolled"),
        rule("isolate", "person.enrolled", "isolation.started"),
        rule("report", "episode.confirmed", "episode.reported", role="cdc"),
    ]
    return make(divisions(), read_cases().cases[:10], rules, fact_kinds(), seed=seed, scale=scale)


def divisions():
    """Baodi and the two districts around the station, with three or more towns of four villages each."""
    names = {"12": "天津市", "1201": "市辖区", "120102": "河东区", "120105": "河北区", "120115": "宝坻区"}
    others = [f"{district}{town:03}" for district in ("120102", "120105", "120115") for town in (101, 102, 103)]
    for town in (*CENTRE_OF_BAODI, *others):
        names[town] = f"{town[-3:]}街道"
        names |= {f"{town}{number:03}": f"{town[-3:]}之{number}社区居委会" for number in range(1, 5)}
    return names


def digest(demo):
    lines = [repr((f.id, f.kind, f.subject, f.at, sorted(f.data.items()))) for f in demo.facts]
    lines += [repr(item) for items in (demo.units, demo.people, demo.places, demo.accounts) for item in items]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def test_another_seed_gives_other_people():
    assert digest(small(1)) != digest(small(2))


def test_scale_multiplies_people_but_neither_cases_nor_units():
    one, three = small(3), small(3, scale=3)
    kinds = [Counter(fact.kind for fact in demo.facts) for demo in (one, three)]

    assert len(one.units) == len(three.units)
    assert kinds[0]["episode.confirmed"] == kinds[1]["episode.confirmed"] == 10
    assert 2.5 < kinds[1]["arrival.declared"] / kinds[0]["arrival.declared"] < 3.5
    assert kinds[1]["contact.identified"] > 2 * kinds[0]["contact.identified"]


def test_what_no_duty_asks_for_happens_by_itself_or_not_at_all(names, cases, kinds):
    demo = make(names, cases[:10], [], kinds)

    told = {fact.kind for fact in demo.facts}
    assert {"person.enrolled", "isolation.started", "isolation.ended", "episode.discharged"} <= told
    assert sum(fact.kind == "temperature.read" for fact in demo.facts) < 1_000, "staff only"
    assert "plan.activated" not in told


def test_duties_of_any_plan_are_discharged_with_data_that_satisfy_them(names, cases, kinds):
    tests = [condition("topic", "in", ("masks",)), condition("attended", "gte", 20)]
    rules = [rule("train", "unit.designated", "training.held", role="health_bureau", where=tests)]
    demo = make(names, cases[:10], rules, kinds)

    held = [fact for fact in demo.facts if fact.kind == "training.held"]
    assert len(held) > 20
    assert all(fact.data["topic"] == "masks" and fact.data["attended"] >= 20 for fact in held)


def test_a_chain_of_duties_is_followed_to_its_end(names, cases, kinds):
    chain = ("unit.designated", "training.held", "inspection.made", "scheme.filed")
    rules = [rule(must, when, must, role="health_bureau") for when, must in pairwise(chain)]

    demo = make(names, cases[:10], rules, kinds)

    told = Counter(fact.kind for fact in demo.facts)
    assert told["unit.designated"] > told["training.held"] > told["scheme.filed"] > 10


def test_every_kind_of_fact_can_be_answered_validly(story, kinds):
    random = Random(1)
    for kind, data in kinds.items():
        if kind in (WITHDRAWN, WAIVED, LEVEL_SET):
            continue
        question = Question(kind, "person:0", "120115001001001", NOON, None, random)
        data.model_validate(answer(story, kinds, Trigger(kind), question))


@pytest.mark.parametrize(
    ("test", "field", "allowed"),
    [
        (condition("finding", "in", ("refer", "suspect")), "finding", {"refer"}),
        (condition("visit", "ne", "home"), "visit", {"other"}),
    ],
)
def test_an_answer_satisfies_its_conditions(story, kinds, test, field, allowed):
    question = Question("medic.assessed", "person:0", "120115001001001", NOON, None, Random(1))

    data = answer(story, kinds, Trigger("medic.assessed", (test,)), question)

    assert data[field] in allowed


@pytest.mark.parametrize(("op", "value", "found"), [("gt", 3, 4), ("gte", 3, 3), ("lt", 0, -1), ("lte", 0, 0)])
def test_an_answer_lies_on_the_right_side_of_a_number(story, kinds, op, value, found):
    question = Question("zero_report.filed", "unit:0", "120115", NOON, None, Random(1))
    trigger = Trigger("zero_report.filed", (condition("count", op, value),))
    wrong = {"gt": 3, "gte": 2, "lt": 0, "lte": 1}[op]

    data = answer(story, kinds, trigger, question)

    assert data["count"] != wrong
    assert data["count"] == (0 if op in ("lte",) else found)


def test_a_condition_not_yet_in_force_is_not_answered(story, kinds):
    later = Condition("finding", "in", date(2020, 3, 1), None, ("refer",))
    question = Question("medic.assessed", "person:0", "120115001001001", NOON, None, Random(1))

    assert answer(story, kinds, Trigger("medic.assessed", (later,)), question)["finding"] == "well"


@pytest.mark.parametrize("fever", [True, False])
def test_temperatures_are_on_their_side_of_the_threshold(fever):
    readings = [celsius(Random(seed), fever=fever) for seed in range(300)]

    assert all((reading >= Decimal("37.3")) == fever for reading in readings)
    assert all(Decimal(35) < reading < Decimal(41) for reading in readings)


def test_a_story_tells_nothing_outside_its_time(story):
    assert story.tell("temperature.read", "person:0", "12", END) is None
    assert story.tell("temperature.read", "person:0", "12", END - timedelta(seconds=1)) is not None
    assert len(story.demo.facts) == 1


def test_an_id_is_a_uuid_of_version_7_with_its_instant():
    made = Chance(5).id(NOON)

    assert (made.version, made.variant) == (7, UUID(int=0x8 << 60).variant)
    assert made.int >> 80 == int(NOON.timestamp() * 1000)


def test_a_chance_by_name_does_not_depend_on_what_was_drawn_before():
    one, other = Chance(5), Chance(5)
    one.random.random()

    assert one.of("town", "x").random() == other.of("town", "x").random()


def test_things_happen_in_their_window_and_by_day_where_there_is_one():
    for seed in range(200):
        night, noon = NOON.replace(hour=22), NOON + timedelta(days=1)
        instant = within(Random(seed), night, noon)

        assert night <= instant <= noon
        assert WAKING[0] <= instant.astimezone(SHANGHAI).time()


def test_a_window_that_lies_in_the_night_is_used_in_the_night():
    start = NOON.replace(hour=0)

    assert start <= within(Random(1), start, start + timedelta(hours=2)) <= start + timedelta(hours=2)


def test_what_nobody_owns_is_left():
    assert care(Chance(1), line(), "control", owned=False)[0] is Care.LEFT


def test_most_duties_are_done_some_late_a_few_left():
    subjects = [line(subject=f"person:{n}", area=f"12011500{n % 9}") for n in range(3000)]
    drawn = Counter(care(Chance(1), one, "isolation", owned=True)[0] for one in subjects)

    assert drawn[Care.DONE] > 2500
    assert 40 < drawn[Care.LEFT] < 250
    assert 40 < drawn[Care.LATE] < 300


def test_a_late_duty_is_done_within_its_grace():
    grace = timedelta(hours=1)
    late = [after(Random(seed), line(), grace) for seed in range(200)]

    assert all(line().due_at < at <= line().due_at + grace for at in late)


def test_towns_and_villages_are_real_and_nested(geography, names):
    assert len(geography.districts) == 16
    assert set(CENTRE_OF_BAODI) <= set(geography.towns)
    assert all(names[village] for village in geography.villages)
    assert {village[:9] for village in geography.villages} == set(geography.towns)
    assert {grid.code[:12] for grid in geography.grids} == set(geography.villages)


@pytest.mark.parametrize(
    ("committee", "place"),
    [
        ("小周村委会", "小周村"),
        ("望都楼社区居委会", "望都楼社区"),
        ("靳庄村村民委员会", "靳庄村村"),
        ("新生社区居民委员会", "新生社区"),
        ("别处", "别处"),
    ],
)
def test_the_settlement_of_a_committee(committee, place):
    assert settlement(committee) == place


def test_units_have_names_in_both_languages(units):
    names = {unit.name: unit.name_en for unit in units}

    assert names["宝坻区疾病预防控制中心"] == "Baodi District Centre for Disease Control"
    assert names["海滨街道社区卫生服务中心"] == "Haibin Subdistrict Clinic"
    assert any(en.endswith("Community Grid 2 Worker") for en in names.values())
    assert all(en.isascii() for en in names.values())


def test_every_role_is_known_and_held_at_its_tier(units):
    owners = Owners(units)

    assert set(owners.roles) <= set(ROLES)
    assert {len(unit.area) for unit in owners.all("county_command")} == {6}
    assert len(owners.all("county_command")) == 16
    assert {len(unit.area) for unit in owners.all("grid_worker")} == {15}


def test_a_role_a_plan_needs_is_held_by_a_unit_of_its_own(units):
    assert len(Owners(units).all("volunteer_group")) == 16


def test_an_owner_is_the_unit_nearest_above(units):
    owners = Owners(units)
    village = units[-1].area[:12]

    assert owners.of("village_committee", units[-1].area).area == village
    assert owners.of("cdc", village).area == village[:6]
    assert owners.of("expert_group", village).area == "12"
    assert owners.of("airport", village) is None


def test_the_subdistrict_without_a_clinic_has_nobody_to_ask(units):
    assert Owners(units).of("township_clinic", "120115003001") is None
    assert Owners(units).of("township_clinic", "120115001001") is not None


def test_every_unit_but_the_first_has_one_above_it(units):
    areas = {unit.id: unit.area for unit in units}

    assert [unit for unit in units if unit.parent is None] == units[:1]
    assert all(unit.area.startswith(areas[unit.parent]) for unit in units[1:])


def test_an_identity_number_ends_in_its_check_digit():
    number = id_number("120115", date(1984, 2, 29), 997)

    assert ric.calc_check_digit(number) == number[-1]
    assert ric.get_birth_date(number) == date(1984, 2, 29)


def test_a_person_is_as_old_as_asked(geography):
    population = Population(geography, Chance(3))
    household = population.new_household(geography.grids[0].code)

    ages = [population.new_person(household, age=age).birth_date for age in (0, 9, 90)]

    assert [(date(2020, 2, 1) - born).days // 365.25 for born in ages] == [0, 9, 90]
