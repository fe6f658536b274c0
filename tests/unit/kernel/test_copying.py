"""Columns as PostgreSQL writes arrays."""

from datetime import UTC, datetime
from uuid import UUID

from bulou.kernel.copying import array

ID = UUID("0197c0de-0000-7000-8000-000000000001")
NOON = datetime(2020, 2, 1, 12, 0, 0, 5, tzinfo=UTC)


def test_ids_instants_numbers_and_flags_are_written_as_an_array() -> None:
    assert array([ID, str(ID)]) == f"{{{ID},{ID}}}"
    assert array([NOON]) == "{2020-02-01 12:00:00.000005+00:00}"
    assert array([1, True, False]) == "{1,True,False}"


def test_what_is_lacking_is_null() -> None:
    assert array([None, 2]) == "{NULL,2}"


def test_nothing_is_an_empty_array() -> None:
    assert array([]) == "{}"
