"""The boards of a county with fifty thousand rooms: one site's rooms, and who is between two hands."""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from hashlib import md5
from typing import Any
from uuid import UUID

from tests.bench import ground, monitoring
from tests.bench.report import Line

COUNTY, GOAL, TIMES, PAGE = "120101", "≤ 20 ms", 60, 50
NOW = ground.NOW
SIZES = {"rooms": 50_000, "under_way": 10_000, "settled": 100_000}
SITES, LARGE = 99, 2_000
"""Sites, of five hundred rooms each; and the rooms of one large site beside them, as those made from halls have."""
_AREA = "'120101' || lpad((n %% 50)::text, 3, '0') || '001'"
_EACH = """
SELECT *, k %% 20 < 17 AS taken FROM (
    SELECT r, CASE WHEN r < %(large)s THEN 0 ELSE 1 + r %% %(sites)s END AS n,
        CASE WHEN r < %(large)s THEN r ELSE r / %(sites)s END AS k,
        %(now)s::timestamptz - make_interval(hours => 1 + r %% 330) AS begun
    FROM generate_series(0, %(rooms)s::int - 1) r) y"""
_STAGE = "CASE WHEN h < %(under_way)s THEN (ARRAY['requested', 'accepted', 'departed', 'received'])[1 + h / 7 %% 4]"
_MAKE = (
    f"""
WITH made AS (
    INSERT INTO unit (id, name, name_en, area, phone, synthetic)
    SELECT md5('bs' || n)::uuid, '合成隔离点' || n, 'Site ' || n, {_AREA}, '', true
    FROM generate_series(0, %(sites)s::int) n RETURNING id, area)
INSERT INTO unit_role (unit, role, area) SELECT id, 'isolation_site', area FROM made""",
    f"""
INSERT INTO unit (id, name, name_en, area, phone, synthetic)
SELECT md5('bv' || n)::uuid, '合成村' || n, 'Village ' || n, {_AREA}, '', true FROM generate_series(0, 299) n""",
    f"""
INSERT INTO place (id, area, name, kind, unit, synthetic)
SELECT md5('br' || r)::uuid, {_AREA}, '合成' || r, 'isolation_room', md5('bs' || n)::uuid, true FROM ({_EACH}) x""",
    f"""
INSERT INTO room (place, area, unit, floor, number, state, since)
SELECT md5('br' || r)::uuid, {_AREA}, md5('bs' || n)::uuid, 1 + k / 25, (100 * (1 + k / 25) + k %% 25)::text,
    CASE WHEN taken THEN 'occupied' ELSE (ARRAY['free', 'cleaning', 'broken'])[k %% 20 - 16] END, begun
FROM ({_EACH}) x""",
    f"""
INSERT INTO stay (id, person, area, unit, kind, isolation, begun_at, started_at, planned_end, planned_at, claimed,
    room, slot)
SELECT md5('bt' || r)::uuid, md5('p' || 4 * (r + 1))::uuid, {_AREA}, md5('bs' || n)::uuid, 'central',
    md5('bt' || r)::uuid, begun, begun, begun + interval '14 days', begun, md5('br' || r)::uuid,
    md5('br' || r)::uuid, 0
FROM ({_EACH}) x WHERE taken""",
    """
INSERT INTO fact (id, kind, subject, area, at, by, data)
SELECT id, 'isolation.started', 'person:' || person, area, begun_at, NULL,
    jsonb_build_object('kind', 'central', 'place', 'place:' || claimed) FROM stay WHERE room IS NOT NULL""",
    "INSERT INTO fact_key SELECT id, at FROM fact WHERE kind = 'isolation.started'",
    """
INSERT INTO fact (id, kind, subject, area, at, by, data)
SELECT md5('bm' || h || id)::uuid, 'temperature.read', 'person:' || person, area,
    %(midnight)s::timestamptz + make_interval(hours => h), NULL, '{"celsius": 36.6}'
FROM stay CROSS JOIN (VALUES (7), (17), (-17), (-7), (-41), (-31)) v (h) WHERE room IS NOT NULL""",
    f"""
INSERT INTO handover (id, person, sender, receiver, stage, stage_at, requested_at, settled_at, vehicle, crew, reason,
    area, sender_area, receiver_area)
SELECT md5('bh' || h)::uuid, md5('p' || 4 * (%(rooms)s + 1 + h %% %(under_way)s))::uuid, md5('bv' || h %% 300)::uuid,
    md5('bs' || n)::uuid, {_STAGE} ELSE 'settled' END, at, at, CASE WHEN h >= %(under_way)s THEN at END, '', '', '',
    {_AREA}, {_AREA}, {_AREA}
FROM (SELECT h, h * 7 %% (%(sites)s + 1) AS n, %(now)s::timestamptz - make_interval(
        secs => CASE WHEN h < %(under_way)s THEN 30 + h * 997 %% 9000 ELSE 14400 + h * 25 END) AS at
    FROM generate_series(0, %(under_way)s::int + %(settled)s::int - 1) h) x""",
)


def measure() -> list[Line]:
    """Median and p95 of what the boards read, in the database alone: on a ledger of its own, as the county."""
    from bulou.custody import selectors as custody
    from bulou.custody.clocks import CLOCKS
    from bulou.directory.scope import scope
    from bulou.no_miss.isolation import room_board, site_board, site_state

    with ground.watch() as made:
        prepare()
    sites = [_site(n) for n in range(SITES + 1)]
    reads: list[tuple[str, Callable[[], object]]] = [
        ("room board of a site of about 500", lambda: room_board.board(sites[1], NOW)),
        (f"room board of a site of {LARGE:,}", lambda: room_board.board(sites[0], NOW)),
        ("all sites of the county with their numbers", lambda: site_board.sites(COUNTY, NOW)),
        ("what presses at every site of the county", lambda: site_state.pressing(sites, NOW)),
        ("in transit, first page", lambda: custody.on_the_way(CLOCKS, NOW, limit=PAGE + 1)),
        (
            "in transit, first page of what is overdue",
            lambda: custody.on_the_way(CLOCKS, NOW, overdue=True, limit=PAGE + 1),
        ),
        ("in transit, counts", lambda: custody.tally(CLOCKS, NOW)),
    ]
    work = f"{SIZES['rooms']:,} rooms, {SIZES['under_way']:,} people under way, made"
    lines = [Line("boards", work, f"{made[0]:.1f} s", "≤ 60 s", made[0])]
    with scope(COUNTY):
        for name, read in reads:
            taken = [_in_database(read) for _ in range(TIMES + 3)][3:]
            middle, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
            lines.append(
                Line("boards", f"{name}, median; p95", f"{middle * 1e3:.1f}; {p95 * 1e3:.1f} ms", GOAL, middle)
            )
    return lines


def prepare() -> None:
    """Sites, rooms, guests with their courses and readings of three days, and handovers, by plain SQL."""
    from bulou.directory.scope import everywhere
    from bulou.kernel import clock
    from bulou.ledger import calendar, reconcile, services
    from bulou.ledger.engines import store
    from bulou.plan.load import load
    from bulou.plan.rules import rules

    ground.register(4 * (SIZES["rooms"] + SIZES["under_way"]))
    ground.empty()
    values: dict[str, Any] = SIZES | {
        "sites": SITES,
        "large": LARGE,
        "now": NOW,
        "midnight": NOW.replace(hour=0, minute=0),
    }
    with clock.at(NOW):
        services.adopt(rules(load(monitoring.PLAN)), area="")
        with services.working():
            calendar.make_ready((NOW - timedelta(days=15), NOW + timedelta(days=1)), NOW)
        with everywhere():
            for statement in _MAKE:
                store.execute(statement, values)
        ground.execute_alone("ANALYZE")
        with services.working():
            measured = [id for (id,) in store.query("SELECT id FROM rule WHERE plan = 'bench-day'")]
            store.run("reconcile", "touch_rule_set", rules=measured, now=NOW)
            reconcile.derive(NOW)
            store.run("passing", "tally")
    ground.execute_alone("VACUUM ANALYZE")


def _site(number: int) -> UUID:
    return UUID(md5(f"bs{number}".encode(), usedforsecurity=False).hexdigest())


def _in_database(read: Callable[[], object]) -> float:
    """Seconds a read waits for its statements; what Python makes of the rows is not among them."""
    from django.db import connection

    taken: list[float] = []

    def timed(execute: Callable[..., Any], *given: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(*given)
        finally:
            taken.append(time.perf_counter() - begun)

    with connection.execute_wrapper(timed):
        read()
    return sum(taken)
