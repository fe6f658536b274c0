"""Readings by the million against courses: the engine's own statement, beside a hand-written floor and row-per-duty."""

from tests.bench import ground
from tests.bench.report import Line

FLOOR_TABLES = """
DROP TABLE IF EXISTS floor_course, floor_reading, floor_slot, floor_duty;
CREATE UNLOGGED TABLE floor_slot AS
    SELECT '{midnight}'::timestamptz + make_interval(hours => 12 * n) AS bin, 1::bigint << n AS bit, n
    FROM generate_series(0, {last}) n;
CREATE UNLOGGED TABLE floor_course AS
    SELECT p AS subject, '{midnight}'::timestamptz AS start, 0::bigint AS mask FROM generate_series(1, {people}) p;
CREATE UNLOGGED TABLE floor_reading AS
    SELECT p AS subject,
        '{midnight}'::timestamptz + make_interval(days => s / 2, hours => 6 + 10 * (s % 2), mins => p % 300) AS at
    FROM generate_series(1, {people}) p CROSS JOIN generate_series(0, {last}) s WHERE (p * 31 + s * 17) % 13 <> 0;
CREATE UNLOGGED TABLE floor_duty AS
    SELECT c.subject, s.bin, 0::smallint AS state, NULL::timestamptz AS done_at
    FROM floor_course c CROSS JOIN floor_slot s;
CREATE INDEX ON floor_duty (subject, bin);
CREATE INDEX ON floor_duty (bin) WHERE state = 0;
ANALYZE floor_course, floor_reading, floor_slot, floor_duty;
"""
MASK_FLOOR = """
UPDATE floor_course c SET mask = c.mask | d.bits
FROM (SELECT r.subject, bit_or(s.bit) AS bits
    FROM floor_reading r JOIN floor_slot s ON s.bin = date_bin('12 hours', r.at, '{midnight}')
    GROUP BY r.subject) d
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
    return [Line("courses", f"derive {count:,} courses from their openings", f"{count / seconds:,.0f}/s", "", seconds)]


def measure(people: int) -> list[Line]:
    """The whole batch of `people` times twenty slots, in one run."""
    engine, staged = _engine(people)
    mask, rows = _floors(people)
    per_second = f"{staged / engine:,.0f}/s"
    return [
        Line("batch", f"{staged:,} readings against {people:,} courses", per_second, "", engine),
        Line("batch", "… beside the hand-written mask floor", f"{mask / engine:.2f} ×", "≥ 0.5 ×", mask),
        Line("batch", "… beside a row per duty, UPDATE … FROM", f"{rows / engine:.1f} ×", "≥ 4 ×", rows),
    ]


def _engine(people: int) -> tuple[float, int]:
    from bulou.ledger import reconcile, services
    from bulou.ledger.engines import store

    with services.working():
        staged = ground.stage_readings(people)
        with ground.watch() as seconds, store.by_hash(True):
            store.run("reconcile", "discharge", reconcile.DISCHARGING)
    return seconds[0], staged


def _floors(people: int) -> tuple[float, float]:
    midnight = ground.START.replace(hour=0, minute=0).isoformat()
    places = {"midnight": midnight, "people": people, "last": 2 * ground.DAYS - 1}
    ground.execute_alone(FLOOR_TABLES.format(**places))
    with ground.watch() as mask:
        ground.execute_alone(MASK_FLOOR.format(**places))
    with ground.watch() as rows:
        ground.execute_alone(ROW_PER_DUTY.format(**places))
    ground.execute_alone("DROP TABLE floor_course, floor_reading, floor_slot, floor_duty")
    return mask[0], rows[0]
