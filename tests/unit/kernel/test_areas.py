import pytest

from bulou.kernel.areas import ancestry, contains, is_area_code, parent, prefix_range


@pytest.mark.parametrize("code", ["45", "4501", "450102", "450102001", "450102001003", "450102001003001"])
def test_the_six_lengths_are_area_codes(code: str) -> None:
    assert is_area_code(code)


@pytest.mark.parametrize("code", ["", "4", "450", "45010", "4501020010030011", "45a1", "４５", "²²"])
def test_other_lengths_and_characters_are_not(code: str) -> None:
    assert not is_area_code(code)


def test_a_prefix_contains_and_the_empty_code_contains_all() -> None:
    assert contains("4501", "450102")
    assert contains("4501", "4501")
    assert contains("", "45")
    assert not contains("450102", "4501")
    assert not contains("46", "450102")


def test_an_area_knows_the_areas_above_it() -> None:
    assert ancestry("450102001") == ["45", "4501", "450102", "450102001"]
    assert ancestry("") == []


@pytest.mark.parametrize(("code", "above"), [("450102001", "450102"), ("4501", "45"), ("45", "")])
def test_the_parent_is_one_level_up(code: str, above: str) -> None:
    assert parent(code) == above


def test_the_range_of_an_area_holds_what_it_contains_and_nothing_else() -> None:
    low, high = prefix_range("4501")

    assert all(low <= code < high for code in ("4501", "450199999999999"))
    assert not any(low <= code < high for code in ("45", "4500", "4502", "46"))
