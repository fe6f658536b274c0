"""What people, places and units are found by: pinyin initials of a name, blind indexes of the last four of a number."""

import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from bulou.directory.crypto import Vault, vault
from bulou.directory.sounds import syllable

TAIL = 4
"""How many of the last characters of a number are told on the phone."""
TAIL_BYTES = 8
"""Kept of the hash of a tail: there are only some 11,000 tails, so more would tell nothing more."""
LAST = "\U0010ffff"
"""Sorts after every character a name can have: the end of the range of a prefix."""
SURNAMES: Mapping[str, str] = {
    "曾": "z",
    "单": "s",
    "仇": "q",
    "解": "x",
    "查": "z",
    "区": "o",
    "朴": "p",
    "种": "c",
    "重": "c",
    "乐": "y",
    "盖": "g",
    "缪": "m",
    "翟": "z",
    "折": "s",
    "秘": "b",
    "召": "s",
    "员": "y",
    "冼": "x",
    "宓": "m",
    "繁": "p",
    "都": "d",
    "宿": "s",
    "覃": "q",
    "尉迟": "yc",
    "万俟": "mq",
    "长孙": "zs",
    "单于": "cy",
}
"""Surnames that are read otherwise than their character usually is."""


class PersonKeys(NamedTuple):
    """What a person's row keeps to be found by."""

    initials: str
    id_tail: bytes | None
    phone_tail: bytes | None


def person_keys(name: str, number: str, phone: str) -> PersonKeys:
    """The keys of a person: `number` and `phone` normalised, empty where there is none."""
    return PersonKeys(initials(name, person=True), tail(number, "id"), tail(phone, "phone"))


def initials(name: str, *, person: bool = False) -> str:
    """`张晓明` → `zxm`, `Ann Lee` → `annlee`, `3号楼` → `3hl`. With `person` the surname is read as one."""
    plain = folded(name)
    if person:
        for surname in (plain[:2], plain[:1]):
            if surname in SURNAMES:
                return SURNAMES[surname] + "".join(map(_initial, plain[len(surname) :]))
    return "".join(map(_initial, plain))


def tail(number: str, of: str) -> bytes | None:
    """The blind index of the last four characters of an `id` or a `phone`; None of what has no more than those."""
    if len(number) <= TAIL:
        return None
    return _tail(vault(), number[-TAIL:].upper(), of)


@lru_cache(maxsize=32_768)
def _tail(safe: Vault, last: str, of: str) -> bytes:
    """All the tails there are fit."""
    return safe.index(last, f"{of} tail")[:TAIL_BYTES]


def folded(text: str) -> str:
    """Lower case, half-width, letters, digits and characters only: so that `Ａ·b c` is `abc`."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return plain if plain.isalnum() else "".join(c for c in plain if c.isalnum())


@cache
def _initial(character: str) -> str:
    if character.isascii():
        return character
    read = syllable(character)
    return read[:1].casefold() if read[:1].isascii() else character
