"""What comes in as a batch: each fact checked by itself, then all of them against what is already known."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from bulou.directory.scope import scope
from bulou.kernel.errors import Problem
from bulou.kernel.facts import Fact
from bulou.ledger.check import Given, RefusedError, check
from bulou.ledger.form import stray_id

_BEYOND = """
SELECT k.id FROM fact_key k
WHERE k.id = ANY(%s::uuid[]) AND NOT EXISTS (SELECT FROM fact f WHERE f.id = k.id AND f.at = k.at)
"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One fact that was not taken: its place in the batch (from 0), its id where it has one, and why."""

    place: int
    id: str
    problem: Problem

    def to(self, language: str) -> str:
        """Its place in the batch (from 1), the field, why, and what to do."""
        place = self.place + 1
        return f"{f'fact {place}' if language.startswith('en') else f'第 {place} 条'}: {self.problem.to(language)}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a batch: every fact is created, unchanged or refused."""

    created: int
    unchanged: int
    refused: tuple[Refusal, ...]

    @property
    def total(self) -> int:
        return self.created + self.unchanged + len(self.refused)


def check_all(
    given: Iterable[Given], *, area: str, latest: datetime
) -> tuple[dict[str, tuple[int, Fact]], list[Refusal], list[tuple[int, str]]]:
    """The good facts by id with their places, the refusals, and the (place, id) of those that repeat an earlier one."""
    good: dict[str, tuple[int, Fact]] = {}
    refused: list[Refusal] = []
    repeated: list[tuple[int, str]] = []
    for place, item in enumerate(given):
        try:
            fact = check(item, area=area, latest=latest)
        except RefusedError as error:
            refused.append(Refusal(place, stray_id(item), error.problem))
            continue
        if fact.id not in good:
            good[fact.id] = place, fact
        elif _is_same(good[fact.id][1], fact):
            repeated.append((place, fact.id))
        else:
            refused.append(Refusal(place, fact.id, conflict(fact.id)))
    beyond = _beyond({fact.supersedes for _, fact in good.values() if fact.supersedes}, area)
    over = {id: good.pop(id)[0] for id in [id for id, (_, fact) in good.items() if fact.supersedes in beyond]}
    again = [(place, id) for place, id in repeated if id in over]
    refused += [Refusal(place, id, overstepping()) for place, id in [*((at, id) for id, at in over.items()), *again]]
    refused.sort(key=lambda refusal: refusal.place)
    return good, refused, [known for known in repeated if known not in again]


def _beyond(ids: Collection[str], area: str) -> Collection[str]:
    """Those of the facts that are on record, but not in a sender's area. One query, where anything is corrected."""
    if not ids or not area:
        return ()
    with scope(area), connection.cursor() as cursor:
        cursor.execute(_BEYOND, [list(ids)])
        return {str(id) for (id,) in cursor.fetchall()}


def _is_same(one: Fact, other: Fact) -> bool:
    """Equal, whether numbers came as binary floats or as decimals, and with however many zeros."""
    return replace(one, data={}) == replace(other, data={}) and _plain(one.data) == _plain(other.data)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return Decimal(repr(value)) if isinstance(value, float) else value


def conflict(id: str) -> Problem:
    return RefusedError(
        "conflict",
        f"编号 {id} 已用于另一条内容不同的事实；要更正请另记一条并写明 supersedes。",
        f"The id {id} already names a different fact; to correct it, record another that supersedes it.",
        "id",
    ).problem


def overstepping() -> Problem:
    return RefusedError(
        "outside",
        "要更正的事实不在您的辖区内。",
        "The fact it would correct lies outside your area.",
        "supersedes",
    ).problem


def nobody(subject: str) -> Problem:
    return RefusedError(
        "nobody",
        f"系统里没有 {subject}；请先登记，再记事实。",
        f"There is no {subject}: register it first, then record the fact.",
        "subject",
    ).problem
