"""A worker is killed with `kill -9` in the midst of an import: the next goes on behind the last row that is kept."""

import json
from pathlib import Path
from typing import Any

from storm.house import House
from storm.imports import ROWS, STILL
from storm.test_jobs import rows, until

SCRIPT = Path(__file__).parent / "imports.py"


def count(house: House) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(house.run("count", script=SCRIPT))
    return found


def test_an_import_whose_worker_is_killed_goes_on_and_takes_every_row_once(house: House) -> None:
    house.run("ask", script=SCRIPT)
    first = house.start("work", script=SCRIPT)
    until(house, f"SELECT count(*) FROM job_progress WHERE done = {STILL}", 1)
    house.kill(first)
    first.wait()

    left = count(house)
    assert left["rows"] == left["in"] == STILL, "what was told is kept, and nothing else"
    assert left["people"] == left["fates"][0]

    second = house.start("work", script=SCRIPT)
    until(house, "SELECT count(*) FROM job WHERE state = 'done'", 1)
    house.kill(second)

    found = count(house)
    tenth = ROWS // 10
    assert found["state"] == "done"
    assert found["in"] == found["rows"] == found["numbers"] == ROWS
    assert found["fates"] == [ROWS - 2 * tenth, 0, tenth, tenth]
    assert found["people"] == found["names"] == ROWS - 2 * tenth
    assert rows(house, "SELECT attempt FROM job") == [(2,)]
