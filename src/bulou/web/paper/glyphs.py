"""Which characters the bundled font can draw, by its character map: no paper shows an empty box for a name."""

import struct
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.conf import settings

FONT = "@expo-google-fonts/noto-sans-sc"
WEIGHTS = ("400Regular", "700Bold")
"""Noto Sans SC (Google, OFL 1.1), packed for npm by Expo (MIT): the only package with plain TrueType files."""


def folders() -> list[Path]:
    """Where the font's files lie, a folder a weight."""
    return [settings.NODE_MODULES / FONT / weight for weight in WEIGHTS]


def missing(texts: Iterable[str]) -> list[str]:
    """The characters of some texts the font has no shape for, in order; white space is drawn by none."""
    wanted = {character for text in texts for character in text if not character.isspace()}
    return sorted(character for character in wanted if ord(character) not in drawn())


@cache
def drawn() -> frozenset[int]:
    """The code points of the regular weight."""
    folder = folders()[0]
    data = next(folder.glob("*.ttf")).read_bytes()
    records = range(12, 12 + 16 * _u16(data, 4), 16)
    start = next(struct.unpack_from(">I", data, at + 8)[0] for at in records if data[at : at + 4] == b"cmap")
    subtables = (struct.unpack_from(">HHI", data, start + 4 + 8 * n) for n in range(_u16(data, start + 2)))
    offsets = [start + offset for platform, _encoding, offset in subtables if platform in (0, 3)]
    return frozenset(point for offset in offsets for point in _points(data, offset))


def _points(data: bytes, at: int) -> Iterable[int]:
    """The code points of a subtable of format 12 (groups) or 4 (segments); of another, none."""
    kind = _u16(data, at)
    if kind == 12:
        groups = struct.unpack_from(">I", data, at + 12)[0]
        for n in range(groups):
            first, last, _glyph = struct.unpack_from(">III", data, at + 16 + 12 * n)
            yield from range(first, last + 1)
    elif kind == 4:
        count = _u16(data, at + 6) // 2
        for n in range(count):
            last, first = _u16(data, at + 14 + 2 * n), _u16(data, at + 16 + 2 * (count + n))
            yield from range(first, min(last, 0xFFFE) + 1)


def _u16(data: bytes, at: int) -> int:
    value: int = struct.unpack_from(">H", data, at)[0]
    return value
