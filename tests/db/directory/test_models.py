"""What the tables themselves hold to, whoever writes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from bulou.directory.models import (
    AccessLog,
    Account,
    Area,
    BusinessClock,
    Household,
    IdKind,
    Person,
    Place,
    Sex,
    Unit,
    UnitRole,
)
from bulou.kernel.ids import new_id

pytestmark = pytest.mark.usefixtures("areas")
Scope = Callable[[str], AbstractContextManager[None]]
Queries = Callable[[int], AbstractContextManager[object]]
VILLAGE = "120101001001"


def is_refused(act: Callable[[], object]) -> bool:
    """True where the database (or a reference kept) does not let it happen, references looked at now."""
    try:
        with transaction.atomic():
            act()
            connection.check_constraints()
    except (IntegrityError, DataError, ProtectedError):
        return True
    return False


class TestIds:
    def test_are_made_here_and_sort_by_time(self, scope: Scope) -> None:
        with scope(""):
            made = [Person.objects.create(name=str(n), area_id=VILLAGE).id for n in range(3)]

        assert {id.version for id in made} == {7}

    def test_given_from_elsewhere_are_kept(self, scope: Scope) -> None:
        id = new_id()
        with scope(""):
            Household.objects.create(id=id, area_id=VILLAGE)

            assert Household.objects.get().id == id


class TestReferences:
    def test_an_area_that_is_not_there_is_refused(self, scope: Scope) -> None:
        with scope(""):
            assert is_refused(lambda: Person.objects.create(name="甲", area_id="999999"))
            assert is_refused(lambda: Household.objects.create(area_id="999999"))
            assert is_refused(lambda: Place.objects.create(name="甲", kind="market", area_id="999999"))
        assert is_refused(lambda: Unit.objects.create(name="甲", area_id="999999"))

    def test_a_household_unit_or_place_that_is_not_there_is_refused(self, scope: Scope) -> None:
        nobody = new_id()
        with scope(""):
            assert is_refused(lambda: Person.objects.create(name="甲", area_id=VILLAGE, household_id=nobody))
            assert is_refused(lambda: Place.objects.create(name="甲", kind="x", area_id=VILLAGE, unit_id=nobody))
            assert is_refused(lambda: Place.objects.create(name="甲", kind="x", area_id=VILLAGE, parent_id=nobody))

    def test_a_unit_with_accounts_stays(self, county: Unit, make_account: Callable[..., Account]) -> None:
        make_account("zhang", county, "county_command")

        assert is_refused(county.delete)

    def test_an_area_with_units_stays(self, areas: dict[str, Area], county: Unit) -> None:
        assert is_refused(areas["120101"].delete)


class TestUniqueness:
    def test_a_unit_holds_a_role_once(self, county: Unit) -> None:
        assert is_refused(lambda: UnitRole.objects.create(unit=county, role="county_command", area="120101"))

    def test_a_user_name_is_one_persons(self, county: Unit, make_account: Callable[..., Account]) -> None:
        make_account("zhang", county, "county_command")

        assert is_refused(lambda: Account.objects.create(username="zhang", unit=county, role="cdc"))

    def test_an_identity_number_is_one_persons_and_none_is_nobodys(self, scope: Scope) -> None:
        with scope(""):
            Person.objects.create(name="甲", area_id=VILLAGE, id_index=b"1")
            Person.objects.create(name="乙", area_id=VILLAGE, id_index=None)
            Person.objects.create(name="丙", area_id=VILLAGE, id_index=None)

            assert is_refused(lambda: Person.objects.create(name="丁", area_id=VILLAGE, id_index=b"1"))

    def test_a_phone_may_be_a_familys(self, scope: Scope) -> None:
        with scope(""):
            for name in ("甲", "乙"):
                Person.objects.create(name=name, area_id=VILLAGE, phone_index=b"1")

            assert Person.objects.filter(phone_index=b"1").count() == 2

    def test_there_is_one_business_clock(self) -> None:
        BusinessClock.objects.create()

        assert is_refused(lambda: BusinessClock.objects.create(id=2))
        assert is_refused(lambda: BusinessClock.objects.create(id=1))


class TestDefaults:
    def test_a_person_of_whom_little_is_known_is_kept(self, scope: Scope) -> None:
        with scope(""):
            Person.objects.create(name="无名氏", area_id=VILLAGE)
            person = Person.objects.get()

        assert (person.sex, person.nationality, person.id_kind) == (Sex.UNKNOWN, "CHN", IdKind.RESIDENT)
        assert (person.birth_date, person.id_number, person.phone, person.synthetic) == (None, None, None, False)

    def test_the_database_says_when(self, scope: Scope, county: Unit) -> None:
        with scope(""):
            Person.objects.create(name="甲", area_id=VILLAGE)
            AccessLog.objects.create(account=new_id(), act="view", area=VILLAGE)

            for instant in (Person.objects.get().created_at, AccessLog.objects.get().at):
                assert abs((datetime.now(UTC) - instant).total_seconds()) < 60

    def test_a_code_longer_than_any_is_refused(self) -> None:
        assert is_refused(lambda: Area.objects.create(code="1" * 16, name="甲", name_en="A", level="grid"))


class TestAnAccount:
    def test_is_read_with_its_area_in_one_query(
        self, county: Unit, make_account: Callable[..., Account], django_assert_num_queries: Queries
    ) -> None:
        account = make_account("zhang", county, "county_command")
        with django_assert_num_queries(1):
            assert Account.objects.get(pk=account.pk).area == "120101"

    def test_keeps_no_password_that_can_be_read(self, county: Unit, make_account: Callable[..., Account]) -> None:
        make_account("zhang", county, "county_command")

        assert "secret" not in Account.objects.get().password


def plan_of(statement: str) -> str:
    """How PostgreSQL would run it, were the tables large."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (COSTS off) {statement}")
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("SELECT unit FROM unit_role WHERE role = 'cdc' AND area = ANY('{12,1201,120101}')", "unit_role_role_area"),
        ("SELECT id FROM person WHERE id_index = '\\x01'", "person_id_index"),
        ("SELECT id FROM person WHERE phone_index = '\\x01'", "person_phone"),
        ("SELECT id FROM person WHERE area LIKE '120101%'", "Index Cond: (((area)::text >="),
        ("SELECT code FROM area WHERE code LIKE '120101%'", "area_pkey"),
        ("SELECT code FROM area WHERE parent = '1201'", "area_parent"),
        ("SELECT id FROM access_log WHERE subject = 'person:1' ORDER BY at", "access_log_subject"),
        (f"SELECT id FROM access_log WHERE account = '{new_id()}' ORDER BY at", "access_log_account"),
    ],
)
def test_a_question_asked_often_has_its_index(scope: Scope, statement: str, index: str) -> None:
    with scope("12"):
        plan = plan_of(statement)

    assert index in plan, plan


def test_the_session_area_itself_is_a_range_of_the_index(scope: Scope) -> None:
    with scope("120101"):
        plan = plan_of("SELECT id FROM person")

    assert "Index Cond" in plan or "Recheck Cond" in plan, plan
    assert "bulou.lo" in plan
