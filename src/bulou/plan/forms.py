"""The forms of a clause other than duties: what is shown, listed, counted, guarded or aimed at."""

from datetime import date
from typing import Literal

from pydantic import Field

from bulou.plan.parameters import Bilingual, Entry, Line
from bulou.plan.terms import Kind, Name, ParameterOrScalar, PositivePeriod, Role, Where, Words


class Item(Entry):
    """A line of a checklist."""

    item: Name
    zh: Line
    en: Line


class Checklist(Entry):
    """What is gone through at each place of some kinds, how often."""

    checklist: Name
    title: Bilingual
    places: list[Line] = Field(alias="for", min_length=1)
    every: PositivePeriod
    items: list[Item] = Field(min_length=1)


class Requirement(Entry):
    """A fact that must be there, within the last so long, before an act or a decision."""

    fact: Kind
    where: Where = Field(default_factory=dict)
    last: PositivePeriod | None = None
    text: Bilingual


class Guard(Entry):
    """What must be true before an act is recorded; two people may override it with a reason."""

    act: Kind
    requires: list[Requirement] = Field(min_length=1)
    override: Literal["two_people"] | None = None


class Criterion(Entry):
    """What a response level, or its end, requires."""

    of: Bilingual
    measure: Line | None = None
    requires: list[Requirement] = Field(default_factory=list)


class Target(Entry):
    """A quantity to be reached, perhaps by a date."""

    of: Bilingual
    quantity: Words
    value: ParameterOrScalar
    by: date | None = None
    unit: Line


class Group(Entry):
    """A work group: who leads it, who is in it, what it does."""

    group: Name
    title: Bilingual
    lead: Role
    deputies: list[Role] = Field(default_factory=list)
    members: list[Role] = Field(default_factory=list)
    functions: list[Bilingual] = Field(default_factory=list)


class Register(Entry):
    """Who or what must be listed, with which fields."""

    of: Literal["person", "household", "place", "unit"]
    category: Line | list[Line]
    fields: list[Line] = Field(min_length=1)
    title: Bilingual


class Show(Entry):
    """The screen or document that carries a clause, and the room that owes it where it is not there yet."""

    screen: Line
    room: Line | None = None


class Principle(Entry):
    """Displayed; nothing to execute, and why."""

    why: Bilingual
