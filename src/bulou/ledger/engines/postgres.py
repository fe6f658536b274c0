"""`ledger replay` in PostgreSQL: the live engine's own statements over temporary tables that shadow the live ones."""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from json.encoder import c_make_encoder, encode_basestring  # type: ignore[attr-defined]
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from bulou.kernel.facts import Fact
from bulou.ledger import adoption, calendar, reconcile, sql
from bulou.ledger.engines import store
from bulou.plan.evaluate import DutyLine
from bulou.plan.matching import distinct
from bulou.plan.rules import Rule

TABLES = ("rules", "scratch_facts", "courses", "wakes", "tallies", "views", "work_tables")

WORK = "w_moved, w_chain, w_touched, w_event, w_course, w_due, w_changed"
"""The live engine's work tables of this session, made anew with free-form ids."""

_DUTIES = """
SELECT r.name, d.subject, d.opens_at, d.due_at, d.state, r.zone, d.area, d.opened_by,
    CASE WHEN d.state IN ('met', 'late') THEN (
        SELECT f.id FROM rule_trigger g
        JOIN fact f ON f.kind = g.kind AND f.subject = d.subject AND f.at >= d.opens_at AND f.at <= d.reach_at
        WHERE g.rule = d.rule AND g.part = 'must' AND NOT EXISTS (SELECT FROM dead x WHERE x.fact = f.id) AND {matches}
        ORDER BY f.at, f.id LIMIT 1) END
FROM duty d JOIN rule r ON r.id = d.rule
"""


Replay = Callable[[Iterable[Fact], datetime], list[DutyLine]]


def replay(rules: Sequence[Rule], facts: Iterable[Fact], now: datetime) -> list[DutyLine]:
    """Every duty listed at `now`, sorted as the reference sorts. Leaves nothing behind and touches no live table."""
    with scratch(rules) as run:
        return run(facts, now)


@contextmanager
def scratch(rules: Sequence[Rule]) -> Iterator[Replay]:
    """Replays of several histories by the same rules: the tables are made once, and each history leaves them empty."""
    with transaction.atomic():
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE IF EXISTS {WORK}")
                cursor.execute(sql.schema(*TABLES, temporary=True))
            adoption.store_rules(rules)
            store.write("adoption", ("plan", "area"), [(plan, "") for plan in {rule.plan for rule in rules}])
            yield _replay
        finally:
            transaction.set_rollback(True)


def _replay(facts: Iterable[Fact], now: datetime) -> list[DutyLine]:
    known = [fact for fact in distinct(facts).values() if fact.at <= now]
    starts = calendar.starts_of(known)
    if known:
        calendar.ensure_until(starts, now)
    with transaction.atomic(), store.sized(len(known)):
        _load(known)
        reconcile.apply_moved(now, starts, owners=False)
        found = store.query(sql.filled(_DUTIES))
        transaction.set_rollback(True)
    return sorted(map(_line, found), key=DutyLine.order)


def _load(facts: Sequence[Fact]) -> None:
    columns = ("id", "kind", "subject", "area", "at", "by", "data", "supersedes")
    store.write("fact", columns, ((*_row(fact), fact.supersedes) for fact in facts))
    store.execute("INSERT INTO fact_key SELECT id, at FROM fact")
    store.execute(
        "INSERT INTO w_moved (id, kind, subject, area, at, data, flipped, effective)"
        " SELECT id, kind, subject, area, at, data, false, true FROM fact"
    )
    store.execute("ANALYZE fact, w_moved")


def _row(fact: Fact) -> tuple[Any, ...]:
    return (fact.id, fact.kind, fact.subject, fact.area, fact.at, fact.by, dump(fact.data))


def dump(data: Any) -> str:
    """JSON with every digit of a Decimal kept."""
    text = "".join(_chunks(data, 0))
    return _MARKED.sub(r"\1", text) if _MARK in text else text


_MARK = secrets.token_hex(8)
_MARKED = re.compile(f'"{_MARK}([^"]*)"')


def _number(value: Any) -> Any:
    """A Decimal as a number that loses nothing; where a float would lose digits, as text marked to be unquoted."""
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} is not JSON")
    nearest = float(value)
    if Decimal(repr(nearest)) != value:
        return f"{_MARK}{value}"
    return int(nearest) if nearest.is_integer() else nearest


_chunks = c_make_encoder(None, _number, encode_basestring, None, ": ", ", ", False, False, True)
"""`json.JSONEncoder(ensure_ascii=False, default=_number)`, which would be made anew for each fact."""


def _line(row: tuple[Any, ...]) -> DutyLine:
    duty, subject, opens_at, due_at, state, zone, area, opened_by, discharged_by = row
    here = ZoneInfo(zone)
    opens, due = (instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(here) for instant in (opens_at, due_at))
    return DutyLine(duty, subject, opens, due, state, discharged_by, area, opened_by)
