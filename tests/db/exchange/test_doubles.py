"""People who may be on file already are queued for somebody to decide, and never merged by themselves."""

from collections.abc import Callable

import pytest

from bulou.directory.models import Person
from bulou.exchange.imports import selectors
from bulou.exchange.imports.models import ImportBatch

from .conftest import VILLAGE, Scope, number

Bring = Callable[..., ImportBatch]
HEAD = ["姓名", "身份证号", "手机", "出生日期", "属地"]


@pytest.mark.parametrize(
    ("known", "new", "grounds"),
    [
        (["张晓明", number(), "19900000001", ""], ["张小明", "", "19900000001", ""], ["phone"]),
        (["张晓明", "", "", "1970-01-01"], ["张小明", number(4, "19700101"), "", ""], ["birth_date"]),
        (["张晓明", "", "19900000001", "1970-01-01"], ["张晓明", "", "19900000001", ""], ["phone"]),
    ],
)
def test_one_who_sounds_alike_with_one_phone_or_birthday_is_queued(
    known: list[str], new: list[str], grounds: list[str], bring: Bring, scope: Scope
) -> None:
    bring("people", [HEAD, [*known, VILLAGE]])

    batch = bring("people", [HEAD, [*new, VILLAGE]])

    with scope("120101"):
        (doubt,) = selectors.open_doubts()
        assert (doubt.batch_id, doubt.row, doubt.grounds) == (batch.id, 2, grounds)
        assert Person.objects.count() == 2, "nobody was merged"


@pytest.mark.parametrize(
    ("known", "new"),
    [
        (["张晓明", number(), "19900000001", ""], ["张小明", number(4, "19700101"), "19900000001", ""]),
        (["张晓明", "", "19900000001", ""], ["李建国", "", "19900000001", ""]),
        (["张晓明", "", "", "1970-01-01"], ["张晓明", "", "", "1971-01-01"]),
    ],
)
def test_two_numbers_are_two_people_and_so_are_a_family_with_one_phone(
    known: list[str], new: list[str], bring: Bring, scope: Scope
) -> None:
    bring("people", [HEAD, [*known, VILLAGE]])

    bring("people", [HEAD, [*new, VILLAGE]])

    with scope("120101"):
        assert selectors.open_doubts() == []


def test_a_pair_within_one_file_is_queued_once(bring: Bring, scope: Scope) -> None:
    bring("people", [HEAD, ["张晓明", "", "19900000001", "", VILLAGE], ["张小明", "", "19900000001", "", VILLAGE]])

    with scope("120101"):
        assert len(selectors.open_doubts()) == 1
