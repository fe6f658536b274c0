"""Facts are written as JSON that loses no digit and reads as the library's own."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.ledger.engines.postgres import dump

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_what_is_no_decimal_is_written_as_the_library_writes_it(data: Any) -> None:
    assert dump(data) == json.dumps(data, ensure_ascii=False)


@pytest.mark.parametrize(
    ("number", "text"),
    [("36.6", "36.6"), ("36.0", "36"), ("0.10000000000000000555", "0.10000000000000000555"), ("1E+2", "100")],
)
def test_a_decimal_keeps_every_digit_it_means(number: str, text: str) -> None:
    assert dump({"celsius": Decimal(number)}) == f'{{"celsius": {text}}}'


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="set is not JSON"):
        dump({"symptoms": {1}})
