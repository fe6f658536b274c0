"""A unit has a number, so that whoever sees a miss can ring its owner."""

import pytest

from bulou.directory import selectors, services
from bulou.directory.models import Unit
from bulou.directory.scope import everywhere
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id


@pytest.mark.parametrize("phone", ["", "022-12345678", "+86 199 0000 0001", "120", "19900000000"])
def test_a_unit_keeps_its_number(village: Unit, phone: str) -> None:
    services.unit_phone_set(village, phone)

    with everywhere():
        found = selectors.unit(village.pk)
        (contact,) = selectors.unit_contacts([village.pk, village.pk, None, new_id()]).values()
    assert found and found.phone == contact.phone == phone
    assert contact.name == village.name


@pytest.mark.parametrize("phone", ["call me", "1", "12 ext. 3", "\u0661\u0662\u0663\u0664", "1" * 40, "javascript:1"])
def test_what_is_no_number_is_refused(village: Unit, phone: str) -> None:
    with pytest.raises(BulouError) as caught:
        services.unit_phone_set(village, phone)

    assert caught.value.problems[0].code == "unit.phone"
    assert "022-12345678" in caught.value.to("zh")


def test_a_unit_is_made_with_its_number(village: Unit) -> None:
    with everywhere():
        made = services.unit_create("卫生院", village.area_id, ["township_clinic"], phone="022-12345678")

        assert selectors.unit_contacts([made.pk])[made.pk].phone == "022-12345678"


def test_names_and_numbers_take_one_query(village: Unit, county: Unit, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with everywhere(), django_assert_num_queries(1):
        assert len(selectors.unit_contacts([village.pk, county.pk])) == 2
