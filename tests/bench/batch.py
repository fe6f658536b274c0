"""Readings by the million against courses: the engine's own statement, beside a hand-written floor and row-per-duty."""

from tests.bench import ground, machine
from tests.bench.report import Line

FLOOR_TABLES = """
DROP TABLE IF EXISTS floor_course, floor_reading, floor_slot, floor_duty, floor_person, floor_fact;
CREATE UNLOGGED TABLE floor_slot AS
    SELECT '{midnight}'::timestamptz + make_interval(hours => 12 * n) AS bin, 1::bigint << n AS bit, n
    FROM generate_series(0, {last}) n;
CREATE UNLOGGED TABLE floor_course AS
    SELECT p AS subject, '{midnight}'::timestamptz AS start, 0::bigint AS mask FROM generate_series(1, {people}) p;
CREATE UNLOGGED TABLE floor_reading AS
    SELECT p AS subject,
        '{midnight}'::timestamptz + make_interval(days => s / 2, hours => 6 + 10 * (s % 2), mins => p % 300) AS at
    FROM generate_series(1, {people}) p CROSS JOIN generate_series(0, {last}) s WHERE (p * 31 + s * 17) % 13 <> 0;
CREATE TABLE floor_person AS
    SELECT 'person:' || md5('p' || p)::uuid AS subject, '{midnight}'::timestamptz AS start, 0::bigint AS mask
    FROM generate_series(1, {people}) p;
CREATE UNLOGGED TABLE floor_fact AS
    SELECT md5('r' || subject || at)::uuid AS id, 'temperature.read' AS kind,
        'person:' || md5('p' || subject)::uuid AS subject,
        '120101001001' AS area, at, '{{"celsius": 36.6}}'::jsonb AS data
    FROM floor_reading;
CREATE UNLOGGED TABLE floor_duty AS
    SELECT c.subject, s.bin, 0::smallint AS state, NULL::timestamptz AS done_at
    FROM floor_course c CROSS JOIN floor_slot s;
CREATE INDEX ON floor_duty (subject, bin);
CREATE INDEX ON floor_duty (bin) WHERE state = 0;
ANALYZE floor_course, floor_reading, floor_slot, floor_duty, floor_person, floor_fact;
"""
MASK_FLOOR = """
UPDATE floor_course c SET mask = c.mask | d.bits
FROM (SELECT r.subject, bit_or(s.bit) AS bits
    FROM floor_reading r JOIN floor_slot s ON s.bin = date_bin('12 hours', r.at, '{midnight}')
    GROUP BY r.subject) d
WHERE c.subject = d.subject
"""
FACT_FLOOR = """
UPDATE floor_person c SET mask = c.mask | d.bits
FROM (SELECT f.subject, bit_or(s.bit) AS bits
    FROM floor_fact f JOIN floor_slot s ON s.bin = date_bin('12 hours', f.at, '{midnight}')
    WHERE f.kind = 'temperature.read'
    GROUP BY f.subject) d
WHERE c.subject = d.subject
"""
ROW_PER_DUTY = """
UPDATE floor_duty d SET state = 1, done_at = r.at
FROM floor_reading r
WHERE d.subject = r.subject AND d.bin = date_bin('12 hours', r.at, '{midnight}')
"""


def opened(last: int, first: int) -> list[Line]:
    """Courses of the people `first` to `last`, derived from their openings."""
    seconds = ground.isolate(last, first)
    count = last - first + 1
    work = f"derive {count:,} courses of twenty slots from their openings, lapses written"
    return [Line("courses", work, f"{count / seconds:,.0f}/s", "", seconds)]


def measure(people: int) -> list[Line]:
    """The whole batch of `people` times twenty slots, in one run."""
    engine, staged, memory = _engine(people)
    facts, mask, rows = _floors(people)
    per_second = f"{staged / engine:,.0f}/s"
    return [
        Line("batch", f"{staged:,} readings against {people:,} courses", per_second, "", engine),
        Line("batch", "… beside a hand-written mask over the same facts", f"{facts / engine:.2f} ×", "≥ 0.5 ×", facts),
        Line("batch", "… beside the same over integers, nothing logged", f"{mask / engine:.2f} ×", "", mask),
        Line("batch", "… beside a row per duty, UPDATE … FROM", f"{rows / engine:.1f} ×", "≥ 4 ×", rows),
        Line("batch", "memory of it, beside the database's buffers", f"{memory:.2f} GiB", "≤ 1.5 GiB"),
    ]


def _engine(people: int) -> tuple[float, int, float]:
    """Seconds, readings, and GiB the database's session took."""
    from bulou.ledger import reconcile, services
    from bulou.ledger.engines import store

    with services.working(people * 20):
        staged = ground.stage_readings(people)
        ((session,),) = store.query("SELECT pg_backend_pid()")
        with machine.peak(session) as memory, ground.watch() as seconds:
            reconcile.discharge(ground.NOW, {"temperature.read": ground.START})
    return seconds[0], staged, memory[0]


def _floors(people: int) -> tuple[float, float, float]:
    midnight = ground.START.replace(hour=0, minute=0).isoformat()
    places = {"midnight": midnight, "people": people, "last": 2 * ground.DAYS - 1}
    ground.execute_alone(FLOOR_TABLES.format(**places))
    taken = []
    for work in (FACT_FLOOR, MASK_FLOOR, ROW_PER_DUTY):
        with ground.watch() as seconds:
            ground.execute_alone(work.format(**places))
        taken += seconds
    ground.execute_alone("DROP TABLE floor_course, floor_reading, floor_slot, floor_duty, floor_person, floor_fact")
    return taken[0], taken[1], taken[2]
