"""Identifiers: UUIDv7 made where the thing is made, and typed subjects such as `person:0197…`."""

import os
import re
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple
from uuid import UUID

SUBJECT_TYPES = frozenset({"person", "place", "unit", "area", "episode", "zone", "tube", "directive", "finding"})
_CANONICAL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").fullmatch
_RANDOM = 10
"""Bytes of a UUIDv7 that are drawn."""


def is_canonical(text: str) -> bool:
    """True for a UUID in its one spelling."""
    return _CANONICAL(text) is not None


def uuid_text(text: str) -> str:
    """A UUID in its one spelling, lower case with hyphens; ValueError where the text is none."""
    return text if _CANONICAL(text) else str(UUID(text))


def id_of(text: object, kind: str = "") -> UUID | None:
    """The id in a reference such as `place:0197…`, with or without its kind; None where it is none."""
    try:
        return UUID(str(text).removeprefix(f"{kind}:"))
    except ValueError:
        return None


def id_or(text: object, refusal: Callable[[], Exception]) -> UUID:
    """The id somebody chose; what `refusal` makes is raised where they chose none."""
    found = id_of(text)
    if found is None:
        raise refusal()
    return found


def ids_of(texts: Iterable[object]) -> list[UUID]:
    """The ids among some texts, in their order."""
    return [id for text in texts if (id := id_of(text))]


def new_id() -> UUID:
    """A fresh UUIDv7: 48 bits of Unix milliseconds, then random bits (RFC 9562)."""
    return _v7(time.time_ns() // 1_000_000, os.urandom(_RANDOM))


def new_ids(number: int) -> list[UUID]:
    """So many fresh UUIDs of the same millisecond; what is random in them is drawn at once."""
    at, drawn = time.time_ns() // 1_000_000, os.urandom(_RANDOM * number)
    return [_v7(at, drawn[place : place + _RANDOM]) for place in range(0, _RANDOM * number, _RANDOM)]


def _v7(milliseconds: int, drawn: bytes) -> UUID:
    value = milliseconds << 80 | int.from_bytes(drawn, "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


class Subject(NamedTuple):
    """Whom or what a fact or duty is about: `type` one of `SUBJECT_TYPES`, `id` a UUID or an area code."""

    type: str
    id: str

    def __str__(self) -> str:
        return f"{self.type}:{self.id}"


def parse_subject(text: str) -> Subject:
    """`person:0197…` as a `Subject`; ValueError where the type or the id is not valid."""
    kind, separator, identifier = text.partition(":")
    if not separator or kind not in SUBJECT_TYPES:
        raise ValueError(f"{text!r} is not a subject: expected one of {', '.join(sorted(SUBJECT_TYPES))} and an id")
    if kind != "area":
        return Subject(kind, uuid_text(identifier))
    from bulou.kernel.areas import is_area_code

    if not is_area_code(identifier):
        raise ValueError(f"{identifier!r} is not an area code")
    return Subject(kind, identifier)
