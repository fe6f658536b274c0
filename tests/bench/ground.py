"""What the measurements stand on: a database of their own, people and courses by the hundred thousand, a stop watch."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bulou.cli.database import prepare, start_django
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI

START = datetime(2020, 2, 1, 0, 30, tzinfo=SHANGHAI)
DAYS = 10
NOW = START + timedelta(days=DAYS, hours=-1)
PLAN = Path(__file__).parents[1] / "data" / "bench"
AREAS = 200
"""Villages the people live in: 4 counties of 50."""

_SUBJECT = "'person:' || md5('p' || p)::uuid"
_AREA = "'1201' || lpad((1 + p %% 4)::text, 2, '0') || lpad((p %% 50)::text, 3, '0') || '001'"
_OPENINGS = f"""
INSERT INTO fact (id, kind, subject, area, at, by, data)
SELECT md5('f' || p)::uuid, 'isolation.started', {_SUBJECT}, {_AREA}, %s, NULL, '{{"kind": "home"}}'
FROM generate_series(1, %s) p
"""
_READINGS = f"""
INSERT INTO w_moved (id, kind, subject, area, at, data, flipped, effective)
SELECT md5('r' || p || '-' || s)::uuid, 'temperature.read', {_SUBJECT}, {_AREA},
    %s::timestamptz + make_interval(days => s / 2, hours => 6 + 10 * (s %% 2), mins => p %% 300),
    '{{"celsius": 36.6}}', false, true
FROM generate_series(1, %s) p CROSS JOIN generate_series(0, %s) s
WHERE (p * 31 + s * 17) %% 13 <> 0
"""


def open_house() -> None:
    """A database in a data directory of its own, migrated; erased when the process ends."""
    if "BULOU_BENCH_DIR" in os.environ:
        os.environ["BULOU_DATA_DIR"] = os.environ["BULOU_BENCH_DIR"]
    else:
        os.environ["BULOU_DATA_DIR"] = tempfile.mkdtemp(prefix="bulou-bench-")
    prepare()
    start_django("app")


def adopt() -> None:
    """The measuring plan in force everywhere."""
    from bulou.ledger import services
    from bulou.plan.load import load
    from bulou.plan.rules import rules

    services.adopt(rules(load(PLAN)), area="")


def isolate(people: int) -> float:
    """`people` isolations begun, their courses derived; gives the seconds that took."""
    from bulou.ledger import calendar, reconcile, services
    from bulou.ledger.engines import store

    with services.working():
        calendar.make_ready(START, NOW, NOW)
        store.execute(_OPENINGS, [START, people])
        store.execute("INSERT INTO fact_key SELECT id, at FROM fact WHERE kind = 'isolation.started'")
    execute_alone("ANALYZE fact")
    begun = time.perf_counter()
    with services.working():
        rules = [id for (id,) in store.query("SELECT id FROM rule WHERE plan = 'bench'")]
        store.run("reconcile", "touch_rule_set", rules=rules, now=NOW)
        reconcile.derive(NOW)
        store.run("passing", "tally")
    with clock.at(NOW):
        services.advance()
    return time.perf_counter() - begun


def stage_readings(people: int, slots: int = 2 * DAYS) -> int:
    """Twelve of thirteen readings of everyone, as facts that have just moved. Inside `services.working()`."""
    from bulou.ledger.engines import store

    staged = store.execute(_READINGS, [START.replace(hour=0, minute=0), people, slots - 1])
    store.execute("ANALYZE w_moved")
    return staged


def execute_alone(statement: str) -> None:
    """A statement as the owner of the tables: ANALYZE, VACUUM and the floors' own tables."""
    import psycopg

    from bulou.config import database

    with psycopg.connect(**database.connection("owner"), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


@contextmanager
def watch() -> Iterator[list[float]]:
    """`with watch() as seconds: …` then `seconds[0]`."""
    seconds: list[float] = []
    begun = time.perf_counter()
    yield seconds
    seconds.append(time.perf_counter() - begun)
