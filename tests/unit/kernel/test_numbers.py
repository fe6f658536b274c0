from decimal import Decimal

import pytest

from bulou.kernel.facts import read_json
from bulou.kernel.numbers import DIGITS, NumberError, exact, none, whole


def test_every_digit_of_a_number_is_kept() -> None:
    assert str(exact("37.30000000000000000001")) == "37.30000000000000000001"
    assert exact("-373e-1") == Decimal("-37.3")
    assert whole("9" * DIGITS) == 10**DIGITS - 1


@pytest.mark.parametrize("text", ["9" * (DIGITS + 1), "-" + "9" * 5000])
def test_a_whole_number_beyond_measure_is_none(text: str) -> None:
    with pytest.raises(NumberError):
        whole(text)


@pytest.mark.parametrize("text", ["1e41", "1e-41", "1e999999", "1e9999999999999999999999", "0." + "3" * 41])
def test_so_is_one_with_a_point(text: str) -> None:
    with pytest.raises(NumberError):
        exact(text)


def test_what_json_does_not_know_is_no_number() -> None:
    with pytest.raises(NumberError, match="NaN"):
        none("NaN")


@pytest.mark.parametrize("text", ["[1e999999]", "[Infinity]", "[" * 100_000, "{", ""])
def test_json_that_cannot_be_read_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_json(text)
