"""Lists of people as clerks keep them come in whole: new, changed, unchanged and refused rows add up."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bulou.directory.crypto import vault
from bulou.directory.models import Household, Person
from bulou.exchange.imports import reading, services
from bulou.exchange.imports.happenings import Sender
from bulou.exchange.imports.models import ImportBatch, ImportRow

from .conftest import ELSEWHERE, NEXT, VILLAGE, Rows, Scope, counts, number, why

Bring = Callable[..., ImportBatch]
HEAD = ["序号", "姓名", "性别", "出生日期", "身份证号", "联系电话", "所属社区", "详细地址"]


def listed(*rows: list[object]) -> Rows:
    return [HEAD, *rows]


FIRST = [1, "演示甲", "女", "1949-12-31", number(), "19900000001", VILLAGE, "演示路1号"]
SECOND = [2, "演示乙", "男", "1970/1/2", "", "19900000002", "劝业场街道兆丰路社区", "演示路2号"]


def test_a_clerks_list_comes_in_with_its_households(bring: Bring, scope: Scope) -> None:
    batch = bring("people", listed(FIRST, SECOND))

    assert counts(batch) == (2, 0, 0, 0)
    with scope(""):
        people = {person.name: person for person in Person.objects.all()}
        assert Household.objects.count() == 2
    assert (people["演示甲"].area_id, people["演示乙"].area_id) == (VILLAGE, NEXT)
    assert people["演示乙"].birth_date == date(1970, 1, 2)
    assert people["演示甲"].household_id != people["演示乙"].household_id


def test_the_same_file_again_changes_nothing(bring: Bring) -> None:
    bring("people", listed(FIRST, SECOND))

    assert counts(bring("people", listed(FIRST, SECOND))) == (0, 0, 2, 0)


def test_a_changed_row_tells_what_changed_field_by_field(bring: Bring, scope: Scope) -> None:
    bring("people", listed(FIRST))

    moved = [1, "演示甲", "女", "", number(), "19900000009", NEXT, ""]
    batch = bring("people", listed(moved))

    assert counts(batch) == (0, 1, 0, 0)
    with scope(""):
        (row,) = ImportRow.objects.filter(batch=batch)
    assert row.shown == {"area": [VILLAGE, NEXT], "phone": ["199****0001", "199****0009"]}


def test_a_rehearsal_tells_the_same_numbers_and_keeps_nothing(bring: Bring, scope: Scope) -> None:
    bring("people", listed(FIRST))

    batch = bring(
        "people", listed([*FIRST[:5], "19900000009", NEXT, ""], SECOND, [3, *[""] * 5, "x", ""]), rehearsal=True
    )

    assert counts(batch) == (1, 1, 0, 1)
    with scope(""):
        person = Person.objects.get()
        assert person.area_id == VILLAGE
        assert Household.objects.count() == 1


def test_a_person_without_a_number_sent_twice_is_one_person(bring: Bring, scope: Scope) -> None:
    batch = bring("people", listed(SECOND, [9, *SECOND[1:]]))

    assert counts(batch) == (1, 0, 1, 0)


def test_two_rows_that_contradict_each_other_are_not_both_taken(bring: Bring) -> None:
    batch = bring("people", listed(FIRST, [2, "演示丁", *FIRST[2:]]))

    assert counts(batch) == (1, 0, 0, 1)
    assert why(batch) == ["repeated"]


def test_the_contradiction_is_seen_across_the_chunks_of_a_long_file(bring: Bring) -> None:
    others = [[n, f"演示{n}", "", "", number(2 * n, born="19600101"), "", VILLAGE, ""] for n in range(1, 61)]

    batch = bring("people", listed(FIRST, *others, [99, "演示丁", *FIRST[2:]]))

    assert counts(batch) == (61, 0, 0, 1)


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        (1, "", "name"),
        (2, "男", "contradiction"),
        (2, "猫", "option"),
        (3, "1950-01-01", "contradiction"),
        (3, "2020-13-01", "date"),
        (3, "03/04/2020", "ambiguous_date"),
        (4, "110105194912310021", "invalid"),
        (4, "1.10105E+17", "ruined"),
        (4, "11010519491231", "invalid"),
        (5, "12345", "invalid"),
        (5, "1.99E+10", "ruined"),
        (6, ELSEWHERE, "area_outside"),
        (6, "不存在社区", "area_unknown"),
        (6, "河东区蓉芳里社区", "area_unknown"),
        (6, "999999", "area_unknown"),
        (6, "", "no_area"),
    ],
)
def test_a_bad_cell_refuses_its_row_and_no_other(cell: int, value: str, code: str, bring: Bring) -> None:
    bad = list(FIRST)
    bad[cell] = value

    batch = bring("people", listed(bad, SECOND))

    assert counts(batch) == (1, 0, 0, 1)
    assert why(batch) == [code]


def test_numbers_stored_as_numbers_are_refused_with_the_remedy(
    bring: Bring, make_xlsx: Callable[..., Path], scope: Scope
) -> None:
    path = make_xlsx(
        [
            HEAD,
            [1, "演示甲", "", "", 110105194912310021, "", VILLAGE, ""],
            [2, "演示乙", "", "", "", 2212345678, VILLAGE, ""],
            [3, "演示丙", "", "", "", 19900000003, 120101001001, ""],
        ]
    )

    batch = bring("people", path)

    assert counts(batch) == (1, 0, 0, 2)
    assert why(batch) == ["ruined", "lost_zero"]
    with scope(""):
        (person,) = Person.objects.all()
        assert vault().unseal(person.phone or b"", person.id, "phone") == "+8619900000003"


def test_what_begins_like_a_formula_is_text(bring: Bring, scope: Scope) -> None:
    batch = bring("people", [["姓名", "属地"], ["=cmd|' /C calc'!A0", VILLAGE]])

    assert counts(batch) == (1, 0, 0, 0)
    with scope(""):
        assert Person.objects.get().name == "=cmd|' /C calc'!A0"


def test_an_area_for_every_row_may_be_given_once(bring: Bring, scope: Scope) -> None:
    batch = bring("people", [["姓名"], ["演示甲"]], stated={"area": VILLAGE})

    assert counts(batch) == (1, 0, 0, 0)


def test_a_village_need_not_say_where_it_is(bring: Bring, scope: Scope) -> None:
    batch = bring("people", [["姓名"], ["演示甲"]], by=Sender(VILLAGE))

    assert counts(batch) == (1, 0, 0, 0)


def test_a_run_that_was_stopped_goes_on_behind_its_last_row(
    sender: Sender, make_csv: Callable[..., Path], scope: Scope
) -> None:
    path = make_csv([["姓名", "属地"], *([f"演示{n}", VILLAGE] for n in range(30))])
    file = services.file_keep(path, path.name, "people", sender)
    run = services.begin(file, reading.read(path), sender, rehearsal=False)
    next(run.go(size=10))

    with scope(sender.area), services.file_open(file) as kept:
        left = ImportBatch.objects.select_related("file").get(id=run.batch.id)
        *_, batch = services.run_of(left, kept, sender).go(size=10)

    assert counts(batch) == (30, 0, 0, 0)
    assert batch.state == "done"
