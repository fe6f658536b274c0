"""Reading the ledger: the board from tallies, lists a page at a time, one duty with its why. Scope is the session's."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from bulou.directory.selectors import area_children
from bulou.kernel import clock
from bulou.kernel.areas import prefix_range
from bulou.ledger import passing, sql
from bulou.ledger.engines import store
from bulou.ledger.explanation import Told, Why, why
from bulou.ledger.rows import (
    AreaRow,
    Board,
    Column,
    Counts,
    DutyRow,
    FactRow,
    Page,
    Span,
    duty_row,
    fact_row,
    key_of,
    split,
)

__all__ = [
    "AreaRow",
    "Board",
    "Column",
    "Counts",
    "DutyRow",
    "FactRow",
    "Page",
    "Span",
    "Told",
    "Why",
    "board",
    "clause_counts",
    "counts_of",
    "duties",
    "duties_by_key",
    "duties_of",
    "duties_stream",
    "duty",
    "facts_between",
    "facts_by_id",
    "facts_of",
    "key_of",
    "misses",
    "misses_stream",
    "my_list",
    "split",
    "why",
]

NO_MISSES = ("screening", "isolation", "monitoring", "treatment", "control", "")
"""The five, and the clauses that belong to none of them."""
ENDLESS = 2**62
"""More rows than there are."""
UNRESOLVED = "c.opened & ~(c.met | c.late | c.waived | c.void | c.missed)"
FILTERS = {state: f"c.{state} <> 0" for state in ("met", "late", "waived", "void")} | {
    "open": f"{UNRESOLVED} <> 0",
    "missed": "c.had_misses AND c.missed <> 0",
    "owed": f"c.missed | ({UNRESOLVED}) <> 0",
    "any": "c.opened <> 0",
}


def board(area: str, day: date) -> Board:
    """The board of an area: columns by no-miss and a row a part of the area. Reads tallies, never duties. 3 queries.

    An area with a single part shows that part's parts (a municipality's counties).
    """
    children = [child.code for child in area_children(area)]
    if len(children) == 1:
        children = [child.code for child in area_children(children[0])]
    lo, hi = prefix_range(area)
    counted: dict[tuple[str, str, bool], Counts] = {}
    for code, no_miss, ever, *numbers in store.rows(
        "reading", "counts", day=day, areas=[area, *children], lo=lo, hi=hi
    ):
        counted[code, no_miss, ever] = Counts(*numbers)

    def of(code: str, no_miss: str, ever: bool) -> Counts:
        return counted.get((code, no_miss, ever), Counts())

    columns = [Column(no_miss, of(area, no_miss, False), of(area, no_miss, True)) for no_miss in NO_MISSES]
    rows = [
        AreaRow(
            code,
            {no_miss: of(code, no_miss, False) for no_miss in NO_MISSES},
            sum((of(code, no_miss, False) for no_miss in NO_MISSES), Counts()),
            sum((of(code, no_miss, True) for no_miss in NO_MISSES), Counts()),
        )
        for code in children
    ]
    return Board(passing.passed_at() or clock.now(), day, columns, rows)


def clause_counts(plan: str, area: str, day: date | None = None) -> dict[str, Counts]:
    """Counts of a plan's clauses in an area, on a day or (None) over all days. One query."""
    lo, hi = prefix_range(area)
    rows = store.rows("reading", "clauses", plan=plan, area=lo, hi=hi, day=day or "-infinity")
    return {clause: Counts(*numbers) for clause, *numbers in rows}


def misses(
    area: str,
    *,
    no_miss: str | None = None,
    clause: str | None = None,
    duty: str | None = None,
    unowned: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """The missed duties of an area, village by village; with `unowned` those, and open ones, nobody answers for."""
    state = None if unowned else "missed"
    given = {"no_miss": no_miss, "clause": clause, "duty": duty, "unowned": unowned, "day": None}
    return _page(area, "owed" if unowned else "missed", state, after, limit, **given)


def duties(
    area: str,
    day: date | None,
    *,
    state: str | None = None,
    no_miss: str | None = None,
    clause: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """The duties behind a number of the board: of an area, due on a day (None: any), in a state (None: any)."""
    given = {"no_miss": no_miss, "clause": clause, "duty": None, "unowned": False, "day": day}
    return _page(area, state or "any", state, after, limit, **given)


def my_list(owner: UUID, now: datetime) -> list[DutyRow]:
    """What a unit owes: duties open now, those of today whatever their state, one-off duties missed earlier."""
    today = now.astimezone(clock.SHANGHAI).date()
    rows = store.rows("reading", "mine", owner=owner, now=now, day=today, since=now - timedelta(days=2))
    return [duty_row(row) for row in rows]


def duties_of(subject: str) -> list[DutyRow]:
    """Every duty about a subject, latest first."""
    return [duty_row(row) for row in store.rows("reading", "of_subject", subject=subject, now=clock.now())]


def counts_of(subjects: Iterable[str]) -> dict[str, Counts]:
    """Duties by state of many subjects, those with any; who answers for them is not counted. One query."""
    rows = store.rows("reading", "counts_of", subjects=sorted(set(subjects)))
    return {subject: Counts(*numbers) for subject, *numbers in rows}


def facts_of(subject: str) -> list[FactRow]:
    """Every fact about a subject up to the clock, latest first."""
    return [fact_row(row) for row in store.rows("reading", "facts_of", subject=subject, now=clock.now())]


def facts_between(spans: Sequence[Span]) -> dict[int, list[tuple[FactRow, UUID | None]]]:
    """Facts that count in each span, earliest first, by the span's place, with who recorded them. One query."""
    columns = {f"{name}s": [getattr(span, name) for span in spans] for name in ("subject", "kind", "since", "until")}
    found: dict[int, list[tuple[FactRow, UUID | None]]] = {}
    places = list(range(len(spans)))
    for place, account, *row in store.rows("reading", "facts_between", places=places, **columns, now=clock.now()):
        found.setdefault(place, []).append((fact_row(tuple(row)), account))
    return found


def facts_by_id(ids: Sequence[UUID]) -> dict[UUID, tuple[FactRow, UUID | None]]:
    """The facts of these ids in scope, with who recorded them. One query."""
    rows = store.rows("reading", "facts_by_id", ids=list(ids))
    return {row[1]: (fact_row(tuple(row[1:])), row[0]) for row in rows}


def duty(key: str) -> tuple[DutyRow, UUID] | None:
    """One duty by its key, with the id of the fact that opened it; None where there is none in scope."""
    place = split(key)
    if place is None:
        return None
    rows = store.rows("reading", "one", **place, now=clock.now())
    return (duty_row(rows[0][:-1]), rows[0][-1]) if rows else None


def duties_by_key(keys: Sequence[str]) -> list[DutyRow]:
    """The duties of many keys, in the order of the keys; those out of scope or unknown are left out. One query."""
    places = [place for place in map(split, keys) if place]
    columns = {f"{name}s": [place[name] for place in places] for name in ("duty", "subject", "opens_at")}
    found = [duty_row(row) for row in store.rows("reading", "several", **columns, now=clock.now())] if places else []
    order = {key: number for number, key in enumerate(keys)}
    return sorted(found, key=lambda row: order.get(row.key, 0))


def misses_stream(
    area: str, *, no_miss: str | None = None, clause: str | None = None, unowned: bool = False
) -> Iterator[DutyRow]:
    """Every row of `misses`, as of now, in constant memory. Within a transaction."""
    given = {"no_miss": no_miss, "clause": clause, "duty": None, "unowned": unowned, "day": None}
    return _stream(area, "owed" if unowned else "missed", None if unowned else "missed", **given)


def duties_stream(
    area: str, day: date | None, *, state: str | None = None, no_miss: str | None = None, clause: str | None = None
) -> Iterator[DutyRow]:
    """Every row of `duties`, as of now, in constant memory. Within a transaction."""
    given = {"no_miss": no_miss, "clause": clause, "duty": None, "unowned": False, "day": day}
    return _stream(area, state or "any", state, **given)


def _page(
    area: str, wanted: str, state: str | None, after: str | None, limit: int, **given: str | bool | date | None
) -> Page:
    values = _values(area, state, after, limit + 1, given)
    courses = "course" if given["day"] else sql.text("reading", "next_courses")
    rows = store.rows("reading", "listed", {"filter": FILTERS[wanted], "courses": courses}, **values)
    last = rows[limit - 1] if len(rows) > limit else None
    following = f"{last[6]}.{last[-2]}.{last[-1]}" if last else None
    return Page([duty_row(row[:-2]) for row in rows[:limit]], following)


def _stream(area: str, wanted: str, state: str | None, **given: str | bool | date | None) -> Iterator[DutyRow]:
    fragments = {"filter": FILTERS[wanted], "courses": "course"}
    values = _values(area, state, None, ENDLESS, given)
    return (duty_row(row[:-2]) for row in store.stream("reading", "listed", fragments, **values))


def _values(
    area: str, state: str | None, after: str | None, limit: int, given: Mapping[str, str | bool | date | None]
) -> dict[str, Any]:
    lo, hi = prefix_range(area)
    after_area, after_course, after_slot = _cursor(after)
    place = {"after_area": after_area, "after_course": after_course, "after_slot": after_slot}
    return {**given, **place, "lo": lo, "hi": hi, "state": state, "now": clock.now(), "limit": limit}


def _cursor(text: str | None) -> tuple[str, int, int]:
    parts = (text or "").split(".")
    if len(parts) == 3 and all(part.isdecimal() and len(part) < 19 for part in parts):
        return parts[0], int(parts[1]), int(parts[2])
    return "", 0, -1
