"""Whatever rows a file has, every one is accounted for, and the same file again changes nothing."""

import csv
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.exchange.imports import reading, services
from bulou.exchange.imports.happenings import Sender
from bulou.exchange.imports.models import ImportBatch

from .conftest import COUNTY, ELSEWHERE, NEXT, VILLAGE, number

pytestmark = pytest.mark.usefixtures("areas")
HEAD = ["姓名", "身份证号", "手机号", "出生日期", "属地", "密接类别", "末次接触日期"]
ODD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
CELLS = [
    st.sampled_from(["演示甲", "演示乙", "Demo", ""]) | ODD,
    st.sampled_from([number(), number(4), "", "1.1E+17", "=1+1"]) | ODD,
    st.sampled_from(["19900000001", "19900000002", "", "123"]) | ODD,
    st.sampled_from(["1949-12-31", "1970/1/1", "", "x"]),
    st.sampled_from([VILLAGE, NEXT, "蓉芳里社区", ELSEWHERE, "", "x"]),
    st.sampled_from(["密接", "次密接", "close", "", "x"]),
    st.sampled_from(["2020-02-01", "2020-02-02", "", "2030-01-01"]),
]
ROWS = st.lists(st.tuples(*CELLS), max_size=12)


def bring(kind: str, rows: list[Any]) -> ImportBatch | None:
    """A whole run over a text of these rows, in chunks of five; None for a file without a row."""
    sender = Sender(COUNTY)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEAD, *rows])
        if not rows:
            return None
        run = services.begin(
            services.file_keep(path, path.name, kind, sender), reading.read(path), sender, rehearsal=False
        )
        *_, batch = run.go(size=5)
    return batch


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, kind=st.sampled_from(["people", "contacts"]))
def test_every_row_is_accounted_for_and_a_second_time_changes_nothing(rows: list[Any], kind: str) -> None:
    with transaction.atomic():
        first, again = bring(kind, rows), bring(kind, rows)
        transaction.set_rollback(True)

    if first and again:
        blank = sum(not any(row) for row in rows)
        assert first.rows_in == len(rows) - blank
        assert first.rows_in == first.created + first.updated + first.unchanged + first.rejected
        assert (again.created, again.updated) == (0, 0)
        assert again.rejected == first.rejected
