"""Workers are killed with `kill -9` in the midst of jobs: every job is done in the end, and nothing of it twice."""

from collections import Counter
from pathlib import Path
from typing import Any

from storm.house import House, patiently
from storm.jobs import STEPS, STILL

SCRIPT = Path(__file__).parent / "jobs.py"
WHOLE, IN_STEPS, ENDLESS = 0, 1, 2
"""The tasks, as the script numbers them."""


def rows(house: House, statement: str) -> list[tuple[Any, ...]]:
    with house.connect() as connection:
        return connection.execute(statement).fetchall()


def until(house: House, statement: str, number: int) -> None:
    """Wait until a statement counts so many."""
    patiently(lambda: 1 if rows(house, statement) == [(number,)] else None)


def test_a_worker_killed_in_the_midst_of_its_jobs_does_nothing_twice(house: House) -> None:
    house.run("ask", WHOLE, IN_STEPS, script=SCRIPT)
    first = house.start("work", script=SCRIPT)
    until(house, f"SELECT count(*) FROM job_progress WHERE done = {STILL}", 2)
    house.kill(first)
    first.wait()

    assert rows(house, "SELECT count(*) FROM access_log") == [(STILL,)], "the steps kept, and nothing of the whole"

    second = house.start("work", script=SCRIPT)
    until(house, "SELECT count(*) FROM job WHERE state = 'done'", 2)
    house.kill(second)

    left = Counter(purpose for (purpose,) in rows(house, "SELECT purpose FROM access_log"))
    assert len(left) == 2 * STEPS
    assert set(left.values()) == {1}
    assert rows(house, "SELECT count(*) FROM job WHERE attempt > 1") == [(2,)]


def test_a_worker_told_to_end_gives_its_job_back_undone(house: House) -> None:
    before = rows(house, "SELECT count(*) FROM access_log")
    house.run("ask", ENDLESS, script=SCRIPT)
    worker = house.start("work", script=SCRIPT)
    until(
        house,
        "SELECT count(*) FROM job_progress p JOIN job j ON j.id = p.job WHERE task = 'storm-endless' AND done = 1",
        1,
    )

    worker.terminate()

    assert worker.wait(timeout=60) == 0
    assert rows(house, "SELECT state, attempt FROM job WHERE task = 'storm-endless'") == [("queued", 0)]
    asked = "SELECT q.status::text FROM procrastinate_jobs q JOIN job j ON j.id::text = q.args ->> 'job'"
    assert rows(house, f"{asked} WHERE j.task = 'storm-endless'") == [("todo",)]
    assert rows(house, "SELECT count(*) FROM access_log") == before
