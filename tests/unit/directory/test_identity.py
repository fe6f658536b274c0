"""Identity numbers and phones: checked, normalised, masked. The numbers are made up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.directory.identity import mask_address, mask_id, mask_phone, read_id, read_phone
from bulou.directory.models import IdKind, Sex
from bulou.kernel.errors import BulouError

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def with_check_digit(body: str) -> str:
    """The 17 digits with the 18th by the table of the standard, worked out apart from the code under test."""
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


@given(
    st.dates(date(1900, 1, 1), date(2019, 12, 31)), st.integers(0, 999), st.sampled_from(["110101", "450103", "820000"])
)
def test_every_number_with_the_right_check_digit_is_read(born: date, serial: int, region: str) -> None:
    number = with_check_digit(f"{region}{born:%Y%m%d}{serial:03}")

    found = read_id("resident", number)

    assert (found.number, found.birth_date) == (number, born)
    assert found.sex == (Sex.MALE if serial % 2 else Sex.FEMALE)


@given(st.integers(0, 17), st.integers(1, 9))
def test_one_mistaken_digit_is_noticed(position: int, step: int) -> None:
    number = with_check_digit("11010119900307104")
    digit = "0123456789X".index(number[position])
    mistaken = number[:position] + str((digit + step) % 10) + number[position + 1 :]

    if mistaken != number:
        with pytest.raises(BulouError):
            read_id("resident", mistaken)


@pytest.mark.parametrize(
    "written", ["11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_a_number_is_read_however_it_was_typed(written: str) -> None:
    assert read_id("resident", written).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "18 digits"),
        ("110105491231002", "18 digits"),
        ("1.10105194912E+17", "scientific notation"),
        ("110105194912310021", "check digit"),
        (with_check_digit("99010519491231002"), "province"),
        (with_check_digit("11010519491331002"), "date of birth"),
        (with_check_digit("11010519490230002"), "date of birth"),
        (with_check_digit("11010518001231002"), "date of birth"),
        (with_check_digit("11010529991231002"), "date of birth"),
    ],
)
def test_a_wrong_number_says_which_part_is_wrong(written: str, said: str) -> None:
    with pytest.raises(BulouError, match=said):
        read_id("resident", written)


def test_somebody_cannot_be_born_tomorrow() -> None:
    number = with_check_digit("11010520200211002")

    assert read_id("resident", number, today=date(2020, 2, 11)).birth_date == date(2020, 2, 11)
    with pytest.raises(BulouError):
        read_id("resident", number, today=date(2020, 2, 10))


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("passport", "E12345678"),
        ("hk_macau_permit", "H12345678"),
        ("hk_macau_permit", "M1234567801"),
        ("taiwan_permit", "12345678"),
        ("foreign_permanent", "USA110175123456"),
        ("foreign_permanent", with_check_digit("91156199001010016")),
        ("other", "军字第1234号"),
    ],
)
def test_other_documents_are_read_by_their_own_form(kind: str, number: str) -> None:
    found = read_id(kind, number.lower())

    assert (found.kind, found.number, found.birth_date) == (IdKind(kind), number, None)


@pytest.mark.parametrize(
    ("kind", "number"),
    [("passport", "E1"), ("hk_macau_permit", "X12345678"), ("taiwan_permit", "123"), ("foreign_permanent", "9" * 18)],
)
def test_a_number_of_another_form_is_refused(kind: str, number: str) -> None:
    with pytest.raises(BulouError):
        read_id(kind, number)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("13812345678", "+8613812345678"),
        ("138 1234 5678", "+8613812345678"),
        ("+86 138-1234-5678", "+8613812345678"),
        ("１３８１２３４５６７８", "+8613812345678"),
        ("(010) 6234-5678", "+861062345678"),
        ("+852 2123 4567", "+85221234567"),
    ],
)
def test_a_phone_is_the_same_number_however_it_was_typed(written: str, number: str) -> None:
    assert read_phone(written) == number


@pytest.mark.parametrize("written", ["", "123", "1381234567", "138123456789", "无", "+999 1"])
def test_a_wrong_phone_is_refused(written: str) -> None:
    with pytest.raises(BulouError) as refused:
        read_phone(written)
    assert refused.value.problems[0].field == "phone"


@pytest.mark.parametrize(
    ("number", "shown"),
    [("110105194912310021", "110105********0021"), ("E12345678", "E1*****78"), ("AB12", "AB****12")],
)
def test_a_masked_identity_number_shows_its_ends(number: str, shown: str) -> None:
    assert mask_id(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [("+8613812345678", "138****5678"), ("+85221234567", "********4567"), ("+861062345678", "******5678")],
)
def test_a_masked_phone_shows_its_end(number: str, shown: str) -> None:
    assert mask_phone(number) == shown


def test_a_masked_address_hides_the_door() -> None:
    assert mask_address("劝业场街道滨江道1号2门301") == "劝业场街道滨****"
