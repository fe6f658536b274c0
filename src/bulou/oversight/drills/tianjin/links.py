"""The links between cases, understood from the free text of their infection source."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bulou.oversight.drills.tianjin.reading import Found, NotUnderstood, plain, read
from bulou.oversight.drills.tianjin.words import SOURCES, Ignored, Meaning, Relation, Setting

_CASE = re.compile(r"(?P<prefix>\b[a-z]{2}|\bcases?)\s*0*(?P<number>\d+)(?P<owns>'s\b|’s\b)?")
_INVERSE = {Relation.WIFE: Relation.HUSBAND, Relation.HUSBAND: Relation.WIFE}


@dataclass(frozen=True, slots=True)
class Link:
    """This case is `relation` to case `to`. `prefix` is as typed (`tj`, `case`, or a slip such as `jn`)."""

    to: int
    relation: Relation
    prefix: str = "tj"


@dataclass(slots=True)
class Source:
    """What one source text says. `unlisted`: relations to people who are not cases of the list."""

    settings: list[Setting] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    unlisted: list[Relation] = field(default_factory=list)
    misspelt: list[tuple[str, str]] = field(default_factory=list)
    not_understood: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Named:
    prefix: str
    number: int
    owns: bool


_Item = _Named | Found[Meaning] | NotUnderstood | str


def read_source(text: str) -> Source:
    """`family of TJ14  TJ25`, `TJ50's family`, `case TJ6 (family)`, `wife of case 110 shopping at …` as a `Source`.

    A relation before case numbers holds for the run of numbers that follows it; one in brackets or after a
    possessive for the run before it. A place between a relation and a number breaks the tie.
    """
    reader = _Reader()
    for item in _items(text):
        reader.take(item)
    reader.leave()
    return reader.source


class _Reader:
    """Walks the items of one text. `run`: the latest links in a row; `backwards`: the next relation is theirs."""

    def __init__(self) -> None:
        self.source = Source()
        self.pending: Relation | None = None
        self.run: list[int] = []
        self.backwards = False

    def take(self, item: _Item) -> None:
        if isinstance(item, _Named):
            self.run.append(len(self.source.links))
            self.source.links.append(Link(item.number, self.pending or Relation.NAMED, item.prefix))
            self.backwards = item.owns
        elif isinstance(item, NotUnderstood):
            self.source.not_understood.append(item.written)
        elif isinstance(item, Found):
            self.take_phrase(item)
        else:
            self.backwards = bool(self.run)

    def take_phrase(self, item: Found[Meaning]) -> None:
        if item.misspelt:
            self.source.misspelt.append((item.written, item.phrase))
        if isinstance(item.meaning, Relation) and self.backwards:
            self.relate(item.meaning)
        elif isinstance(item.meaning, Relation):
            self.leave()
            self.pending = item.meaning
        elif isinstance(item.meaning, Setting):
            self.leave()
            if item.meaning not in self.source.settings:
                self.source.settings.append(item.meaning)

    def relate(self, relation: Relation) -> None:
        """Give the latest links their relation."""
        for index in self.run:
            link = self.source.links[index]
            self.source.links[index] = Link(link.to, relation, link.prefix)
        self.leave()

    def leave(self) -> None:
        """Close a relation: where no case followed it, it was about somebody outside the list."""
        if self.pending is not None and not self.run:
            self.source.unlisted.append(self.pending)
        self.pending, self.run, self.backwards = None, [], False


def inverse(relation: Relation) -> Relation:
    """What the other one is to this case: `wife` gives `husband`; a one-sided word gives plain `family`."""
    return _INVERSE.get(relation, Relation.FAMILY)


def _items(text: str) -> Iterator[_Item]:
    """Case numbers, opening brackets, and the phrases between them, in order."""
    end = 0
    folded = plain(text)
    for match in _CASE.finditer(folded):
        yield from _phrases(folded[end : match.start()])
        yield _Named(match["prefix"], int(match["number"]), bool(match["owns"]))
        end = match.end()
    yield from _phrases(folded[end:])


def _phrases(text: str) -> Iterator[_Item]:
    for part in re.split(r"([(),;:/.]|\band\b|\bcases?\b)", text):
        if part == "(":
            yield part
        elif part not in ("and", "case", "cases"):
            yield from (item for item in read(part, SOURCES) if not _carries_nothing(item))


def _carries_nothing(item: Found[Meaning] | NotUnderstood) -> bool:
    return isinstance(item, Found) and isinstance(item.meaning, Ignored) and not item.misspelt
