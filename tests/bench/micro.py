"""Micro-batches through the whole path (checked, stored, discharged, counted) beside COPY of the same rows."""

import json
from datetime import timedelta

from tests.bench import ground
from tests.bench.report import Line

SIZE, BATCHES = 10_000, 5
FLOOR = """
DROP TABLE IF EXISTS floor_fact;
CREATE TABLE floor_fact (LIKE fact INCLUDING ALL) PARTITION BY RANGE (at);
CREATE TABLE floor_fact_month PARTITION OF floor_fact DEFAULT;
"""
COPY = "COPY floor_fact (id, kind, subject, area, at, by, data, supersedes) FROM STDIN"


def measure(people: int) -> list[Line]:
    """Readings of known people and openings of new ones, `BATCHES` batches of `SIZE`; medians."""
    batches = [_batch(people, number) for number in range(BATCHES)]
    whole = sorted(map(_record, batches))[BATCHES // 2]
    ground.execute_alone(FLOOR)
    floor = sorted(map(_copy, batches))[BATCHES // 2]
    ground.execute_alone("DROP TABLE floor_fact")
    return [
        Line("micro-batch", f"{SIZE:,} facts through the whole path", f"{SIZE / whole:,.0f}/s", "", whole),
        Line("micro-batch", "… beside COPY into an equally indexed table", f"{floor / whole:.2f} ×", "≥ 0.25 ×", floor),
    ]


def _batch(people: int, number: int) -> list[dict[str, object]]:
    from django.db import connection

    from bulou.kernel.ids import new_id

    at = ground.START + timedelta(days=number + 1, hours=7)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('bulou.lo', '', false), set_config('bulou.hi', ':', false)")
        cursor.execute(
            "SELECT 'person:' || id, area FROM person ORDER BY id LIMIT %s OFFSET %s",
            [SIZE, number * 97 % max(people - SIZE, 1)],
        )
        chosen = cursor.fetchall()
    return [
        {
            "id": str(new_id()),
            "kind": "temperature.read",
            "subject": subject,
            "area": area,
            "at": (at + timedelta(seconds=place % 3600)).isoformat(),
            "by": None,
            "data": {"celsius": 36.6},
        }
        for place, (subject, area) in enumerate(chosen)
    ]


def _record(batch: list[dict[str, object]]) -> float:
    from bulou.kernel import clock
    from bulou.ledger import services

    with clock.at(ground.NOW), ground.watch() as seconds:
        receipt = services.record(batch)
    if receipt.created != len(batch):
        raise AssertionError(receipt.refused[:1])
    return seconds[0]


def _copy(batch: list[dict[str, object]]) -> float:
    import psycopg

    from bulou.config import database

    columns = ("id", "kind", "subject", "area", "at", "by")
    with psycopg.connect(**database.connection("owner")) as connection, ground.watch() as seconds:
        with connection.cursor().copy(COPY) as copy:
            for fact in batch:
                copy.write_row((*(fact[column] for column in columns), json.dumps(fact["data"]), None))
        connection.commit()
    return seconds[0]
