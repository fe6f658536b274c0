"""What comes in: each fact checked by itself, then all of them against the directory and what is already known."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from bulou.directory.scope import scope
from bulou.kernel.areas import contains, is_area_code
from bulou.kernel.errors import Problem
from bulou.kernel.facts import KINDS, WITHDRAWN, Fact, parse_fact
from bulou.kernel.ids import parse_subject, uuid_text
from bulou.ledger.form import LONGEST_ID, flaw, is_plain, problem, stray_id
from bulou.ledger.values import ValueProblem, check_values

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST_REF = 120
_BEYOND = """
SELECT k.id FROM fact_key k
WHERE k.id = ANY(%s::uuid[]) AND NOT EXISTS (SELECT FROM fact f WHERE f.id = k.id AND f.at = k.at)
"""

Given = Fact | Mapping[str, Any] | str | bytes
_LINE = (str, bytes)


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


class RefusedError(ValueError):
    """A fact that cannot be taken."""

    def __init__(self, code: str, zh: str, en: str, field: str = "") -> None:
        self.problem = problem(f"fact.{code}", zh, en, field)
        super().__init__(en)


class FlawedError(RefusedError):
    """A fact whose very form is wrong."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.code.removeprefix("fact."), found.text.zh, found.text.en, found.field)


def check(given: Given, *, area: str, latest: datetime) -> Fact:
    """One fact, well-formed, of a known kind, from inside the sender's `area` and not after `latest`.

    RefusedError names the field and the remedy. Form is looked at closely only where a glance does not settle it.
    """
    item = _read(given)
    if not is_plain(item) and (found := flaw(item)):
        raise FlawedError(found)
    try:
        return _checked(_parsed(item), area=area, latest=latest)
    except RefusedError as error:
        if found := flaw(item):
            raise FlawedError(found) from error
        raise


def _checked(given: Fact, *, area: str, latest: datetime) -> Fact:
    fact = _identified(given)
    _check_data(fact)
    if not is_area_code(fact.area):
        raise RefusedError("area", f"{fact.area!r} 不是区划代码。", f"{fact.area!r} is not an area code.", "area")
    if not contains(area, fact.area):
        raise RefusedError(
            "outside", f"{fact.area} 不在你的辖区 {area} 内。", f"{fact.area} lies outside your area {area}.", "area"
        )
    if fact.at > latest or fact.at < EARLIEST:
        raise RefusedError(
            "time",
            f"时间 {fact.at.isoformat()} 晚于现在或早于 2000 年，请核对设备时钟。",
            f"{fact.at.isoformat()} lies in the future or before 2000: check the device's clock.",
            "at",
        )
    return fact


def _read(given: Given) -> Any:
    """What was given, a line read as JSON."""
    if not isinstance(given, _LINE):
        return given
    try:
        return json.loads(given, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise RefusedError("malformed", f"读不懂：{error}", f"Cannot be read: {error}") from error


def _parsed(item: Any) -> Fact:
    """The fact an item is, its form being right."""
    if isinstance(item, Fact):
        return item
    try:
        return parse_fact(item)
    except (ValueError, TypeError) as error:
        raise RefusedError("malformed", f"读不懂：{error}", f"Cannot be read: {error}", "at") from error


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not a number in JSON")


def _identified(fact: Fact) -> Fact:
    """The fact with its ids in the one spelling they are stored in."""
    id = _uuid("id", fact.id)
    supersedes = None if fact.supersedes is None else _uuid("supersedes", fact.supersedes)
    if supersedes == id:
        raise RefusedError("itself", "一条事实不能更正它自己。", "A fact cannot supersede itself.", "supersedes")
    subject, by = _subject(fact), _author(fact.by)
    if (id, subject, by, supersedes) == (fact.id, fact.subject, fact.by, fact.supersedes):
        return fact
    return replace(fact, id=id, subject=subject, by=by, supersedes=supersedes)


def _uuid(field: str, text: Any) -> str:
    try:
        return uuid_text(str(text))
    except ValueError as error:
        raise RefusedError("id", f"{text!r} 不是 UUID。", f"{text!r} is not a UUID.", field) from error


def _author(by: str | None) -> str | None:
    """Who recorded it, in one spelling: text that can be shown, or nobody."""
    if by is None or (by.isprintable() and len(by) <= LONGEST_REF):
        return by and spelt(by)
    shown = by[:LONGEST_ID]
    raise RefusedError("by", f"记录人 {shown!r} 不是编号。", f"{shown!r} is not the id of who recorded it.", "by")


def spelt(name: str) -> str:
    """The name of a unit or account in its one spelling; as it is where it has no UUID."""
    kind, separator, id = name.partition(":")
    try:
        return f"{kind}:{uuid_text(id)}" if separator else name
    except ValueError:
        return name


def _subject(fact: Fact) -> str:
    data = KINDS.get(fact.kind)
    if data is None:
        shown = fact.kind[:LONGEST_REF]
        raise RefusedError("kind", f"没有 {shown!r} 这种事实。", f"There is no fact kind {shown!r}.", "kind")
    try:
        subject = parse_subject(fact.subject)
    except ValueError as error:
        raise RefusedError("subject", f"对象不对：{error}", f"Bad subject: {error}", "subject") from error
    if subject.type not in data.on:
        raise RefusedError(
            "subject",
            f"{data.title.zh}不能记在 {subject.type} 上，应为 {'、'.join(sorted(data.on))}。",
            f"{fact.kind} is about {' or '.join(sorted(data.on))}, not {subject.type}.",
            "subject",
        )
    return str(subject)


def _check_data(fact: Fact) -> None:
    if fact.kind == WITHDRAWN and not fact.supersedes:
        raise RefusedError(
            "withdrawn", "撤回要写明 supersedes。", "A withdrawal names what it supersedes.", "supersedes"
        )
    try:
        check_values(KINDS[fact.kind], fact.data)
    except ValueProblem as problem:
        raise RefusedError("data", f"{problem.zh}。", f"{problem.en}.", problem.field) from problem


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
