"""The words an office puts on every paper: its name, what stands under it, legal words, who signs. Data, never code."""

from collections.abc import Mapping
from typing import Any

from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.text import Text
from bulou.web.paper import glyphs
from bulou.web.paper.fields import LISTS, OFFICE_WORDS

LONGEST: Mapping[str, tuple[int, int]] = {
    "name": (1, 60),
    "head": (3, 80),
    "legal": (10, 400),
    "contact": (1, 160),
    "seal": (1, 60),
    "signatures": (6, 40),
    "foot": (1, 160),
}
"""Lines and characters a line, by word: what fits the sheet."""
NONE: Mapping[str, Any] = {name: [] if name in LISTS else "" for name in OFFICE_WORDS}
"""An office without words of its own."""


def read(form: Mapping[str, str]) -> dict[str, Any]:
    """The words as somebody wrote them: text, or a list of lines. BulouError names each field that does not fit."""
    found: dict[str, Any] = {}
    for name in OFFICE_WORDS:
        lines = [line.strip() for line in form.get(name, "").splitlines()]
        kept = [line for line in lines if line]
        found[name] = kept if name in LISTS else " ".join(kept)
    if problems := [problem for name in found for problem in _wrong(name, found[name])]:
        raise BulouError.many(problems)
    return found


def written(words: Mapping[str, Any]) -> dict[str, str]:
    """The words as a form shows them: one text a field."""
    return {name: "\n".join(value) if isinstance(value, list) else str(value) for name, value in words.items()}


def _wrong(name: str, value: str | list[str]) -> list[Problem]:
    lines, (most, longest) = [value] if isinstance(value, str) else value, LONGEST[name]
    found = []
    if len(lines) > most:
        text = Text(zh=f"最多 {most} 行，现有 {len(lines)} 行。", en=f"At most {most} lines; there are {len(lines)}.")
        found.append(Problem("paper.lines", text, field=name))
    if any(len(line) > longest for line in lines):
        text = Text(zh=f"每行最多 {longest} 字。", en=f"At most {longest} characters a line.")
        found.append(Problem("paper.long", text, field=name))
    if lacking := " ".join(glyphs.missing(lines)):
        text = Text(zh=f"内置字体没有这些字：{lacking}", en=f"The bundled font has no shape for: {lacking}")
        found.append(Problem("paper.glyph", text, field=name))
    return found
