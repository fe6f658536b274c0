"""A few characters find whom they should, in the session's scope, along an index."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from bulou.directory import selectors, services
from bulou.directory.models import Person, Place, Unit
from bulou.directory.scope import everywhere, scope
from bulou.directory.selectors import search
from bulou.directory.services import NewPerson

HERE, NEXT, FAR = "120101001001", "120101001002", "450103"
NUMBER = "110101199003070011"


@pytest.fixture
def town(areas: Any, make_unit: Callable[..., Unit]) -> dict[str, Person]:
    """Four people, two in one village, one in the next, one far away; a school and a clinic."""
    with everywhere():
        people = {
            "zhang": services.person_register(NewPerson("张晓明", HERE, id_number=NUMBER, phone="13800001234")),
            "zeng": services.person_register(NewPerson("曾大伟", HERE, phone="13900005678")),
            "next": services.person_register(NewPerson("张晓梅", NEXT, phone="13700001234")),
            "far": services.person_register(NewPerson("张晓明", FAR, phone="13600001234")),
        }
        services.place_register("晓明小学", "school", HERE)
    make_unit("小白楼卫生服务中心", HERE, "township_clinic")
    return people


def found(text: str, area: str = "120101") -> list[str]:
    with scope(area):
        return [hit.name for hit in search.find(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("张晓", ["张晓明", "张晓梅"]),
        ("zxm", ["张晓明", "张晓梅"]),
        ("ZX M", ["张晓明", "张晓梅"]),
        ("zd", ["曾大伟"]),
        ("0011", ["张晓明"]),
        ("5678", ["曾大伟"]),
        (NUMBER, ["张晓明"]),
        ("139 0000 5678", ["曾大伟"]),
        ("晓明小", ["晓明小学"]),
        ("小学", ["晓明小学"]),
        ("xmxx", ["晓明小学"]),
        ("卫生", ["小白楼卫生服务中心"]),
        ("xbl", ["小白楼卫生服务中心"]),
        ("李", []),
        ("", []),
        ("%", []),
        ("·", []),
    ],
)
def test_a_few_characters_find_whom_they_should(town: Any, text: str, names: list[str]) -> None:
    assert sorted(found(text)) == sorted(names)


def test_the_last_four_say_of_which_number_they_are(town: Any) -> None:
    with scope("120101"):
        assert [(hit.name, hit.how) for hit in search.find("1234")] == [("张晓明", "phone"), ("张晓梅", "phone")]
        assert [hit.how for hit in search.find("0011")] == ["id"]


def test_nobody_outside_the_scope_is_found(town: Any) -> None:
    assert found("zxm", HERE) == ["张晓明"]
    assert found("张晓明", FAR) == ["张晓明"]
    assert found("5678", FAR) == []


def test_a_narrower_area_narrows_it_further(town: Any) -> None:
    with scope("12"):
        assert [hit.name for hit in search.find("zxm", area=NEXT)] == ["张晓梅"]


def test_the_search_is_one_query(town: Any, django_assert_num_queries: Any) -> None:
    with scope("120101"), django_assert_num_queries(1):
        search.find("zxm")


@pytest.mark.parametrize(
    ("column", "test"),
    [
        ("initials", "initials >= 'zxm' AND initials < 'zxn'"),
        ("name", "name >= '张' AND name < '弡'"),
        ("id_tail", "id_tail = ANY(ARRAY['\\x00'::bytea])"),
        ("phone_tail", "phone_tail = ANY(ARRAY['\\x00'::bytea])"),
    ],
)
def test_row_level_security_leaves_the_index_usable(town: Any, column: str, test: str) -> None:
    with scope("120101"), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN SELECT id FROM person WHERE {test} ORDER BY {column}, area LIMIT 8")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert f"person_{column}_area" in plan
    assert column in plan.split("Index Cond")[1].splitlines()[0]


def test_people_places_and_units_that_came_without_keys_are_given_them(town: Any) -> None:
    with everywhere():
        Person.objects.update(initials="", id_tail=None, phone_tail=None)
        Place.objects.update(initials="")
        Unit.objects.update(initials="")

        assert services.keys_make() == 6
        assert services.keys_make() == 0
    assert found("zxm") == found("张晓") != []
    assert found("0011") == ["张晓明"]
    assert found("xmxx") == ["晓明小学"]


def test_a_name_that_has_nothing_to_find_it_by_does_not_keep_the_work_going(areas: Any) -> None:
    with everywhere():
        services.person_register(NewPerson("—", HERE))

        assert services.keys_make() == 0


def test_initials_follow_the_name_however_the_row_is_written(areas: Any) -> None:
    with everywhere():
        Place.objects.bulk_create([Place(name="第一中学", kind="school", area_id=HERE)])
        place = Place.objects.get()
        place.name = "第二中学"
        place.save()

        assert Place.objects.get().initials == "dezx"


def test_people_are_listed_page_by_page_without_loss_in_every_order(town: Any) -> None:
    with scope("120101"):
        for sort in ("name", "-name", "area", "-area"):
            seen, after = [], ""
            while page := selectors.people_page("120101", sort=sort, after=after, limit=1):
                seen += [row.name for row in page]
                after = str(page[-1].id)

            assert len(seen) == len(set(seen)) == 3, sort
            assert seen == sorted(seen, reverse=sort == "-name") or "area" in sort


def test_the_list_of_people_is_narrowed_as_the_search_is(town: Any) -> None:
    with scope("12"):
        for text, names in (("z", 3), ("张晓明", 1), ("1234", 2), (NUMBER, 1), ("nobody", 0)):
            assert len(selectors.people_page("", text=text)) == names, text
        assert [row.name for row in selectors.people_page(NEXT)] == ["张晓梅"]


def test_places_are_narrowed_by_kind_and_by_any_part_of_the_name(town: Any) -> None:
    with scope("12"):
        assert [row.name for row in selectors.places_page("12", text="小学", kind="school")] == ["晓明小学"]
        assert [row.name for row in selectors.places_page("12", text="xmx")] == ["晓明小学"]
        assert selectors.places_page("12", kind="hotel") == []
        assert selectors.place_kinds("12") == ["school"]


def test_an_unknown_place_to_go_on_from_begins_anew(town: Any) -> None:
    with scope("12"):
        assert len(selectors.people_page("12", after="nonsense")) == 3
