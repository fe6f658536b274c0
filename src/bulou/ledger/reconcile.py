"""From facts to courses: what a batch opens, ends, discharges, voids and re-opens, in a handful of statements."""

from collections.abc import Iterable
from datetime import datetime

from bulou.kernel.facts import LEVEL_SET, WAIVED
from bulou.ledger import corrections, sql
from bulou.ledger.calendar import Starts
from bulou.ledger.engines import store

DISCHARGING = {name: sql.text("reconcile", block) for name, block in (("fresh", "fresh"), ("chosen", "untouched"))}
SETTLING = {
    name: sql.text("reconcile", block) for name, block in (("fresh", "facts_touched"), ("theirs", "theirs_derived"))
}
"""What the marking of bits looks at: the batch's facts and the rest of the courses, or every fact of those derived."""
SHAPES = ("daily", "on_days", "once", "period")
"""How rules recur, as the marking tells them apart."""


def apply_moved(now: datetime, starts: Starts, *, corrects: bool = True, owners: bool = True) -> None:
    """Bring the courses up to date with the facts in w_moved, which lie at or before `now`.

    `starts`: the kinds of the facts, each with its earliest; `corrects`: whether any corrects or is corrected.
    1. Which of them count, and which older ones they switch. 2. The pairs of rule and subject to derive again.
    3. The rest are plain discharges: bits set. 4. Deltas of the tallies, and new lapses.
    Runs in the caller's transaction, which holds the subjects' locks (`locks.py`).
    """
    switched = corrects and corrections.settle_effect(now)
    touched = store.run("reconcile", "touch_rules")
    if (switched or WAIVED in starts) and corrections.read_waivers():
        touched += store.run("reconcile", "touch_waivers")
    if (switched or LEVEL_SET in starts) and (areas := corrections.read_levels(now)):
        touched += store.run("reconcile", "touch_levels", areas=areas, now=now)
    if touched:
        with store.grown(touched):
            derive(now, owners=owners)
            store.run("passing", "tally")
    discharge(now, starts)


def discharge(now: datetime, starts: Starts) -> None:
    """Set the bits of the facts in w_moved that only discharge, in courses that are not derived again."""
    if shapes := _shapes("shapes_of_kinds", kinds=list(starts)):
        near = {"kinds": list(starts), "since": min(starts.values()), "now": now}
        with store.by_hash():
            store.run("reconcile", "discharge", DISCHARGING | marking(shapes, "near_batch"), **near)


def derive(now: datetime, *, owners: bool = True) -> None:
    """Derive the courses of the pairs in w_touched again from their facts, and merge them by difference."""
    _analyze("w_touched")
    store.run("reconcile", "events", now=now)
    _analyze("w_event")
    store.run("reconcile", "courses", now=now)
    _analyze("w_course")
    store.run("reconcile", "courses_gone")
    new = store.run("reconcile", "courses_new")
    store.run("reconcile", "courses_named")
    if new and owners:
        store.run("reconcile", "owners")
    if new >= store.BULK:
        _analyze("course")
    marks = marking(_shapes("shapes_touched") or SHAPES, "near_touched") | SETTLING | {"chosen": "true"}
    store.run("reconcile", "settle_touched", marks, now=now)
    _analyze("w_changed")
    store.run("passing", "lapses", now=now)


def marking(shapes: Iterable[str] = SHAPES, near: str = "") -> dict[str, str]:
    """The parts of the marking that rules of these shapes need; a large batch lays out the hours `near` names."""
    parts = [sql.text("reconcile", f"hit_{shape}") for shape in SHAPES if shape in shapes]
    large = near and store.is_bulk()
    return {
        "theirs": sql.text("reconcile", "theirs_of_all" if store.is_huge() else "theirs"),
        "hits": " UNION ALL ".join(parts),
        "kept": "MATERIALIZED" if large else "NOT MATERIALIZED",
        "near": sql.text("reconcile", near) if large else "true",
    }


def _shapes(asked: str, **values: object) -> set[str]:
    return {shape for (shape,) in store.rows("reconcile", asked, **values)}


def clear() -> None:
    """Empty the work tables inside a transaction."""
    store.script(sql.schema("clear"))


def _analyze(table: str) -> None:
    """Tell the planner how large a work table is, where the batch is a large one."""
    if store.is_bulk():
        store.execute(f"ANALYZE {table}")
