"""What phones bring: every entry ends as a fact, as a listed conflict, or refused with the reason. Never as nothing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Literal, get_args
from uuid import UUID

from django.utils.translation import get_language, gettext

from bulou.directory.models import Account
from bulou.directory.scope import everywhere
from bulou.kernel.facts import Fact
from bulou.ledger import locks, selectors, services
from bulou.ledger.engines.postgres import dump
from bulou.ledger.selectors import DutyRow, FactRow, Span
from bulou.web.field.sync import entries
from bulou.web.field.sync.entries import Entry, RefusedError, Upload
from bulou.web.field.sync.verdicts import Verdict, same, verdict
from bulou.web.models import FieldEntry

Result = Literal["stored", "already", "refused", "conflict"]
RESULTS: tuple[Result, ...] = get_args(Result)
Kept = tuple[FactRow, UUID | None]
"""A fact with the account that recorded it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one entry; `why` says it to its author where it was not simply stored.

    `stray`: it cannot be of a phone of this house.
    """

    id: UUID
    result: Result
    why: str = ""
    stray: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """An entry that can be kept, with its data and what speaks against it."""

    entry: Entry
    data: dict[str, Any]
    verdict: Verdict


def take(upload: Upload, now: datetime) -> list[Outcome]:
    """Take an upload in the order it has, each entry for itself. Sent again, nothing changes and the answers stand.

    Runs in the caller's transaction, so that the answer means committed. The queries are the same, however many
    entries; an upload in several names (a phone that passed through hands) takes them once a name.
    """
    outcomes: dict[int, Outcome] = {}
    good: list[Entry] = []
    for place, (id, sealed) in enumerate(upload.entries):
        try:
            good.append(entries.opened(id, sealed, place, sent=upload.stamp, now=now))
        except RefusedError as error:
            outcomes[place] = Outcome(id, "refused", str(error), stray=error.stray)
    with everywhere():
        for _, named in groupby(good, key=lambda entry: entry.ticket.account):
            outcomes |= _taken(list(named), now)
    return [outcomes[place] for place in sorted(outcomes)]


def _taken(given: Sequence[Entry], now: datetime) -> dict[int, Outcome]:
    """The entries of one author: held, looked up, judged, stored."""
    locks.hold_few(entry.subject for entry in given)
    outcomes, fresh = _repeated(given)
    rows = {row.key: row for row in selectors.duties_by_key([entry.duty for entry in fresh])}
    account = Account.objects.filter(pk=given[0].ticket.account).first()
    judged = []
    for entry, others in _with_others(fresh, rows):
        row = rows.get(entry.duty)
        try:
            data = entries.data_of(entry, row)
        except RefusedError as error:
            outcomes[entry.place] = Outcome(entry.id, "refused", str(error))
            continue
        judged.append(Judged(entry, data, verdict(entry, data, account, row, others)))
    return outcomes | _stored(judged, account, now)


def _repeated(given: Sequence[Entry]) -> tuple[dict[int, Outcome], list[Entry]]:
    """Outcomes of entries whose id is known, here or earlier in the same upload, and the entries that are new."""
    known = {one.id: one for one in FieldEntry.objects.filter(id__in=[entry.id for entry in given])}
    digests = {id: bytes(one.digest) for id, one in known.items()}
    outcomes: dict[int, Outcome] = {}
    fresh: list[Entry] = []
    for entry in given:
        if entry.id not in digests:
            digests[entry.id] = entry.digest
            fresh.append(entry)
        elif digests[entry.id] != entry.digest:
            outcomes[entry.place] = Outcome(entry.id, "refused", _taken_id())
        else:
            reason = known[entry.id].reason if entry.id in known else ""
            outcomes[entry.place] = _kept(entry.id, reason, again=True)
    return outcomes, fresh


def _with_others(fresh: Sequence[Entry], rows: Mapping[str, DutyRow]) -> Iterable[tuple[Entry, list[Kept]]]:
    """Each entry, as its duty has it, with the facts that do the same duty."""
    known = [entries.as_known(entry, rows.get(entry.duty)) for entry in fresh]
    spans = [Span(entry.subject, entry.kind, *_window(entry, rows.get(entry.duty))) for entry in known]
    found = selectors.facts_between(spans)
    return [(entry, found.get(place, [])) for place, entry in enumerate(known)]


def _window(entry: Entry, row: DutyRow | None) -> tuple[datetime, datetime]:
    """When a fact does the entry's duty: from its opening to its due time, or to the entry where that is later."""
    return entry.opens_at, max(entry.at, row.due_at) if row else entry.at


def _stored(judged: Sequence[Judged], account: Account | None, now: datetime) -> dict[int, Outcome]:
    """Facts of what nothing speaks against, a row of each, and what to answer."""
    plain = [one for one in judged if not one.verdict.reason]
    facts = [fact_of(one) for one in plain]
    before = selectors.facts_by_id([one.entry.id for one in judged])
    fresh = [fact for fact in facts if UUID(fact.id) not in before]
    area = account.area if account else ""
    receipt = services.record(fresh, area=area, account=account.pk if account else None) if fresh else None
    problems = {one.id: one.problem.to(get_language() or "zh") for one in receipt.refused} if receipt else {}
    outcomes: dict[int, Outcome] = {}
    keep: list[Judged] = []
    for one in judged:
        outcomes[one.entry.place] = answer = _answer(one, before.get(one.entry.id), problems)
        if answer.result in ("stored", "conflict"):
            keep.append(one)
    FieldEntry.objects.bulk_create([_row(one, now) for one in keep])
    return outcomes


def _answer(one: Judged, before: Kept | None, problems: Mapping[str, str]) -> Outcome:
    entry = one.entry
    if before:
        fact, by = before
        mine = (fact.kind, fact.subject, by) == (entry.kind, entry.subject, entry.ticket.account)
        return _kept(entry.id, "", again=True) if mine and same(fact.data, one.data) else _other_id(entry.id)
    if str(entry.id) in problems:
        return Outcome(entry.id, "refused", problems[str(entry.id)])
    return _kept(entry.id, one.verdict.reason)


def fact_of(one: Judged) -> Fact:
    """The fact an entry is: in the name of the unit its author was of, at its true time."""
    entry = one.entry
    unit = f"unit:{entry.ticket.unit}"
    return Fact(str(entry.id), entry.kind, entry.subject, entry.area, entry.at, unit, one.data)


def _row(one: Judged, now: datetime) -> FieldEntry:
    entry, ticket = one.entry, one.entry.ticket
    return FieldEntry(
        id=entry.id,
        device=ticket.device,
        account=ticket.account,
        unit=ticket.unit,
        area=entry.area,
        duty=entry.duty,
        kind=entry.kind,
        subject=entry.subject,
        data=json.loads(dump(one.data)),
        at=entry.at,
        phone_at=entry.phone_at,
        received_at=now,
        reason=one.verdict.reason,
        against=one.verdict.against,
        digest=entry.digest,
    )


def _kept(id: UUID, reason: str, *, again: bool = False) -> Outcome:
    if reason:
        return Outcome(id, "conflict", gettext("It is at odds with what happened meanwhile; somebody will decide."))
    return Outcome(id, "already" if again else "stored")


def _other_id(id: UUID) -> Outcome:
    return Outcome(id, "refused", _taken_id())


def _taken_id() -> str:
    return gettext("Its number already names something else. Export it and show it to your office.")
