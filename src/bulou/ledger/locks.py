"""The ledger's locks. Assumptions: held to the transaction's end; buckets taken in order, so writers never deadlock.

One writer at a time works on a subject, so that every batch sees what earlier ones committed. Subjects are hashed to
buckets, because a batch of a million subjects must not take a million locks.
"""

from collections.abc import Iterable

from bulou.ledger.engines import store

SPACE = 0x6C6564
BUCKETS = 1024


_HOLD = f"""
SELECT count(pg_advisory_xact_lock({SPACE}, bucket))
FROM (SELECT DISTINCT hashtext(subject) & {BUCKETS - 1} AS bucket FROM {{source}} ORDER BY 1) b
"""


def hold_subjects(table: str) -> None:
    """Wait for, and hold, the subjects named in a work table."""
    store.query(_HOLD.format(source=table))


def hold_few(subjects: Iterable[str]) -> None:
    """Wait for, and hold, a few subjects."""
    store.query(_HOLD.format(source="unnest(%s::text[]) s (subject)"), [list(subjects)])


def hold_all() -> None:
    """Wait for, and hold, every subject: a plan, a level or the clock changes for all."""
    store.query(f"SELECT count(pg_advisory_xact_lock({SPACE}, bucket)) FROM generate_series(0, {BUCKETS - 1}) bucket")
