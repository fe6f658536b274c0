"""From facts to courses: what a batch opens, ends, discharges, voids and re-opens, in a handful of statements."""

from collections.abc import Container
from datetime import datetime

from bulou.kernel.facts import LEVEL_SET, WAIVED
from bulou.ledger import corrections, sql
from bulou.ledger.engines import store

DISCHARGING = {name: sql.text("reconcile", block) for name, block in (("fresh", "fresh"), ("chosen", "untouched"))}
SETTLING = {name: sql.text("reconcile", block) for name, block in (("fresh", "facts_touched"), ("chosen", "touched"))}
"""What the marking of bits looks at: the batch's facts and the rest of the courses, or every fact of touched ones."""


def apply_moved(now: datetime, *, kinds: Container[str], corrects: bool = True, owners: bool = True) -> None:
    """Bring the courses up to date with the facts in w_moved, which lie at or before `now`.

    `kinds`: at least those of the facts; `corrects`: whether any of them may correct another or be corrected.
    1. Which of them count, and which older ones they switch. 2. The pairs of rule and subject to derive again.
    3. The rest are plain discharges: bits set. 4. Deltas of the tallies, and new lapses.
    Runs in the caller's transaction, which holds the subjects' locks (`locks.py`).
    """
    switched = corrects and corrections.settle_effect(now)
    touched = store.run("reconcile", "touch_rules")
    if (switched or WAIVED in kinds) and corrections.read_waivers():
        touched += store.run("reconcile", "touch_waivers")
    if (switched or LEVEL_SET in kinds) and (areas := corrections.read_levels(now)):
        touched += store.run("reconcile", "touch_levels", areas=areas, now=now)
    if touched:
        derive(now, owners=owners)
        store.run("passing", "tally")
    with store.by_hash(store.is_bulk()):
        store.run("reconcile", "discharge", DISCHARGING)


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
    _analyze("course")
    store.run("reconcile", "settle_touched", SETTLING, now=now)
    _analyze("w_changed")
    store.run("passing", "lapses", now=now)


def clear() -> None:
    """Empty the work tables inside a transaction."""
    store.script(sql.schema("clear"))


def _analyze(table: str) -> None:
    """Tell the planner how large a work table is, where the batch is a large one."""
    if store.is_bulk():
        store.execute(f"ANALYZE {table}")
