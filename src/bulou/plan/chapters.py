"""The chapters of a plan: its clauses as the document groups them, under the document's headings."""

import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bulou.kernel.text import Text
from bulou.plan.models import Clause, Plan

PREAMBLE = Text(zh="首段", en="Preamble")


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter. `number` is 0 for what stands before the first; `heading` is `2. Isolation`."""

    number: int
    heading: Text
    clauses: tuple[Clause, ...]


def chapters(plan: Plan) -> list[Chapter]:
    """A plan's own clauses by chapter, in the order of the document."""
    return [
        Chapter(found, _heading(plan, found), tuple(clauses)) for found, clauses in groupby(plan.clauses, key=number)
    ]


def number(clause: Clause) -> int:
    """The chapter a clause stands in: the number its file's name begins with, 0 where it begins with none."""
    found = re.match(r"\d+", Path(clause.place.partition(":")[0]).stem)
    return int(found[0]) if found else 0


def _heading(plan: Plan, number: int) -> Text:
    """The heading plan.yaml gives, with its number; what stands before the first chapter has none."""
    title = plan.chapters.get(number)
    if not number:
        return title or PREAMBLE
    if title is None:
        return Text(zh=f"第 {number} 章", en=f"Chapter {number}")
    return Text(zh=f"{number}. {title.zh}", en=f"{number}. {title.en}")
