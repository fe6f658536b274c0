"""What a name and a number are found by."""

import pytest

from bulou.directory.search_keys import TAIL_BYTES, folded, initials, person_keys, tail


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("张晓明", "zxm"),
        ("Ann Lee", "annlee"),
        ("买买提·阿布都", "mmtabd"),
        ("3号楼2单元", "3hl2dy"),
        ("ＡＢ小学", "abxx"),
        ("", ""),
        ("—", ""),
    ],
)
def test_a_name_is_found_by_its_initials(name: str, short: str) -> None:
    assert initials(name) == short


@pytest.mark.parametrize(
    ("name", "short"),
    [("曾志伟", "zzw"), ("单田芳", "stf"), ("仇英", "qy"), ("尉迟恭", "ycg"), ("长孙无忌", "zswj"), ("曾", "z")],
)
def test_a_surname_is_read_as_a_surname(name: str, short: str) -> None:
    assert initials(name, person=True) == short


def test_a_place_that_begins_like_a_surname_is_read_as_it_is_written() -> None:
    assert initials("单元楼") == "dyl"


def test_texts_are_compared_without_width_case_and_signs() -> None:
    assert folded("Ａ·b c-１") == "abc1"


def test_the_last_four_are_the_same_whatever_came_before_and_an_x_is_an_x() -> None:
    assert tail("110101199001011234", "id") == tail("xx1234", "id")
    assert tail("11010119900101123x", "id") == tail("-123X", "id")
    assert len(tail("13800001234", "phone") or b"") == TAIL_BYTES


def test_the_last_four_of_an_id_and_of_a_phone_do_not_look_alike() -> None:
    assert tail("13800001234", "id") != tail("13800001234", "phone")


@pytest.mark.parametrize("number", ["", "1", "1234"])
def test_what_is_no_longer_than_its_tail_has_none(number: str) -> None:
    assert tail(number, "id") is None


def test_a_person_without_numbers_has_only_a_name_to_be_found_by() -> None:
    assert person_keys("张三", "", "") == ("zs", None, None)
