"""Facts as a timeline: by local day, newest first, each with its data in words and who recorded it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext

from bulou.directory import selectors as directory
from bulou.kernel import clock
from bulou.kernel.facts import WITHDRAWN
from bulou.ledger.selectors import FactRow
from bulou.web import fact_words, words


@dataclass(frozen=True, slots=True)
class Event:
    """One fact. `key` where the page rests on it; `note` why it does not count, or counts instead of another."""

    at: datetime
    title: str
    data: Sequence[tuple[str, str]]
    by: str
    effective: bool
    key: bool
    note: str


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    events: tuple[Event, ...]


def days(facts: Iterable[FactRow], *, keys: Collection[object] = ()) -> list[Day]:
    """The facts up to now by day, newest first. One query, for the names in them."""
    now = clock.now()
    known = sorted((fact for fact in facts if fact.at <= now), key=lambda fact: (fact.at, str(fact.id)), reverse=True)
    named = {name for fact in known for name in (*fact_words.references(dict(fact.data)), fact.by or "") if name}
    names = directory.names(named)
    events = [(timezone.localtime(fact.at), _event(fact, names, fact.id in keys)) for fact in known]
    return [Day(day, tuple(event for _at, event in group)) for day, group in groupby(events, key=lambda e: e[0].date())]


def _event(fact: FactRow, names: Mapping[str, str], key: bool) -> Event:
    return Event(
        at=timezone.localtime(fact.at),
        title=words.kind_title(fact.kind),
        data=fact_words.pairs(fact.kind, fact.data, names),
        by=names.get(fact.by or "", ""),
        effective=fact.effective,
        key=key,
        note=_note(fact),
    )


def _note(fact: FactRow) -> str:
    if not fact.effective:
        return gettext("superseded")
    if fact.supersedes and fact.kind != WITHDRAWN:
        return gettext("corrected")
    return ""
