"""Custody's part in a batch: which people it bears on, and the facts their chains are made of."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from bulou.custody import services as custody
from bulou.custody.chain import BEARING, HANDOVERS, HOMES, ILL, Act
from bulou.kernel.errors import Problem
from bulou.kernel.facts import Fact
from bulou.ledger import sql
from bulou.ledger.engines import store

CHUNK = 20_000
_KINDS = {"kinds": sorted(BEARING), "ill": sorted(ILL)}
_PERSON = "person:"
_read = json.JSONDecoder(parse_float=Decimal).decode
"""`json.loads(…, parse_float=Decimal)`, which would make a decoder for each fact."""


def follow(subjects: Collection[str] | None, now: datetime) -> None:
    """Bring custody up to date with the facts of these people and episodes (`following.Follow`); None: of everybody."""
    if subjects is None:
        follow_all(now)
        return
    episodes = [subject for subject in subjects if not subject.startswith(_PERSON)]
    named = store.rows("holding", "named", episodes=episodes, ill=sorted(ILL)) if episodes else []
    if people := _people([*((subject,) for subject in subjects), *named]):
        custody.hold(people)
        custody.follow(_histories(people, now))


def follow_all(now: datetime) -> None:
    """Derive the chains of everybody anew."""
    custody.clear()
    for histories in _everybody(now):
        custody.follow(histories)


def differing(now: datetime) -> list[UUID]:
    """The people whose stored custody is not what their facts say. In the scope of the whole country."""
    return [person for histories in _everybody(now) for person in custody.differing(histories)]


def _everybody(now: datetime) -> Iterator[Mapping[UUID, list[Act]]]:
    """The facts of everybody on whom anything bears, so many people at a time."""
    after = _PERSON
    while rows := store.rows("holding", "everybody", after=after, limit=CHUNK, **_KINDS):
        after = rows[-1][0]
        if people := _people(rows):
            yield _histories(people, now)


def broken(fresh: Collection[Fact], now: datetime, account: UUID | None) -> dict[str, Problem]:
    """Why staged facts of handovers cannot be taken, by id: they would break the chain of their person."""
    links = [fact for fact in fresh if fact.kind in HANDOVERS]
    people = _people((fact.subject,) for fact in links)
    if not people:
        return {}
    custody.hold(people)
    until = max(now, *(fact.at for fact in links))
    superseded = {fact.supersedes for fact in fresh if fact.supersedes}
    known: dict[UUID, list[Act]] = {person: [] for person in people}
    new: dict[UUID, list[Act]] = {person: [] for person in people}
    for person, act, is_fresh in _acts(people, until, staged=True, account=account):
        if is_fresh:
            new[person].append(act)
        elif act.id not in superseded:
            known[person].append(act)
    return custody.broken(known, new)


def _histories(people: Iterable[UUID], now: datetime) -> Mapping[UUID, list[Act]]:
    found: dict[UUID, list[Act]] = {person: [] for person in people}
    for person, act, _ in _acts(found, now):
        found[person].append(act)
    return found


def _acts(
    people: Collection[UUID], now: datetime, *, staged: bool = False, account: UUID | None = None
) -> Iterable[tuple[UUID, Act, bool]]:
    """Whom it is about, the act, and whether it is only staged."""
    parts = {"staged": sql.text("holding", "staged") if staged else ""}
    ids = {f"{_PERSON}{person}": person for person in people}
    given = {"people": list(ids), "now": now, "homes": list(HOMES), **_KINDS}
    for row in store.rows("holding", "acts", parts, **given, **({"account": account} if staged else {})):
        person, id, kind, subject, at, data, fresh, unit, home, carries, is_whole = row
        values = _read(data)
        if not is_whole:
            values.pop("to", None)
        episode = subject if subject != person else ""
        yield ids[person], Act(str(id), kind, at, values, unit, home, episode, carries), fresh


def _people(rows: Iterable[tuple[object, ...]]) -> list[UUID]:
    """The people among subjects; whoever a fact names badly is nobody."""
    found = set()
    for subject, *_ in rows:
        text = str(subject)
        try:
            if text.startswith(_PERSON):
                found.add(UUID(text.removeprefix(_PERSON)))
        except ValueError:
            continue
    return sorted(found)
