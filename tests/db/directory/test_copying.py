"""Whatever a row holds, the database reads it as it was."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.kernel.copying import copy_row

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")) | st.none()
ROWS = st.tuples(
    TEXTS,
    st.binary() | st.none(),
    st.uuids() | st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.dates(date(1, 1, 1)),
    st.datetimes(datetime(1, 1, 2), timezones=st.just(UTC)),  # noqa: DTZ001
)
TABLE = (
    "CREATE TEMP TABLE made (t text, b bytea, u uuid, y bool, i bigint, f float8, d date, m timestamptz) ON COMMIT DROP"
)


def through_the_database(rows: list[Any]) -> list[Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TABLE)
        with cursor.copy("COPY made FROM STDIN") as copy:
            copy.write("".join(map(copy_row, rows)))
        cursor.execute("SELECT * FROM made")
        found = cursor.fetchall()
        cursor.execute("DROP TABLE made")
    return [tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row) for row in found]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS, max_size=4))
def test_every_row_is_read_as_it_was_written(rows: list[Any]) -> None:
    assert through_the_database(rows) == rows


@pytest.mark.parametrize("text", ["\\N", "\\", "\\.", "a\tb\r\nc", "", "ＮＵＬＬ", "\x7f\u2028"])
def test_what_would_end_a_cell_or_a_row_is_a_part_of_it(text: str) -> None:
    row = (text, b"\\x\n", UUID(int=1), True, 1, 0.1, date(2020, 2, 29), datetime(2020, 2, 1, tzinfo=UTC))

    assert through_the_database([row]) == [row]


def test_what_it_does_not_know_is_not_guessed_at() -> None:
    with pytest.raises(KeyError):
        copy_row([object()])
