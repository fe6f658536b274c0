"""One fact checked by itself: its form, kind, subject, values, area and time. No database.

`RefusedError` names the field and the remedy.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bulou.kernel.areas import contains, is_area_code
from bulou.kernel.errors import Problem
from bulou.kernel.facts import KINDS, WITHDRAWN, Fact, parse_fact, read_json
from bulou.kernel.ids import is_canonical, parse_subject, uuid_text
from bulou.ledger.form import LONGEST_ID, flaw, is_plain, problem
from bulou.ledger.values import ValueProblem, check_values

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST_REF = 120
Given = Fact | Mapping[str, Any] | str | bytes
_LINE = (str, bytes)


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
    plain = is_plain(item)
    if not plain and (found := flaw(item)):
        raise FlawedError(found)
    try:
        return _checked(_parsed(item, plain), area=area, latest=latest)
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
        return read_json(given)
    except ValueError as error:
        raise RefusedError("malformed", f"读不懂：{error}", f"Cannot be read: {error}") from error


def _parsed(item: Any, plain: bool) -> Fact:
    """The fact an item is, its form being right: known to be `plain`, or looked at closely."""
    if isinstance(item, Fact):
        return item
    try:
        if plain and (at := datetime.fromisoformat(item["at"])).tzinfo:
            find = item.get
            return Fact(
                item["id"],
                item["kind"],
                item["subject"],
                item["area"],
                at,
                find("by"),
                find("data") or {},
                find("supersedes"),
            )
        return parse_fact(item)
    except (ValueError, TypeError) as error:
        raise RefusedError("malformed", f"读不懂：{error}", f"Cannot be read: {error}", "at") from error


def _identified(fact: Fact) -> Fact:
    """The fact with its ids in the one spelling they are stored in."""
    id = _uuid("id", fact.id)
    supersedes = None if fact.supersedes is None else _uuid("supersedes", fact.supersedes)
    if supersedes == id:
        raise RefusedError("itself", "一条事实不能更正它自己。", "A fact cannot supersede itself.", "supersedes")
    subject, by = _subject(fact), _author(fact.by)
    if id == fact.id and subject == fact.subject and by == fact.by and supersedes == fact.supersedes:
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
        sort, _, id = fact.subject.partition(":")
        if sort in data.on and is_canonical(id) and sort != "area":
            return fact.subject
        subject = parse_subject(fact.subject)
    except ValueError as error:
        shown = fact.subject[:LONGEST_REF]
        raise RefusedError("subject", f"{shown!r} 不是对象。", f"{shown!r} is no subject.", "subject") from error
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
