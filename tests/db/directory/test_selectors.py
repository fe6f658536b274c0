"""Reads for the screens: masked, in scope, in the session's language, in a fixed number of queries."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from uuid import UUID, uuid4

import pytest
from django.utils import translation

from bulou.directory import selectors
from bulou.directory.models import Area, Unit
from bulou.directory.services import (
    NewPerson,
    area_edit,
    household_register,
    person_register,
    place_register,
    unit_close,
)
from bulou.kernel import clock
from bulou.kernel.text import Text

pytestmark = pytest.mark.usefixtures("areas")
Scope = Callable[[str], AbstractContextManager[None]]
Queries = Callable[[int], AbstractContextManager[object]]
VILLAGE = "120101001001"
NUMBER = "11010519491231002X"
IN_2020 = datetime(2020, 2, 10, 12, tzinfo=clock.SHANGHAI)


@pytest.fixture
def li(scope: Scope) -> UUID:
    """Somebody in the village, with everything on file."""
    with scope("12"):
        household = household_register(VILLAGE, "滨江道1号2门301")
        person_register(NewPerson("李小某", VILLAGE, household=household.id))
        return person_register(
            NewPerson("李某", VILLAGE, household=household.id, id_number=NUMBER, phone="13812345678", synthetic=True)
        ).id


class TestNames:
    def test_are_of_people_places_units_and_areas_in_one_query(
        self, scope: Scope, li: UUID, county: Unit, django_assert_num_queries: Queries
    ) -> None:
        with scope("12"):
            market = place_register("菜市场", "market", VILLAGE)
            subjects = [f"person:{li}", f"place:{market.id}", f"unit:{county.id}", "area:120101"]
            with django_assert_num_queries(1):
                found = selectors.names(subjects)

        assert list(map(found.get, subjects)) == ["李某", "菜市场", "和平区指挥部", "和平区"]

    def test_of_people_elsewhere_are_not_told(self, scope: Scope, li: UUID) -> None:
        with scope("45"):
            assert selectors.names([f"person:{li}", "area:120101"]) == {"area:120101": "和平区"}

    def test_of_what_has_none_are_absent_and_cost_nothing(self, django_assert_num_queries: Queries) -> None:
        with django_assert_num_queries(0):
            assert selectors.names([f"episode:{uuid4()}", "nonsense", "person:x", "area:1"]) == {}

    def test_are_in_the_sessions_language(self, county: Unit) -> None:
        Unit.objects.filter(id=county.id).update(name_en="Heping command post")
        Area.objects.filter(code="120101").update(name_en="Heping District")
        with translation.override("en"):
            assert selectors.names([f"unit:{county.id}"]) == {f"unit:{county.id}": "Heping command post"}
            assert selectors.unit_names([county.id]) == {county.id: "Heping command post"}
            assert selectors.area_names(["120101", "999999"]) == {"120101": "Heping District"}

    def test_of_units_are_found_by_text_or_id_and_the_absent_left_out(
        self, county: Unit, django_assert_num_queries: Queries
    ) -> None:
        with django_assert_num_queries(1):
            assert selectors.unit_names([county.id, str(county.id), None, uuid4()]) == {county.id: "和平区指挥部"}


class TestAreas:
    def test_have_a_path_from_the_country_down(self, django_assert_num_queries: Queries) -> None:
        with django_assert_num_queries(1):
            path = selectors.area_path(VILLAGE)

        assert [step.code for step in path] == ["", "12", "1201", "120101", "120101001", VILLAGE]

    def test_have_children_in_force_today(self, areas: dict[str, Area], django_assert_num_queries: Queries) -> None:
        Area.objects.filter(code__in=["120101", "120102"]).update(parent="1201")
        area_edit("120102", valid_to=date(2020, 3, 1))
        with django_assert_num_queries(1):
            assert [child.code for child in selectors.area_children("1201")] == ["120101"]
        with clock.at(IN_2020):
            assert [child.code for child in selectors.area_children("1201")] == ["120101", "120102"]

    def test_are_found_by_code(self) -> None:
        assert selectors.area("120101") == selectors.AreaRow("120101", "和平区", "")
        assert selectors.area("999999") is None


class TestUnits:
    def test_come_with_roles_and_area(self, county: Unit, django_assert_num_queries: Queries) -> None:
        with django_assert_num_queries(1):
            row = selectors.unit(county.id)

        assert row is not None
        assert (row.name, row.area, row.area_name) == ("和平区指挥部", "120101", "和平区")
        assert [name for name, _ in row.roles] == ["county_command"]
        assert isinstance(row.roles[0][1], Text)
        assert selectors.unit(uuid4()) is None

    def test_are_listed_by_area_role_and_name(self, village: Unit, county: Unit, stranger: Unit) -> None:
        def listed(area: str, **narrower: str) -> list[UUID]:
            return [row.id for row in selectors.units(area, **narrower)]  # type: ignore[arg-type]

        assert listed("12") == [county.id, village.id]
        assert listed("") == [county.id, village.id, stranger.id]
        assert listed("", role="county_command") == [county.id, stranger.id]
        assert listed("", text="居委会") == [village.id]
        assert listed("", after=str(county.id)) == [village.id, stranger.id]

    def test_that_are_closed_are_left_out(self, county: Unit) -> None:
        unit_close(county, date(2026, 11, 21))

        assert selectors.units("12") == []

    def test_answer_for_an_area_by_the_longest_prefix(
        self, make_unit: Callable[..., Unit], django_assert_num_queries: Queries
    ) -> None:
        far, near = make_unit("市疾控", "12", "cdc"), make_unit("区疾控", "120101", "cdc")
        with django_assert_num_queries(1):
            assert selectors.owner("cdc", VILLAGE) == near.id
        assert selectors.owner("cdc", "120102") == far.id
        assert selectors.owner("cdc", "450103") is None
        assert selectors.owner("hospital", VILLAGE) is None

    def test_of_the_country_answer_where_nobody_nearer_does(self, make_unit: Callable[..., Unit]) -> None:
        national = make_unit("中国疾控", "", "cdc")

        assert selectors.owner("cdc", VILLAGE) == national.id


class TestAPersonsFile:
    def test_shows_who_they_are_with_numbers_masked(
        self, scope: Scope, li: UUID, django_assert_num_queries: Queries
    ) -> None:
        with scope("12"), clock.at(IN_2020), django_assert_num_queries(2):
            file = selectors.person_file(li)

        assert file is not None
        assert (file.name, file.sex, file.age, file.synthetic) == ("李某", "female", 70, True)
        assert (file.id_number, file.phone) == ("110105********002X", "138****5678")
        assert file.household is not None
        assert file.household.address == "滨江道1号2****"
        assert [member.name for member in file.household.members] == ["李小某", "李某"]

    def test_of_somebody_elsewhere_is_not_there(self, scope: Scope, li: UUID) -> None:
        with scope("45"):
            assert selectors.person_file(li) is None
            assert selectors.person(li) is None

    def test_of_somebody_with_nothing_on_file_is_empty(self, scope: Scope) -> None:
        with scope("12"):
            file = selectors.person_file(person_register(NewPerson("无名氏", VILLAGE)).id)

        assert file is not None
        assert (file.id_number, file.phone, file.household, file.age, file.birth_date) == ("", "", None, None, None)


class TestASearch:
    @pytest.mark.parametrize("text", [NUMBER, NUMBER.lower(), "138 1234 5678", "李某"])
    def test_finds_by_number_phone_or_name(self, scope: Scope, li: UUID, text: str) -> None:
        with scope("12"):
            assert [row.id for row in selectors.people_find(text)] == [li]

    @pytest.mark.parametrize("text", ["11010519491231", "13912345678", "某", "E12345678"])
    def test_finds_nobody_by_half_a_number_or_the_middle_of_a_name(self, scope: Scope, li: UUID, text: str) -> None:
        with scope("12"):
            assert selectors.people_find(text) == []

    def test_lists_an_area_page_by_page(self, scope: Scope, li: UUID, django_assert_num_queries: Queries) -> None:
        with scope("12"), django_assert_num_queries(2):
            assert [row.name for row in selectors.people_find("", area=VILLAGE)] == ["李小某", "李某"]
            assert len(selectors.people_find("李", limit=1)) == 1

    def test_finds_nobody_elsewhere(self, scope: Scope, li: UUID) -> None:
        with scope("45"):
            assert selectors.people_find(NUMBER) == []

    def test_finds_a_passport(self, scope: Scope) -> None:
        with scope("12"):
            guest = person_register(NewPerson("Ann", VILLAGE, id_kind="passport", id_number="E12345678"))

            assert [row.id for row in selectors.people_find("e12345678")] == [guest.id]


@pytest.mark.parametrize(
    ("born", "years"), [(date(2000, 2, 10), 20), (date(2000, 2, 11), 19), (date(2020, 2, 10), 0), (None, None)]
)
def test_age_counts_birthdays_that_have_been(born: date | None, years: int | None) -> None:
    with clock.at(IN_2020):
        assert selectors.people.age(born) == years


def test_places_are_found_by_id_in_scope(scope: Scope, django_assert_num_queries: Queries) -> None:
    with scope("12"):
        market = place_register("菜市场", "market", VILLAGE)
        with django_assert_num_queries(1):
            assert selectors.places([market.id, uuid4()])[market.id].name == "菜市场"
    with scope("45"):
        assert selectors.places([market.id]) == {}
