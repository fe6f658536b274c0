"""Where a page looks: the area, the path down to it, and the areas within to choose from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.kernel.areas import contains


@dataclass(frozen=True, slots=True)
class Step:
    """One area of the path, or one that can be chosen. `url` is empty where the account may not look."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Picker:
    """The area by name, its path, the areas within, and all their names by code."""

    area_name: str
    path: Sequence[Step]
    parts: Sequence[Step]
    names: dict[str, str]

    def context(self) -> dict[str, Any]:
        """What the top bar and the headings read."""
        return {"area_name": self.area_name, "path": self.path, "parts": self.parts}


def picker(account: Account, area: str, url: Callable[[str], str]) -> Picker:
    """Path and parts of an area, each leading where `url` says. Two queries."""
    path = directory.area_path(area)
    children = directory.area_children(area)
    names = {row.code: row.name for row in (*path, *children)}
    steps = [
        Step(row.name, url(row.code) if contains(account.area, row.code) else "")
        for row in path
        if row.code or not area
    ]
    parts = [Step(row.name, url(row.code)) for row in children]
    return Picker(names.get(area, area), steps, parts, names)
