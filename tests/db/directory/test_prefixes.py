"""Property: the database's idea of what lies in an area is the kernel's, for any codes at all."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.directory.models import Area, Person
from bulou.directory.scope import everywhere, scope
from bulou.kernel.areas import LEVELS, ancestry, contains, prefix_range

BODIES = [f"{a}{b}" + "0189" * 3 + a for a in "0189" for b in "0189"]
DIGITS = st.text("0189", min_size=15, max_size=15)
CODES = st.builds(
    lambda digits, length: digits[:length], st.sampled_from(BODIES) | DIGITS, st.sampled_from(sorted(LEVELS))
)
SEATS = st.one_of(st.just(""), CODES)
QUICKLY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
Scope = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def codes_of_people() -> list[str]:
    """People in sixteen provinces, at all six levels."""
    codes = sorted({code for body in BODIES for code in ancestry(body)})
    Area.objects.bulk_create(Area(code=code, name=code, name_en=code, level="") for code in codes)
    with everywhere():
        Person.objects.bulk_create(Person(name=code, area_id=code) for code in codes)
    return codes


@QUICKLY
@given(seat=SEATS)
def test_a_session_sees_exactly_what_its_area_contains(codes_of_people: list[str], seat: str) -> None:
    with scope(seat):
        seen = set(Person.objects.values_list("area", flat=True))

    assert seen == {code for code in codes_of_people if contains(seat, code)}


@QUICKLY
@given(outer=SEATS, inner=SEATS)
def test_scopes_that_nest_do_not_add_up(codes_of_people: list[str], outer: str, inner: str) -> None:
    with scope(outer):
        with scope(inner):
            seen = set(Person.objects.values_list("area", flat=True))
        after = Person.objects.count()

    assert seen == {code for code in codes_of_people if contains(inner, code)}
    assert after == sum(contains(outer, code) for code in codes_of_people)


@QUICKLY
@given(outer=SEATS, inner=CODES)
def test_the_range_of_an_area_is_the_same_in_both_languages(outer: str, inner: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT %s::text COLLATE "C" >= %s AND %s::text COLLATE "C" < %s',
            [
                inner,
                prefix_range(outer)[0],
                inner,
                prefix_range(outer)[1],
            ],
        )
        assert cursor.fetchone() == (contains(outer, inner),)
