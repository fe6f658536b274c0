"""Which field a heading means: by its name, by what else clerks call it, and by the nearest such name."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

from rapidfuzz import fuzz, process

from bulou.exchange.imports.columns import AREA, AT, LEFT, PERSON
from bulou.exchange.imports.kinds import Kind
from bulou.exchange.imports.refusing import bad_file
from bulou.exchange.imports.words import FIELDS

NEAR = 80
"""Below this likeness (0 to 100) a heading is not taken for a name."""
SHORTEST = 3
"""Shorter names must be written exactly: 姓名 and 姓 are near, and mean different things."""
NONE = ""
"""The field of a column that is left out."""


def guess(kind: Kind, headings: Sequence[str]) -> dict[int, str]:
    """Column (from 0) to field, each field once: exact names first, then the nearest. Others are absent."""
    names = _names(kind)
    found: dict[int, str] = {}
    plain = [_plain(heading) for heading in headings]
    for place, text in enumerate(plain):
        field = names.get(text)
        if field and field not in found.values():
            found[place] = field
    left = set(map(_plain, LEFT))
    for _, place, field in sorted(_near(plain, names, found, left), reverse=True):
        if place not in found and field not in found.values():
            found[place] = field
    return dict(sorted(found.items()))


def chosen(kind: Kind, headings: Sequence[str], mapping: Mapping[str, str]) -> dict[int, str]:
    """What somebody says the headings mean: heading to field, an empty one for a column that is left out.

    Headings it does not name are guessed. BulouError for a heading or field that is not there.
    """
    unknown = [heading for heading in mapping if heading not in headings]
    wrong = [field for field in mapping.values() if field and field not in kind.fields]
    if unknown or wrong:
        raise bad_file(
            "mapping",
            f"对照表里的表头或字段不存在：{', '.join(unknown + wrong)}。可用字段：{', '.join(kind.fields)}。",
            f"no such headings or fields: {', '.join(unknown + wrong)}. Fields: {', '.join(kind.fields)}.",
        )
    said = {headings.index(heading): field for heading, field in mapping.items()}
    guessed = guess(kind, headings)
    kept = {place: field for place, field in guessed.items() if place not in said and field not in said.values()}
    return {place: field for place, field in sorted({**kept, **said}.items()) if field}


def check(kind: Kind, mapping: Mapping[int, str], stated: Mapping[str, str]) -> None:
    """BulouError where a field every row needs has no column and no value for all rows."""
    have = set(mapping.values()) | {field for field, value in stated.items() if value}
    named = {"name"} if {"family_name", "given_name"} & have else set()
    missing = [c.title for c in kind.columns if c.required and c.field not in have | named and c.field != "area"]
    if missing:
        raise bad_file(
            "columns",
            f"没有找到这些列：{'、'.join(title.zh for title in missing)}。请改表头，或在对照里指定。",
            f"no column was found for: {', '.join(title.en for title in missing)}. Rename a heading, or name it.",
        )


def recognised(heading: str) -> bool:
    """True where a heading is one clerks use."""
    return _plain(heading) in _usual()


@cache
def _usual() -> frozenset[str]:
    names = [name for column in (*PERSON, AREA, AT) for name in column.names]
    return frozenset(map(_plain, [*names, *LEFT, *(name for said in FIELDS.values() for name in said)])) - {""}


def _names(kind: Kind) -> dict[str, str]:
    """Every name to its field; where two fields go by one name, the field's own title wins, then the first."""
    names: dict[str, str] = {}
    for own in (True, False):
        for column in kind.columns:
            for name in (column.field, column.title.zh, column.title.en) if own else column.says:
                names.setdefault(_plain(name), column.field)
    names.pop("", None)
    return names


def _near(
    plain: Sequence[str], names: Mapping[str, str], found: Mapping[int, str], left: set[str]
) -> list[tuple[float, int, str]]:
    long = [name for name in names if len(name) >= SHORTEST]
    nearest = []
    for place, text in enumerate(plain):
        if place in found or len(text) < SHORTEST or text in left:
            continue
        match = process.extractOne(text, long, scorer=fuzz.ratio, score_cutoff=NEAR)
        if match:
            nearest.append((match[1], -place, names[match[0]]))
    return [(score, -place, field) for score, place, field in nearest]


def _plain(heading: str) -> str:
    """A heading without case, width, spaces, stars and what stands in brackets."""
    text = unicodedata.normalize("NFKC", str(heading)).casefold()
    text = re.sub(r"[(\[【（].*?[)\]】）]", "", text) if not text.startswith("addresses") else text
    return re.sub(r"[\s*:：_\-/、,，.。\[\]()]", "", text)
