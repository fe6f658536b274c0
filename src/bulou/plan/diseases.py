"""Disease profiles: what is known of a disease and from which day on, each value with its source.

A profile is one file, `diseases/<id>.yaml`. A plan's parameter that is the disease's number names it (`profile:`), so
that another disease brings other numbers to the same text.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationError

from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.text import Text
from bulou.plan.complaints import problems as complaints
from bulou.plan.disease_names import DEFINITIONS, NAMES
from bulou.plan.parameters import Bilingual, Entry, Line, Scalar
from bulou.plan.terms import Name
from bulou.plan.tree import read_tree
from bulou.plan.vocabulary import nearest, refusal

Source = Literal["national", "who", "paper", "plan", "custom"]
Checked = Literal["document", "abstract", "summary", "none"]
SECTIONS = ("periods", "numbers", "discharge")
"""The sections whose entries are numbers."""


def _known_value(value: Any) -> Any:
    parts = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else [value]
    if value is not None and not (parts and all(isinstance(part, Scalar) for part in parts)):
        text = Text(
            zh="应为数、文字、真假，或它们的列表；没有则写 null。", en="A number, text, or a list; null for none."
        )
        raise refusal("bad_value", text)
    return value


class Published(Entry):
    """What a source said from a day on. `value` is null where the source asks for nothing, or none is known.

    `checked`: how the value was compared with its source on the day of `last_verified`: the document, its abstract, a
    public summary of it, or none (from memory: compare before relying on it).
    """

    value: Annotated[Any, BeforeValidator(_known_value)]
    low: Scalar | None = None
    high: Scalar | None = None
    interval: Line | None = None
    source: Source
    reference: Annotated[Line, Field(min_length=9)]
    checked: Checked

    @property
    def number(self) -> Scalar | None:
        """The value where it is one number or word."""
        return self.value if isinstance(self.value, Scalar) else None


class Defined(Published):
    """A definition as it held from a day on: a structure, or text in both languages."""

    value: dict[str, Any]


class Known(Entry):
    """One entry of a profile by date. `title` and `unit` only where its name is no common one; `reason` says why
    sources differ."""

    title: Bilingual | None = None
    unit: Line | None = None
    values: Annotated[dict[date, Published], Field(min_length=1)]
    last_verified: date | None = None
    reason: Bilingual | None = None

    def at(self, day: date) -> Published | None:
        """What was known on a day; None before anything was."""
        starts = [start for start in self.values if start <= day]
        return self.values[max(starts)] if starts else None

    @property
    def latest(self) -> Published:
        return self.values[max(self.values)]

    @property
    def differs(self) -> bool:
        """True where its sources give more than one value."""
        return len({str(published.value) for published in self.values.values()}) > 1


class Symptom(Entry):
    """A code of symptoms.reported: its names, and whether it is usual in this disease."""

    zh: Line
    en: Line
    usual: bool
    unit: Line
    values: Annotated[dict[date, Published], Field(min_length=1)]


class Definition(Entry):
    title: Bilingual
    unit: Line
    values: Annotated[dict[date, Defined], Field(min_length=1)]


class Profile(Entry):
    """What is known of one disease."""

    id: Annotated[Name, Field(alias="disease")]
    title: Bilingual
    agent: Bilingual
    class_: Annotated[Bilingual, Field(alias="class")]
    notifiable_since: date | None = None
    last_verified: date
    periods: dict[str, Known]
    numbers: dict[str, Known]
    symptoms: Annotated[dict[str, Symptom], Field(min_length=1)]
    tests: Annotated[dict[str, Known], Field(min_length=1)]
    case_definitions: dict[str, Definition]
    discharge: dict[str, Known]

    _path: Path = PrivateAttr(Path())

    @property
    def path(self) -> Path:
        return self._path

    @property
    def known(self) -> dict[str, Known]:
        """Every number by name: the common ones in their order, then its own."""
        found = {**self.periods, **self.numbers, **self.discharge}
        return {name: found[name] for name in (*NAMES, *found) if name in found}

    def title_of(self, name: str) -> Text:
        return self.known[name].title or NAMES[name].title

    def unit_of(self, name: str) -> str:
        return self.known[name].unit or NAMES[name].unit

    def verified(self, name: str) -> date:
        return self.known[name].last_verified or self.last_verified


def read_profile(path: Path) -> Profile:
    """A profile's file. BulouError with everything that is wrong or missing in it, with line and remedy."""
    if not path.is_file():
        raise BulouError.of("no_profile", f"没有病种档案 {path}。", f"There is no disease profile {path}.")
    tree = read_tree(path, path.name)
    found = list(tree.problems)
    try:
        profile = Profile.model_validate(tree.data)
    except ValidationError as error:
        raise BulouError.many([*found, *complaints(error, Profile, tree, ())]) from None
    if profile.id != path.stem:
        text = Text(
            zh=f"文件名为 {path.stem}，档案名为 {profile.id}。", en=f"{path.stem} holds the profile {profile.id}."
        )
        found.append(Problem("profile_name", text, Text(zh="两者须一致。", en="The two must agree."), path.name))
    for place, text in _wanting(profile):
        found.append(Problem("profile", text, None, tree.where(place), ".".join(place)))
    if found:
        raise BulouError.many(found)
    profile._path = path
    return profile


def _wanting(profile: Profile) -> Iterator[tuple[tuple[str, ...], Text]]:
    """What a well-formed profile still lacks, and where."""
    sections: dict[str, dict[str, Known]] = {name: getattr(profile, name) for name in SECTIONS}
    for name, meant in NAMES.items():
        if name not in sections[meant.section]:
            yield (meant.section, name), Text(zh=f"缺少{meant.title.zh}。", en=f"{meant.title.en} is missing.")
    for section, entries in sections.items():
        for name, entry in entries.items():
            place = (section, name)
            if name in NAMES and (entry.title or entry.unit not in (None, NAMES[name].unit)):
                yield (
                    place,
                    Text(zh="名称和单位由通用词表给出。", en="Its title and unit are those of the common names."),
                )
            if name not in NAMES and not (entry.title and entry.unit):
                yield place, Text(zh="自设的条目要有名称和单位。", en="An entry of its own needs a title and a unit.")
            if entry.differs and entry.reason is None:
                yield place, Text(zh="来源不一，须写理由。", en="Its values differ: say why in reason.")
            if len(entry.values) > 1 and any(one.value is None for one in entry.values.values()):
                yield place, Text(zh="无此数时只写一个 null。", en="Null stands alone: there is no such number.")
    for name in DEFINITIONS:
        if name not in profile.case_definitions:
            yield ("case_definitions", name), Text(zh=f"缺少定义 {name}。", en=f"The definition {name} is missing.")


def profiles(folder: Path) -> dict[str, Profile]:
    """Every profile of a folder by id. BulouError where one is wrong."""
    return {path.stem: _read(path, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.yaml"))}


def find_profile(name: str, folder: Path) -> Profile:
    """A profile by id. BulouError where there is none, with the nearest name."""
    path = folder / f"{name}.yaml"
    if path.is_file():
        return _read(path, path.stat().st_mtime_ns)
    known = sorted(path.stem for path in folder.glob("*.yaml"))
    remedy = nearest(name, known) or Text(zh=f"可用：{'、'.join(known)}。", en=f"Known: {', '.join(known)}.")
    text = Text(zh=f"没有病种档案 {name}。", en=f"There is no disease profile {name}.")
    raise BulouError(Problem("unknown_disease", text, remedy))


@lru_cache(maxsize=64)
def _read(path: Path, changed: int) -> Profile:
    """A file as it was when it was last `changed`."""
    return read_profile(path)
