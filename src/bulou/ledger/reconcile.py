"""From facts to courses: what a batch opens, ends, discharges, voids and re-opens, in a handful of statements."""

from datetime import datetime

from bulou.ledger import corrections
from bulou.ledger.engines import store

WORK = ("w_stage", "w_moved", "w_chain", "w_touched", "w_event", "w_course", "w_hit", "w_due", "w_changed")
ANALYZE_FROM = 1000
"""Rows of a work table from which its statistics pay for themselves."""


def apply_moved(now: datetime, *, owners: bool = True) -> None:
    """Bring the courses up to date with the facts in w_moved, which lie at or before `now`.

    1. Which of them count, and which older ones they switch. 2. The pairs of rule and subject to derive again.
    3. The rest are plain discharges: bits set. 4. Deltas of the tallies, and new lapses.
    Runs in the caller's transaction, which holds the subjects' locks (`locks.py`).
    """
    corrections.settle_effect(now)
    touched = store.run("reconcile", "touch_rules")
    if corrections.read_waivers():
        touched += store.run("reconcile", "touch_waivers")
    if areas := corrections.read_levels(now):
        touched += store.run("reconcile", "touch_levels", areas=areas, now=now)
    if touched:
        derive(now, owners=owners)
    if store.run("reconcile", "hits"):
        store.run("reconcile", "discharge")
    record_changes(now, owners=owners)


def derive(now: datetime, *, owners: bool = True) -> None:
    """Derive the courses of the pairs in w_touched again from their facts, and merge them by difference."""
    _analyze("w_touched")
    store.run("reconcile", "events", now=now)
    _analyze("w_event")
    store.run("reconcile", "courses", now=now)
    _analyze("w_course")
    store.run("reconcile", "courses_gone")
    store.run("reconcile", "courses_kept")
    if store.run("reconcile", "courses_new") and owners:
        store.run("reconcile", "owners")
    store.run("reconcile", "settle_touched", now=now)


def record_changes(now: datetime, *, owners: bool = True) -> None:
    """Tallies and lapses of what changed; courses that have begun their last ready segment get the next one."""
    if extended := store.rows("passing", "touch_full"):
        clear("w_touched", "w_event", "w_course")
        store.write("w_touched", ("rule", "subject"), extended)
        derive(now, owners=owners)
    store.run("passing", "tally")
    store.run("passing", "lapses", now=now)


def clear(*tables: str) -> None:
    """Empty work tables inside a transaction."""
    for table in tables:
        store.execute(f"DELETE FROM {table}")


def _analyze(table: str) -> None:
    ((count,),) = store.query(f"SELECT count(*) FROM (SELECT FROM {table} LIMIT {ANALYZE_FROM}) t")
    if count == ANALYZE_FROM:
        store.execute(f"ANALYZE {table}")
