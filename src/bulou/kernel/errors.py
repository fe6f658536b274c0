"""Errors a person can act on: what happened, where, and what to do, in both languages."""

from collections.abc import Iterable
from dataclasses import dataclass

from bulou.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input.

    `code` is stable and greppable; `where` names the line, row or id; `field` the column or key.
    """

    code: str
    text: Text
    remedy: Text | None = None
    where: str = ""
    field: str = ""

    def to(self, language: str) -> str:
        place = ": ".join(part for part in (self.where, self.field) if part)
        message = self.text.to(language)
        if self.remedy:
            message += (" " if language.startswith("en") else "") + self.remedy.to(language)
        return f"{place}: {message}" if place else message

    def in_both(self) -> dict[str, str]:
        """As data for whoever reads it later or elsewhere: its code, and what it says in both languages."""
        return {"code": self.code, "zh": self.to("zh"), "en": self.to("en")}


class BulouError(Exception):
    """Something Bulou refuses or cannot do; carries one or more problems."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(p.to("en") for p in problems))

    @classmethod
    def of(cls, code: str, zh: str, en: str, *, where: str = "", field: str = "") -> "BulouError":
        """The error of a single problem."""
        return cls(Problem(code, Text(zh=zh, en=en), where=where, field=field))

    @classmethod
    def many(cls, problems: Iterable[Problem]) -> "BulouError":
        return cls(*problems)

    def to(self, language: str) -> str:
        return "\n".join(p.to(language) for p in self.problems)
