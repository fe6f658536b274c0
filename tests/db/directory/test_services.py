"""What comes onto the books, and what is refused."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from bulou.directory import crypto
from bulou.directory.models import (
    AccessLog,
    Account,
    BusinessClock,
    Household,
    Person,
    Place,
    Sex,
    Unit,
    UnitRole,
)
from bulou.directory.scope import for_account
from bulou.directory.selectors import business_clock
from bulou.directory.services import (
    NewHousehold,
    NewPerson,
    Registered,
    access_record,
    account_close,
    account_create,
    clock_set,
    household_register,
    households_register,
    people_register,
    person_register,
    person_reveal,
    place_register,
    reseal,
    unit_close,
    unit_create,
    unit_roles_set,
)
from bulou.kernel.errors import BulouError

pytestmark = pytest.mark.usefixtures("areas")
Scope = Callable[[str], AbstractContextManager[None]]
VILLAGE = "120101001001"
NUMBER = "11010519491231002X"
LI = NewPerson("李某", VILLAGE, id_number=NUMBER, phone="138 1234 5678")


def refusal(act: Callable[[], object]) -> str:
    """The code of the error an act ends in."""
    with pytest.raises(BulouError) as refused:
        act()
    assert all(problem.to("zh") and problem.to("en") for problem in refused.value.problems)
    return refused.value.problems[0].code


class TestAUnit:
    def test_is_made_with_its_roles_and_area(self) -> None:
        unit = unit_create("疾控中心", "120101", ["cdc", "laboratory"], name_en="CDC")

        held = UnitRole.objects.filter(unit=unit).values_list("role", "area")
        assert set(held) == {("cdc", "120101"), ("laboratory", "120101")}

    def test_needs_an_area_and_roles_there_are(self) -> None:
        assert refusal(lambda: unit_create("甲", "999999", ["cdc"])) == "areas.unknown"
        assert refusal(lambda: unit_create("甲", "120101", ["king"])) == "roles.unknown"
        assert not Unit.objects.exists()

    def test_changes_what_it_answers_for(self, county: Unit) -> None:
        unit_roles_set(county, ["cdc"])

        assert list(county.roles.values_list("role", flat=True)) == ["cdc"]

    def test_that_is_closed_keeps_its_name_and_answers_for_nothing(self, county: Unit) -> None:
        unit_close(county, date(2026, 11, 21))

        assert Unit.objects.get(id=county.id).valid_to == date(2026, 11, 21)
        assert not county.roles.exists()


class TestAPerson:
    def test_is_put_on_file_with_what_the_number_says(self, scope: Scope) -> None:
        with scope("1201"):
            person = Person.objects.get(id=person_register(LI).id)

        assert (person.birth_date, person.sex) == (date(1949, 12, 31), Sex.FEMALE)

    def test_has_number_and_phone_sealed(self, scope: Scope) -> None:
        with scope("1201"):
            person = Person.objects.get(id=person_register(LI).id)

        assert NUMBER.encode() not in bytes(person.id_number or b"")
        assert crypto.vault().unseal(person.id_number or b"", person.id, "id_number") == NUMBER
        assert crypto.vault().unseal(person.phone or b"", person.id, "phone") == "+8613812345678"

    def test_is_on_file_once(self, scope: Scope) -> None:
        with scope("1201"):
            person_register(LI)
            again = NewPerson("李某某", VILLAGE, id_number=NUMBER.lower())

            assert refusal(lambda: person_register(again)) == "person.known"
            assert Person.objects.count() == 1

    def test_is_on_file_once_in_the_whole_country(self, scope: Scope) -> None:
        with scope("12"):
            person_register(LI)
        with scope("45"):
            elsewhere = NewPerson("李某", "450103", id_number=NUMBER)

            assert refusal(lambda: person_register(elsewhere)) == "person.known"

    def test_without_a_number_may_be_one_of_many(self, scope: Scope) -> None:
        with scope(""):
            for _ in range(2):
                person_register(NewPerson("婴儿", VILLAGE))

            assert Person.objects.count() == 2

    def test_from_outside_the_session_is_refused(self, scope: Scope) -> None:
        with scope("45"):
            assert refusal(lambda: person_register(LI)) == "scope.outside"

    @pytest.mark.parametrize(
        ("new", "code"),
        [
            (NewPerson(" ", VILLAGE), "person.name"),
            (NewPerson("李某", "999999"), "areas.unknown"),
            (NewPerson("李某", VILLAGE, id_number="1"), "identity.invalid"),
            (NewPerson("李某", VILLAGE, phone="1"), "phone.invalid"),
        ],
    )
    def test_with_something_wrong_is_refused(self, scope: Scope, new: NewPerson, code: str) -> None:
        with scope(""):
            assert refusal(lambda: person_register(new)) == code


class TestManyPeople:
    def test_are_registered_once_however_often_they_are_sent(self, scope: Scope) -> None:
        people = [NewPerson(f"村民{n}", VILLAGE) for n in range(5)]
        with scope("12"):
            assert people_register(people[:3]) == Registered(created=3, unchanged=0)
            assert people_register(people) == Registered(created=2, unchanged=3)

    def test_come_all_or_none_with_every_bad_row_named(self, scope: Scope) -> None:
        people = [LI, NewPerson("王某", VILLAGE, id_number="1"), NewPerson("", VILLAGE)]
        with scope("12"), pytest.raises(BulouError) as refused:
            people_register(people)

        assert [(p.where, p.code) for p in refused.value.problems] == [("2", "identity.invalid"), ("3", "person.name")]
        with scope(""):
            assert not Person.objects.exists()

    def test_live_in_households_whose_address_is_sealed(self, scope: Scope) -> None:
        with scope("12"):
            household = household_register(VILLAGE, "滨江道1号2门301")
            person_register(NewPerson("李某", VILLAGE, household=household.id))
            stored = Household.objects.get()

            assert stored.people.count() == 1
            assert "滨江道".encode() not in bytes(stored.address or b"")

    def test_and_households_are_registered_once(self, scope: Scope) -> None:
        households = [NewHousehold(VILLAGE, synthetic=True) for _ in range(3)]
        with scope("12"):
            assert households_register(households).created == 3
            assert households_register(households) == Registered(created=0, unchanged=3)


class TestAPlace:
    def test_lies_in_another(self, scope: Scope, county: Unit) -> None:
        with scope("12"):
            school = place_register("第一小学", "school", VILLAGE, unit=county.id)
            place_register("三年二班", "class", VILLAGE, parent=school.id)

            assert [place.name for place in school.children.all()] == ["三年二班"]

    def test_does_not_lie_in_one_the_session_cannot_see(self, scope: Scope) -> None:
        with scope("12"):
            market = place_register("菜市场", "market", VILLAGE)
        with scope("45"):
            assert refusal(lambda: place_register("摊位", "stall", "450103", parent=market.id)) == "place.parent"
            assert refusal(lambda: place_register("摊位", "stall", "450103", parent=uuid4())) == "place.parent"
            assert refusal(lambda: place_register("摊位", "stall", VILLAGE)) == "scope.outside"
            assert not Place.objects.exists()


class TestAnAccount:
    def test_is_of_a_unit_in_one_of_its_roles(self, county: Unit) -> None:
        account = account_create("zhang", "a-long-sentence-1", county, "county_command")

        assert Account.objects.get(username="zhang").check_password("a-long-sentence-1")
        assert account.area == "120101"

    def test_is_refused_for_a_role_the_unit_does_not_hold(self, county: Unit) -> None:
        assert refusal(lambda: account_create("zhang", "a-long-sentence-1", county, "cdc")) == "account.role"

    def test_is_refused_with_a_weak_password_in_both_languages(self, county: Unit) -> None:
        with pytest.raises(BulouError) as refused:
            account_create("zhang", "12345", county, "county_command")

        text = refused.value.problems[0].text
        assert "密码" in text.zh
        assert "password" in text.en

    def test_has_a_name_nobody_else_has(self, county: Unit) -> None:
        account_create("zhang", "a-long-sentence-1", county, "county_command")

        assert refusal(lambda: account_create("zhang", "a-long-sentence-2", county, "county_command")) == "row.known"

    def test_that_is_closed_no_longer_signs_in(self, county: Unit) -> None:
        account = account_create("zhang", "a-long-sentence-1", county, "county_command")

        account_close(account)

        assert not Account.objects.get(username="zhang").is_active

    def test_of_the_nation_sees_the_whole_country(self, scope: Scope, make_unit: Callable[..., Unit]) -> None:
        account = account_create("wang", "a-long-sentence-1", make_unit("国务院联防联控", "", "cdc"), "cdc")
        with scope(""):
            person_register(LI)

        with for_account(account):
            assert Person.objects.count() == 1


class TestALook:
    @pytest.fixture
    def officer(self, county: Unit) -> Account:
        return account_create("zhang", "a-long-sentence-1", county, "county_command")

    def test_at_a_full_number_is_recorded_with_its_purpose(self, scope: Scope, officer: Account) -> None:
        with scope("120101"):
            person = person_register(LI)

            assert person_reveal(person, "id_number", by=officer, purpose="核对转运名单", ip="10.0.0.1") == NUMBER

            look = AccessLog.objects.get()
        assert (look.account, look.act, look.subject) == (officer.id, "reveal", f"person:{person.id}")
        assert (look.purpose, look.area, look.ip) == ("id_number: 核对转运名单", VILLAGE, "10.0.0.1")

    def test_at_a_number_nobody_gave_is_empty(self, scope: Scope, officer: Account) -> None:
        with scope("120101"):
            person = person_register(NewPerson("王某", VILLAGE))

            assert person_reveal(person, "phone", by=officer, purpose="电话随访") == ""

    def test_without_a_purpose_is_refused(self, scope: Scope, officer: Account) -> None:
        with scope("120101"):
            person = person_register(LI)

            assert refusal(lambda: person_reveal(person, "phone", by=officer, purpose=" ")) == "reveal.purpose"
            assert not AccessLog.objects.exists()

    def test_at_somebody_elsewhere_is_refused(self, scope: Scope, officer: Account) -> None:
        with scope(""):
            person = person_register(NewPerson("韦某", "450103", phone="13812345678"))

            assert refusal(lambda: person_reveal(person, "phone", by=officer, purpose="好奇")) == "scope.outside"

    def test_at_a_list_is_recorded_too(self, scope: Scope, officer: Account) -> None:
        with scope("120101"):
            access_record("search", by=officer, area="120101", purpose="李")

            assert AccessLog.objects.get().act == "search"

    def test_costs_one_query(self, scope: Scope, officer: Account, django_assert_num_queries: Any) -> None:
        with scope("120101"), django_assert_num_queries(1):
            access_record("view", by=officer, area=VILLAGE, subject="person:1", page="/people/" + "x" * 400)

    def test_outside_ones_area_is_refused_and_spoils_nothing_else(self, scope: Scope, officer: Account) -> None:
        with scope("120101"):
            access_record("search", by=officer, area="120101", purpose="before")

            assert refusal(lambda: access_record("search", by=officer, area="130101")) == "scope.outside"

            assert [look.purpose for look in AccessLog.objects.all()] == ["before"]


class TestTheClock:
    def test_is_set_for_a_drill_and_returned_to_real_time(self) -> None:
        noon = datetime(2020, 2, 10, 4, tzinfo=UTC)
        clock_set(noon)
        assert BusinessClock.objects.get().set_to == noon
        assert business_clock() == noon

        clock_set(None)
        assert BusinessClock.objects.get().set_to is None
        assert business_clock() is None

    def test_keeps_real_time_where_it_was_never_set(self) -> None:
        assert business_clock() is None

    def test_needs_a_time_zone(self) -> None:
        assert refusal(lambda: clock_set(datetime(2020, 2, 10, 12))) == "clock.zone"  # noqa: DTZ001


def test_after_a_rotation_everything_is_sealed_anew(scope: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    old, index = bytes(range(32)), bytes(32)
    keys = [old]
    monkeypatch.setattr("bulou.directory.services.people.vault", lambda: crypto.Vault(keys, index))
    with scope(""):
        household_register(VILLAGE, "滨江道1号")
        people_register([LI, NewPerson("王某", VILLAGE, phone="13912345678"), NewPerson("赵某", VILLAGE)])
        keys.insert(0, bytes(range(32, 64)))

        assert reseal(limit=1) == 2
        assert reseal() == 1
        assert reseal() == 0

        keys.pop()
        person = Person.objects.get(name="李某")
        assert crypto.Vault(keys, index).unseal(person.id_number or b"", person.id, "id_number") == NUMBER
