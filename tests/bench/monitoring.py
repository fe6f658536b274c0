"""A day of everybody under daily monitoring, opened, listed and told of; then twenty thousand isolations ended."""

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench import ground
from tests.bench.report import Line

PLAN = Path(__file__).parents[1] / "data" / "bench-day"
EVENING = ground.NOW.replace(hour=23, minute=0) + timedelta(days=1)
DAY = EVENING.replace(hour=0) + timedelta(days=1)
ENDED = 20_000
_BEGUN = """
INSERT INTO fact (id, kind, subject, area, at, by, data)
SELECT md5('m' || id)::uuid, 'isolation.started', 'person:' || id, area, %s, NULL, '{"kind": "central"}' FROM person
"""
_READ = """
INSERT INTO fact (id, kind, subject, area, at, by, data)
SELECT md5('n' || id)::uuid, 'temperature.read', 'person:' || id, area, %s, NULL, '{"celsius": 36.6}'
FROM person WHERE hashtext(id::text) %% 13 <> 0
"""
_KEYS = "INSERT INTO fact_key SELECT id, at FROM fact WHERE kind = 'temperature.read'"
_MOVED = """
INSERT INTO w_moved (id, kind, subject, area, at, data, flipped, effective)
SELECT id, kind, subject, area, at, data, false, true FROM fact WHERE kind = 'temperature.read'
"""


def measure(people: int) -> list[Line]:
    """Everybody isolated the evening before; twelve of thirteen measured in the morning, the others told of at noon.

    On a ledger of its own: what other measurements left is emptied first.
    """
    ground.empty()
    _isolate()
    opened = _passed(DAY.replace(hour=6, minute=1))
    listed = _timed(_list)
    _readings()
    told = _passed(DAY.replace(hour=12, minute=31))
    ended, worked = _worked(_end)
    day = opened + listed + told
    return [
        Line(
            "day",
            f"duties of a day for {people:,} people: opened, listed, told",
            f"{day:.1f} s",
            "≤ 30 s a million",
            day,
        ),
        Line("day", "… of that, opened by the clock", f"{opened:.1f} s", "", opened),
        Line("day", "… a unit's first page", f"{listed * 1000:.0f} ms", "", listed),
        Line("day", "… missed and told", f"{told:.1f} s", "", told),
        Line("ending", f"{ENDED:,} isolations ended by one batch", f"{ended:.1f} s", "≤ 5 s", ended),
        Line("ending", "… of that, a core worked", f"{worked:.1f} s", "", worked),
    ]


def _isolate() -> None:
    from bulou.kernel import clock
    from bulou.ledger import calendar, reconcile, services
    from bulou.ledger.engines import store
    from bulou.plan.load import load
    from bulou.plan.rules import rules

    services.adopt(rules(load(PLAN)), area="")
    with clock.at(EVENING), services.working():
        calendar.make_ready((EVENING, DAY + timedelta(days=1)), EVENING)
        store.execute(_BEGUN, [EVENING])
        store.execute("INSERT INTO fact_key SELECT md5('m' || id)::uuid, %s FROM person", [EVENING])
    ground.execute_alone("ANALYZE fact")
    with clock.at(EVENING), services.working():
        rules_of_day = [id for (id,) in store.query("SELECT id FROM rule WHERE plan = 'bench-day'")]
        store.run("reconcile", "touch_rule_set", rules=rules_of_day, now=EVENING)
        reconcile.derive(EVENING)
        store.run("passing", "tally")
    with clock.at(EVENING):
        services.advance()
    ground.execute_alone("ANALYZE course")


def _passed(now: datetime) -> float:
    from bulou.kernel import clock
    from bulou.ledger import services

    def act() -> None:
        with clock.at(now):
            services.advance()

    return _timed(act)


def _list() -> None:
    from bulou.directory.scope import scope
    from bulou.ledger import selectors

    with scope("120101"):
        selectors.misses("120101")


def _readings() -> None:
    from bulou.ledger import reconcile, services
    from bulou.ledger.engines import store

    at = DAY.replace(hour=7)
    with services.working(1_000_000):
        store.execute(_READ, [at])
        store.execute(_KEYS)
        store.execute(_MOVED)
        store.execute("ANALYZE w_moved")
        reconcile.discharge(at, {"temperature.read": at})


def _end() -> float:
    from bulou.directory.scope import everywhere
    from bulou.kernel import clock
    from bulou.kernel.ids import new_id
    from bulou.ledger import services
    from bulou.ledger.engines import store

    at = DAY.replace(hour=13)
    with everywhere():
        chosen = store.query("SELECT 'person:' || id, area FROM person ORDER BY id LIMIT %s", [ENDED])
    facts: list[dict[str, Any]] = [
        {
            "id": str(new_id()),
            "kind": "isolation.ended",
            "subject": subject,
            "area": area,
            "at": at.isoformat(),
            "by": None,
            "data": {"reason": "completed"},
        }
        for subject, area in chosen
    ]

    def act() -> None:
        with clock.at(at):
            receipt = services.record(facts)
        if receipt.created != len(facts):
            raise AssertionError(receipt.refused[:1])

    return _timed(act)


def _timed(act: Callable[[], None]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _worked(act: Callable[[], float]) -> tuple[float, float]:
    """The seconds an act says it took, and those of a core it worked: this process and its server process (Linux)."""
    from bulou.ledger.engines import store

    ((server,),) = store.query("SELECT pg_backend_pid()")
    before = time.process_time() + _of(server)
    seconds = act()
    return seconds, time.process_time() + _of(server) - before


def _of(process: int) -> float:
    """Seconds of a core a process has worked so far."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
