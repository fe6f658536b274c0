"""The ledger's locks. Assumptions: held to the transaction's end; buckets taken in order, so writers never deadlock.

One writer at a time works on a subject, so that every batch sees what earlier ones committed. Subjects are hashed to
buckets, because a batch of a million subjects must not take a million locks. Whoever derives courses holds their
subjects first; who only sets bits of a course (the clock, a discharge) needs no more than its row.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager

from bulou.directory.scope import everywhere
from bulou.ledger.engines import store

SPACE = 0x6C6564
BUCKETS = 1024


_FEW = "unnest(%s::text[]) s (subject)"
_HELD = f"""
(SELECT count(pg_advisory_xact_lock({SPACE}, bucket))
FROM (SELECT DISTINCT hashtext(subject) & {BUCKETS - 1} AS bucket FROM {{source}} ORDER BY 1) b)
"""


def hold_subjects(table: str) -> None:
    """Wait for, and hold, the subjects named in a work table."""
    store.query(f"SELECT {_HELD.format(source=table)}")


def hold_few(subjects: Iterable[str]) -> None:
    """Wait for, and hold, a few subjects."""
    store.query(f"SELECT {_HELD.format(source=_FEW)}", [list(subjects)])


def held(subjects: Iterable[str]) -> AbstractContextManager[None]:
    """A transaction that sees the whole country once it holds a few subjects. One query to enter."""
    return everywhere(_HELD.format(source=_FEW), [list(subjects)])


def hold_staged(*, entangled: bool) -> None:
    """Wait for, and hold, what the staged facts bear on: their subjects, or all where a fact bears on other subjects.

    A response level does. So does a correction of a fact about somebody else, or of one not yet known, for that one may
    be on its way about anybody. `entangled`: whether there may be such a fact at all.
    """
    if entangled and store.rows("intake", "entangled") == [(True,)]:
        hold_all()
    else:
        hold_subjects("w_stage")


def hold_tallies() -> None:
    """Wait for, and hold, the folding of deltas into tallies."""
    store.query("SELECT pg_advisory_xact_lock(hashtext('tally'))")


def hold_all() -> None:
    """Wait for, and hold, every subject: a plan, a level or the clock changes for all."""
    store.query(f"SELECT count(pg_advisory_xact_lock({SPACE}, bucket)) FROM generate_series(0, {BUCKETS - 1}) bucket")
