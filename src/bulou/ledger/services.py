"""Writing to the ledger: facts in, plans adopted, the clock moved on. One atomic function per act."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.facts import LEVEL_SET, WAIVED, WITHDRAWN, Fact
from bulou.ledger import adoption, calendar, corrections, following, holding, instant, locks, passing, reconcile, sql
from bulou.ledger.check import Given
from bulou.ledger.engines import store
from bulou.ledger.engines.postgres import dump
from bulou.ledger.instant import SKEW
from bulou.ledger.intake import Receipt, Refusal, check_all, conflict, nobody
from bulou.ledger.retry import again
from bulou.plan.rules import Rule

_STAGE = ("place", "id", "kind", "subject", "area", "at", "by", "data", "supersedes")
DERIVED = ["course", "wake", "tally", "tally_delta", "lapse", "notice", "waiver", "level_span", "dead", "waiting"]
"""Tables that follow from facts, rules and the clock."""
FEW = 50
"""Facts of a batch up to which the fast path is tried."""
_ALONE = "set_config('max_parallel_workers_per_gather', '0', true)"
"""A batch is no work for many: to start helpers takes longer than the little of it they could do."""
BEARING = (WITHDRAWN, WAIVED, LEVEL_SET)
"""Kinds that bear on other facts or duties."""

Batch = dict[str, tuple[int, Fact]]
"""Checked facts by id, with their places in what was given."""


class Review(NamedTuple):
    """What the database says of staged facts: those not taken and why, how many it had, ids to leave out."""

    refused: list[Refusal]
    unchanged: int
    unusable: Collection[str]
    corrected: bool


def record(
    facts: Iterable[Given], *, area: str = "", account: UUID | None = None, allow_future: bool = False
) -> Receipt:
    """Take a batch of facts from a sender whose area is `area` (empty: the whole country), all in one transaction.

    1. Each fact is checked by itself. 2. Its subject is held, so that one writer at a time works on it.
    3. Facts already known are unchanged; an id that names another fact is refused. 4. The rest is stored, and duties
    open, are discharged, end and re-open. Replaying a batch changes nothing. Facts after the clock wait for it:
    up to `SKEW` ahead, or any with `allow_future` (drills).
    """
    now = clock.now()
    latest = datetime.max.replace(tzinfo=now.tzinfo) if allow_future else now + SKEW
    good, refused, repeated = check_all(facts, area=area, latest=latest)
    if not good:
        return Receipt(0, 0, tuple(refused))
    review = again(lambda: _record_few(now, good, account) or _record_many(now, good, account))
    problems = {refusal.id: refusal.problem for refusal in review.refused}
    echoes = [Refusal(place, id, problems[id]) for place, id in repeated if id in problems]
    refused = sorted([*refused, *review.refused, *echoes], key=lambda refusal: refusal.place)
    unchanged = review.unchanged + len(repeated) - len(echoes)
    return Receipt(len(good) - len(review.unusable), unchanged, tuple(refused))


def record_all(facts: Iterable[Given], *, size: int = 20_000, **given: object) -> Iterator[Receipt]:
    """Take any number of facts in batches of `size`, each its own transaction; a receipt each."""
    rest = iter(facts)
    while batch := list(islice(rest, size)):
        yield record(batch, **given)  # type: ignore[arg-type]


def adopt(rules: Collection[Rule], *, area: str) -> int:
    """Put a plan's rules in force over an area and derive the duties of known facts. Gives how many rules changed."""
    return again(lambda: _adopt(list(rules), area))


def _adopt(rules: Sequence[Rule], area: str) -> int:
    with working():
        locks.hold_all()
        now = instant.reach(clock.now())
        changed = adoption.store_rules(rules)
        for plan in {rule.plan for rule in rules}:
            store.execute("INSERT INTO adoption (plan, area) VALUES (%s, %s) ON CONFLICT DO NOTHING", [plan, area])
        ids = [
            id for (id,) in store.query("SELECT id FROM rule WHERE plan = ANY(%s::text[])", [[r.plan for r in rules]])
        ]
        calendar.ensure(calendar.known_starts(), now)
        if store.run("reconcile", "touch_rule_set", rules=[*ids, *changed], now=now):
            reconcile.derive(now)
            store.run("passing", "tally")
    return len(changed)


def advance() -> passing.Pass:
    """Let the ledger catch up with the clock; set back, it is derived anew. Safe to call from several processes."""
    return _advance(instant.reached())


def catch_up() -> datetime:
    """Bring the ledger to the business clock, set or real, and give its instant."""
    ((set_to, reached),) = store.rows("instant", "house")
    with clock.at(set_to):
        return _advance(reached).now


def adopted() -> dict[str, list[str]]:
    """The plans in force, with the areas they are in force in."""
    found: dict[str, list[str]] = {}
    for plan, area in store.query("SELECT plan, area FROM adoption ORDER BY plan, area"):
        found.setdefault(plan, []).append(area)
    return found


def rebuild() -> passing.Pass:
    """Derive everything anew from the facts at or before the clock."""
    return passing.run(again(_rebuild), working)


def renew() -> list[str]:
    """Derive anew the tables that were derived by another version of the program, or never; gives which."""
    ((set_to, _reached),) = store.rows("instant", "house")
    with clock.at(set_to):
        return again(_renew)


def _renew() -> list[str]:
    with working():
        locks.hold_all()
        return following.renew(instant.reach(clock.now()))


def _advance(reached: datetime | None) -> passing.Pass:
    now = clock.now()
    passed = rebuild() if instant.is_back(now, reached) else passing.run(now, working)
    following.keep_watch(passed.now)
    return passed


def _rebuild() -> datetime:
    with working():
        locks.hold_all()
        locks.hold_tallies()
        now = clock.now()
        instant.set_back(now)
        for table in DERIVED:
            store.execute(f"DELETE FROM {table}")
        store.execute("INSERT INTO waiting (id, at) SELECT id, at FROM fact_key WHERE at > %s", [now])
        calendar.ensure(calendar.known_starts(), now)
        if store.run("intake", "again", now=now):
            corrections.settle_effect(now)
            corrections.read_waivers()
            corrections.read_levels(now)
        rules = [id for (id,) in store.query("SELECT id FROM rule")]
        store.run("reconcile", "touch_rule_set", rules=rules, now=now)
        reconcile.derive(now)
        store.run("passing", "tally")
        following.tell_all(now)
    return now


def _record_few(now: datetime, good: Batch, account: UUID | None) -> Review | None:
    """The fast path: a few facts that only discharge set bits. None, and nothing done, where they do more."""
    facts = [fact for _, fact in good.values()]
    if len(facts) > FEW or any(fact.supersedes or fact.kind in BEARING or fact.at > now for fact in facts):
        return None
    if following.is_followed(fact.kind for fact in facts):
        return None
    rows = [(place, f.id, f.kind, f.subject, f.area, f.at.isoformat(), f.by, f.data) for place, f in good.values()]
    given = dump([dict(zip(_STAGE, row, strict=False)) for row in rows])
    values = {"facts": given, "real": instant.is_real(), "account": account}
    values |= calendar.needs(calendar.starts_of(facts), now)
    with store.sized(len(facts)), locks.held(fact.subject for fact in facts):
        ((taken,),) = store.rows("intake", "take_few", _fast(), **values)
    return Review([], 0, (), False) if taken else None


@cache
def _fast() -> dict[str, str]:
    """The fragments of the fast path."""
    fragments = {"corrected": sql.text("intake", "corrected_few"), "floor": sql.text("instant", "floor")}
    fragments |= {"lacking": sql.text("calendar", "lacking"), "need": sql.text("calendar", "need")}
    return fragments | {"source": "few", "fresh": "SELECT * FROM fresh", "chosen": "true"} | reconcile.marking()


def _record_many(now: datetime, good: Batch, account: UUID | None) -> Review:
    """The whole path, for any batch: staged, reviewed, stored, and what it touches derived again."""
    bears = any(fact.supersedes or fact.kind == LEVEL_SET for _, fact in good.values())
    with working(len(good)):
        store.write_text("w_stage", _STAGE, (_staged(place, fact) for place, fact in good.values()))
        if store.is_huge():
            store.execute("ANALYZE w_stage")
        locks.hold_staged(entangled=bears)
        now = instant.reach(now)
        review = _review(good, now, account)
        if review.unusable:
            store.run("intake", "drop", ids=list(review.unusable))
        fresh = [fact for id, (_, fact) in good.items() if id not in review.unusable]
        starts = calendar.starts_of(fresh)
        if fresh:
            calendar.make_ready((fact.at for fact in fresh), now, starts)
        if fresh and store.run("intake", "store", account=account, now=now):
            corrects = review.corrected or any(fact.supersedes for fact in fresh)
            reconcile.apply_moved(now, starts, corrects=corrects)
            following.tell(starts, now, corrects=corrects)
    return review


def _review(good: Batch, now: datetime, account: UUID | None) -> Review:
    """What the database says of the staged facts. A fact known already is not refused for anything else."""
    corrected = sql.text("intake", "corrected_many" if store.is_bulk() else "corrected_few")
    verdicts = store.rows("intake", "review", {"source": "w_stage", "corrected": corrected})
    known = {str(id): verdict for verdict, _, id, _ in verdicts if verdict in ("same", "other")}
    refused = [Refusal(place, str(id), conflict(str(id))) for verdict, place, id, _ in verdicts if verdict == "other"]
    refused += [
        Refusal(place, str(id), nobody(subject))
        for verdict, place, id, subject in verdicts
        if verdict == "nobody" and str(id) not in known
    ]
    unusable = known.keys() | {refusal.id for refusal in refused}
    fresh = [fact for id, (_, fact) in good.items() if id not in unusable]
    breaking = holding.broken(fresh, now, account) | following.refused(fresh, now, account)
    refused += [Refusal(good[id][0], id, problem) for id, problem in breaking.items()]
    unusable |= breaking.keys()
    flagged = any(verdict == "corrected" for verdict, *_ in verdicts)
    return Review(refused, sum(verdict == "same" for verdict in known.values()), unusable, flagged)


def _staged(place: int, fact: Fact) -> tuple[str | None, ...]:
    """A checked fact as COPY takes it. Who recorded it and what it says may hold a backslash; nothing else can."""
    by, data = fact.by and fact.by.replace("\\", r"\\"), dump(fact.data).replace("\\", r"\\")
    return (str(place), fact.id, fact.kind, fact.subject, fact.area, fact.at.isoformat(), by, data, fact.supersedes)


@contextmanager
def working(size: int = store.BULK) -> Iterator[None]:
    """A transaction that sees the whole country, planned for `size` rows, with empty work tables."""
    nested = connection.in_atomic_block
    with transaction.atomic(savepoint=False), everywhere(_ALONE), store.sized(size):
        if store.query("SELECT to_regclass('pg_temp.w_changed')") == [(None,)]:
            store.script(sql.schema("stage", "work_tables"))
        yield
        if nested:
            reconcile.clear()
