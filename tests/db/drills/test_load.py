"""A demonstration on the books: everything marked, everything there, and the same when loaded again."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bulou.directory.models import Account, Area, Household, Person, Place, Unit, UnitRole
from bulou.directory.roles import ADMINISTRATORS
from bulou.directory.scope import everywhere, scope
from bulou.kernel import clock
from bulou.kernel.areas import LEVELS, parent
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import KINDS
from bulou.kernel.text import Text
from bulou.ledger import selectors, services, verification
from bulou.oversight.drills import services as drills
from bulou.oversight.drills.synthetic import make
from bulou.oversight.drills.synthetic.geography import CENTRE_OF_BAODI
from bulou.oversight.drills.tianjin import read_cases
from bulou.plan.rules import Rule, Trigger, Variant

AT = datetime(2020, 1, 25, 10, tzinfo=SHANGHAI)


def rule(name, when, must, role, no_miss):
    title = Text(zh=name, en=name)
    spans = {"until": None, "has_until": False, "level": None, "tell": (), "zone": ZoneInfo("Asia/Shanghai")}
    variants = (Variant(within=timedelta(hours=6)),)
    return Rule(
        f"small/{name}", "small", "S-1", "S 1", title, no_miss, Trigger(when), must=Trigger(must), role=role,
        variants=variants, **spans,
    )  # fmt: skip


RULES = [
    rule("enrol", "contact.identified", "person.enrolled", "village_committee", "screening"),
    rule("isolate", "person.enrolled", "isolation.started", "village_committee", "isolation"),
    rule("report", "episode.confirmed", "episode.reported", "designated_hospital", "treatment"),
]


@pytest.fixture(scope="module")
def names():
    found = {"12": "天津市", "1201": "市辖区", "120102": "河东区", "120105": "河北区", "120115": "宝坻区"}
    towns = [f"{district}{town}" for district in ("120102", "120105", "120115") for town in (101, 102, 103)]
    for town in (*CENTRE_OF_BAODI, *towns):
        found[town] = f"{town[-3:]}街道"
        found |= {f"{town}{number:03}": f"{town[-3:]}之{number}社区居委会" for number in range(1, 5)}
    return found


@pytest.fixture(scope="module")
def made(names):
    return make(names, read_cases().cases[:10], RULES, KINDS)


@pytest.fixture
def loaded(names, made):
    for code in ["", *sorted(names)]:
        level = LEVELS.get(len(code), "country")
        above = parent(code) if code else None
        Area.objects.create(code=code, name=names.get(code, "全国"), name_en=code, level=level, parent_id=above)
    load(made)
    return made


def load(made):
    drills.units_load(made, "一个密码-2020")
    drills.people_load(made)
    created = drills.facts_load(made.facts, at=AT)
    drills.plan_adopt(RULES, area="12", at=AT)
    drills.clock_move(AT)
    return created


def counts():
    with everywhere():
        return [model.objects.count() for model in (Area, Unit, UnitRole, Account, Household, Person, Place)]


def test_everything_made_is_on_the_books(loaded):
    with everywhere():
        assert Person.objects.count() == len(loaded.people)
        assert Household.objects.count() == len(loaded.households)
        assert Place.objects.count() == len(loaded.places)
        assert Unit.objects.count() == len(loaded.units) + 1  # the information office
        assert Area.objects.filter(level="grid").count() == len(loaded.grids)
    assert drills.is_loaded()


def test_everyone_and_everything_is_marked_synthetic(loaded):
    with everywhere():
        for model in (Person, Household, Place, Unit, Account):
            assert not model.objects.filter(synthetic=False).exists()


def test_a_second_load_changes_nothing(loaded):
    before = counts()

    created = load(loaded)

    assert created == 0
    assert counts() == before


def test_the_ledger_is_that_of_the_reference(loaded):
    services_known = {"small": ["12"]}

    count, differences = verification.verify(RULES, services_known, AT)

    assert count > 30
    assert differences == []


def test_facts_after_the_clock_wait_for_it(loaded):
    later = AT + timedelta(days=7)
    before, _ = verification.verify(RULES, {"small": ["12"]}, AT)

    drills.clock_move(later)

    after, differences = verification.verify(RULES, {"small": ["12"]}, later)
    assert after > before
    assert differences == []


def test_the_board_of_a_district_counts_its_own(loaded):
    with scope("120115"), clock.at(AT):
        board = selectors.board("120115", AT.date())

    known = Counter(line.area[:6] for line in services_lines(loaded))
    shown = sum(
        sum((c.ever.open, c.ever.met, c.ever.late, c.ever.missed, c.ever.void, c.ever.waived)) for c in board.columns
    )
    assert shown == known["120115"]


def services_lines(made):
    from bulou.plan.evaluate import ledger

    return ledger(RULES, made.facts, AT)


def test_accounts_sign_in_with_the_password_of_the_installation(loaded):
    accounts = list(Account.objects.all())

    assert {account.role for account in accounts} >= {"city_command", "village_committee", "cdc", "grid_worker"}
    assert all(account.check_password("一个密码-2020") for account in accounts)
    assert not accounts[0].check_password("another")


def test_three_administrators_are_three_people_of_one_office(loaded):
    found = Account.objects.filter(role__in=ADMINISTRATORS)

    assert {account.role for account in found} == set(ADMINISTRATORS)
    assert len({account.name for account in found}) == 3
    assert len({account.unit_id for account in found}) == 1


def test_numbers_are_kept_sealed(loaded):
    number = loaded.people[0].id_number
    with everywhere():
        person = Person.objects.get(id=loaded.people[0].id)

    assert number.encode() not in bytes(person.id_number)


def test_a_stranger_s_area_sees_nobody(loaded):
    with scope("45"):
        assert not Person.objects.exists()
        assert not Place.objects.exists()


def test_the_names_of_divisions_come_without_grids(loaded, names):
    assert drills.division_names("12") == names


def test_a_fact_that_is_refused_is_told_with_its_reason(loaded):
    stranger = replace(loaded.facts[0], id=loaded.facts[0].id[:-1] + "0", kind="no.such")

    with pytest.raises(BulouError, match=r"no fact kind 'no\.such'"):
        drills.facts_load([stranger], at=AT)


def test_invented_people_never_join_real_ones(areas):
    with everywhere():
        Person.objects.create(name="张三", area_id="120101001001", synthetic=False)

    with pytest.raises(BulouError, match="holds real people"):
        drills.refuse_real_people()


def test_where_nobody_real_is_on_file_a_demonstration_may_be_loaded(areas):
    with everywhere():
        Person.objects.create(name="李四", area_id="120101001001", synthetic=True)

    drills.refuse_real_people()


def test_the_clock_is_where_it_was_moved_to(loaded):
    later = AT + timedelta(hours=5)
    drills.clock_move(later)

    assert services.catch_up() == later
