"""What comes in: each fact checked by itself, then all of them against the directory and what is already known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from bulou.kernel.areas import contains, is_area_code
from bulou.kernel.errors import Problem
from bulou.kernel.facts import KINDS, WITHDRAWN, Fact, parse_fact, read_fact
from bulou.kernel.ids import parse_subject, uuid_text
from bulou.kernel.text import Text
from bulou.ledger.values import NUL, ValueProblem, check_values

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST_REF = 120

Given = Fact | Mapping[str, Any] | str | bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    """One fact that was not taken: its place in the batch (from 0), its id where it has one, and why."""

    place: int
    id: str
    problem: Problem


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
        self.problem = Problem(f"fact.{code}", Text(zh=zh, en=en), field=field)
        super().__init__(en)


def check(given: Given, *, area: str, latest: datetime) -> Fact:
    """One fact, well-formed, of a known kind, from inside the sender's `area` and not after `latest`.

    RefusedError names the field and the remedy.
    """
    fact = _identified(_parsed(given))
    _check_by(fact.by)
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


def _parsed(given: Given) -> Fact:
    if isinstance(given, Fact):
        return given
    try:
        return parse_fact(given) if isinstance(given, Mapping) else read_fact(given)
    except KeyError as error:
        name = str(error.args[0])
        raise RefusedError("absent", f"缺少 {name}。", f"{name} is missing.", name) from error
    except (ValueError, TypeError) as error:
        raise RefusedError("malformed", f"读不懂：{error}", f"Cannot be read: {error}") from error


def _identified(fact: Fact) -> Fact:
    """The fact with its ids in the one spelling they are stored in."""
    id = _uuid("id", fact.id)
    supersedes = None if fact.supersedes is None else _uuid("supersedes", fact.supersedes)
    if supersedes == id:
        raise RefusedError("itself", "一条事实不能更正它自己。", "A fact cannot supersede itself.", "supersedes")
    subject = _subject(fact)
    if (id, subject, supersedes) == (fact.id, fact.subject, fact.supersedes):
        return fact
    return replace(fact, id=id, subject=subject, supersedes=supersedes)


def _uuid(field: str, text: Any) -> str:
    try:
        return uuid_text(str(text))
    except ValueError as error:
        raise RefusedError("id", f"{text!r} 不是 UUID。", f"{text!r} is not a UUID.", field) from error


def _check_by(by: Any) -> None:
    """Who recorded it: text that can be stored, or nobody."""
    if by is None or (isinstance(by, str) and NUL not in by and by.isprintable() and len(by) <= LONGEST_REF):
        return
    raise RefusedError("by", f"记录人 {by!r} 不是编号。", f"{by!r} is not the id of who recorded it.", "by")


def _subject(fact: Fact) -> str:
    data = KINDS.get(fact.kind)
    if data is None:
        raise RefusedError("kind", f"没有 {fact.kind!r} 这种事实。", f"There is no fact kind {fact.kind!r}.", "kind")
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
            refused.append(Refusal(place, _id_of(item), error.problem))
            continue
        if fact.id not in good:
            good[fact.id] = place, fact
        elif _is_same(good[fact.id][1], fact):
            repeated.append((place, fact.id))
        else:
            refused.append(Refusal(place, fact.id, conflict(fact.id)))
    return good, refused, repeated


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


def nobody(subject: str) -> Problem:
    return RefusedError(
        "nobody",
        f"系统里没有 {subject}；请先登记，再记事实。",
        f"There is no {subject}: register it first, then record the fact.",
        "subject",
    ).problem


def _id_of(item: Given) -> str:
    if isinstance(item, Fact):
        return item.id
    return str(item.get("id", "")) if isinstance(item, Mapping) else ""
