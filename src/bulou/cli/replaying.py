"""The facts of `bulou ledger replay`, from JSON Lines: every line is read or refused, and what is odd about it is told.

A replay works with what was written, also where nobody could have recorded it: a kind no room has, a subject nobody
is. Such facts count as they stand, and are named.
"""

import codecs
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from json import JSONDecodeError
from typing import Any, BinaryIO
from uuid import UUID

from bulou.config.rooms import fact_kinds
from bulou.kernel.clock import YEARS
from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.facts import KINDS, Fact, parse_fact, read_json
from bulou.kernel.text import Text
from bulou.ledger.check import FlawedError, RefusedError, check
from bulou.ledger.form import KEYS, flaw

SHOWN = 20
"""Refused lines named before the rest are only counted."""
EXAMPLE = "2020-02-10T12:00:00+08:00"
_OPTIONAL = {"area": "", "data": None}
_ID, _OTHER_ID = str(UUID(int=1)), str(UUID(int=2))


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is a fact: its number, the object it was, and the fact."""

    number: int
    item: Mapping[str, Any]
    fact: Fact


def read(stream: BinaryIO) -> list[Line]:
    """Every line that is not blank. BulouError names each that is no fact; then nothing is worked through."""
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, raw in enumerate(stream, 1):
        try:
            if text := raw.removeprefix(codecs.BOM_UTF8 if number == 1 else b"").rstrip():
                lines.append(_line(number, text))
        except RefusedError as error:
            found = error.problem
            problems.append(Problem(found.code, found.text, found.remedy, f"{stream.name}:{number}", found.field))
    problems += _conflicts(lines, stream.name)
    if problems:
        raise BulouError.many([*problems[:SHOWN], _refusal(len(problems), len(lines))])
    return lines


def account(lines: list[Line], name: str, now: datetime) -> Iterator[Text]:
    """What became of the lines: how many, how many do not count, and what could not have been recorded."""
    facts = {line.fact.id: line.fact for line in lines}
    twice, later = len(lines) - len(facts), sum(fact.at > now for fact in facts.values())
    zh, en = f"{name}：事实 {len(facts)} 条", f"{name}: facts: {len(facts)}"
    if twice:
        zh, en = f"{zh}，重复的行 {twice}", f"{en}, lines that repeat one: {twice}"
    if later:
        zh, en = f"{zh}；晚于截至时刻、尚不计入的 {later}", f"{en}; later than now, not counting yet: {later}"
    yield Text(zh=f"{zh}。", en=f"{en}.")
    for found, numbers in _doubts(lines).values():
        first = Problem(found.code, found.text, found.remedy, f"{name}:{numbers[0]}", found.field)
        zh, en = f"（{len(numbers)} 行）仍照所写计入。", f" (lines: {len(numbers)}) It counts as written."
        yield Text(zh=first.to("zh") + zh, en=first.to("en") + en)


def _line(number: int, text: bytes) -> Line:
    item = _read(text)
    known = item
    if isinstance(item, dict):
        known = {**_OPTIONAL, **{key: item[key] for key in KEYS if item.get(key) is not None}}
    if found := flaw(known):
        raise FlawedError(found)
    return Line(number, item, _fact(known))


def _read(text: bytes) -> Any:
    try:
        return read_json(text.decode())
    except UnicodeDecodeError as error:
        raise RefusedError("encoding", "不是 UTF-8 文本。", "It is not text in UTF-8.") from error
    except JSONDecodeError as error:
        zh, en = f"第 {error.colno} 列起不是 JSON。", f"Not JSON from column {error.colno} on: {error.msg}."
        raise RefusedError("json", zh, en) from error
    except ValueError as error:
        raise RefusedError("json", f"读不懂：{error}。", f"Cannot be read: {error}.") from error


def _fact(item: Mapping[str, Any]) -> Fact:
    at = item["at"]
    try:
        fact = parse_fact(item)
    except ValueError as error:
        zh = f"{at!r} 不是带时区的时刻，请写 {EXAMPLE}。"
        en = f"{at!r} is no instant with an offset, such as {EXAMPLE}."
        raise RefusedError("instant", zh, en, "at") from error
    if fact.at.year not in YEARS:
        zh = f"时间 {at} 超出 {YEARS[0]} 至 {YEARS[-1]} 年。"
        en = f"{at} lies outside the years {YEARS[0]} to {YEARS[-1]}."
        raise RefusedError("time", zh, en, "at")
    return fact


def _conflicts(lines: Iterable[Line], name: str) -> Iterator[Problem]:
    first: dict[str, Line] = {}
    for line in lines:
        known = first.setdefault(line.fact.id, line)
        if known.fact != line.fact:
            zh = f"编号 {line.fact.id} 在第 {known.number} 行已是另一条事实；更正请另记一条并写明 supersedes。"
            en = f"{line.fact.id} is another fact in line {known.number}; to correct it, record one that supersedes it."
            yield Problem("fact.conflict", Text(zh=zh, en=en), where=f"{name}:{line.number}", field="id")


def _refusal(bad: int, good: int) -> Problem:
    zh = f"不能用的行：{bad}；事实：{good}。没有推算，也没有丢失任何内容；请改好这些行再试。"
    en = f"Lines that cannot be used: {bad}; facts: {good}. Nothing was worked out or lost; put them right and retry."
    return Problem("facts.refused", Text(zh=zh, en=en))


def _doubts(lines: Iterable[Line]) -> dict[tuple[str, str], tuple[Problem, list[int]]]:
    """What would keep facts from being recorded, by its code and field, with the lines it is found in."""
    KINDS.add(fact_kinds().values())
    found: dict[tuple[str, str], tuple[Problem, list[int]]] = {}
    latest = datetime.max.replace(tzinfo=UTC)
    for line in lines:
        try:
            check(_with_ids(line.item), area="", latest=latest)
        except RefusedError as error:
            key = error.problem.code, error.problem.field
            found.setdefault(key, (error.problem, []))[1].append(line.number)
    return found


def _with_ids(item: Mapping[str, Any]) -> dict[str, Any]:
    """A fact with ids as the ledger makes them: those of a replay may be short and readable."""
    type, _, id = item["subject"].partition(":")
    subject = f"{type}:{_ID}" if id and type != "area" else item["subject"]
    return {**item, "id": _ID, "subject": subject, "supersedes": item.get("supersedes") and _OTHER_ID}
