"""A plan as data: documents, clauses and the forms a clause takes. Reading and its checks; no arithmetic."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationInfo, field_validator

from bulou.kernel.text import Text
from bulou.plan.forms import Checklist, Criterion, Group, Guard, Principle, Register, Show, Target
from bulou.plan.parameters import Bilingual, Entry, Line, Parameter, Parameters
from bulou.plan.terms import (
    AreaCode,
    Days,
    Kind,
    LevelName,
    Name,
    NoMiss,
    Period,
    PositivePeriod,
    QualifiedName,
    Role,
    Slots,
    Where,
    ZoneName,
)
from bulou.plan.vocabulary import refusal

FORMS = ("duties", "checklist", "guard", "criterion", "target", "groups", "register", "shows", "principle")
SCREENS = frozenset(
    {
        "areas",
        "board",
        "capacity",
        "cases",
        "fever-clinic",
        "findings",
        "misses",
        "my-list",
        "observation-register",
        "person",
        "plans",
        "resident",
        "stocks",
        "tours",
        "transit",
        "trend",
        "units",
        "wards",
        "zones",
    }
)
"""The screens that exist; a clause shown elsewhere is owed."""


def _fact(value: Any) -> Any:
    return {"fact": value} if isinstance(value, str) else value


def _none(value: Any) -> Any:
    return None if value == "none" else value


class Trigger(Entry):
    """The facts that open or discharge: a kind, and what their data must hold. A bare kind in YAML is one too."""

    fact: Kind
    where: Where = Field(default_factory=dict)


class Until(Entry):
    """What ends an interval: a fact, a length of time, or whichever comes first."""

    fact: Kind | None = None
    where: Where = Field(default_factory=dict)
    after: PositivePeriod | None = Field(default=None, validate_default=True)

    @field_validator("after")
    @classmethod
    def _something_ends_it(cls, after: str | None, info: ValidationInfo) -> str | None:
        if after is None and info.data.get("fact", "") is None:
            raise refusal(
                "empty_until", Text(zh="until 要写事实类型或 after。", en="until needs a fact kind or after.")
            )
        return after


class Every(Entry):
    """When a recurring duty falls due: slots of each day (or of the days `on`), or windows of a period."""

    day: Slots | None = None
    on: Days | None = None
    period: PositivePeriod | None = Field(default=None, validate_default=True)

    @field_validator("period")
    @classmethod
    def _one_way(cls, period: str | None, info: ValidationInfo) -> str | None:
        if "day" in info.data and (period is None) == (info.data["day"] is None):
            raise refusal(
                "every_one_way", Text(zh="every 写 day 或 period 之一。", en="every takes either day or period.")
            )
        if period is not None and info.data.get("on") is not None:
            raise refusal("on_needs_day", Text(zh="on 只能与 day 同用。", en="on goes with day, not with period."))
        return period


class Level(Entry):
    """Active only at this response level or a graver one."""

    at_least: LevelName


class Tell(Entry):
    """Who is told when the duty is overdue by how long."""

    after: Period
    role: Role


class Duty(Entry):
    """Something owed: what opens it, what must happen by when, and who owes it."""

    duty: Name
    title: Bilingual | None = None
    when: Annotated[Trigger, BeforeValidator(_fact)]
    until: Annotated[Until, BeforeValidator(_fact)] | None = None
    level: Level | None = None
    within: Period | None = None
    every: Every | None = Field(default=None, validate_default=True)
    must: Annotated[Trigger, BeforeValidator(_fact)]
    late: Period | None = None
    by: Role
    tell: list[Tell] = Field(default_factory=list)
    replaces: QualifiedName | None = None

    _place: str = PrivateAttr("")

    @property
    def place(self) -> str:
        """File and line, as errors name it."""
        return self._place

    @field_validator("every")
    @classmethod
    def _within_or_every(cls, every: Every | None, info: ValidationInfo) -> Every | None:
        if "within" in info.data and (every is None) == (info.data["within"] is None):
            raise refusal(
                "within_or_every",
                Text(zh="within 与 every 须写其一，且只写其一。", en="A duty takes either within or every."),
                Text(zh="一次性用 within，重复用 every。", en="Use within for once, every for again and again."),
            )
        return every

    @field_validator("late")
    @classmethod
    def _late_is_for_recurring(cls, late: str | None, info: ValidationInfo) -> str | None:
        if late is not None and info.data.get("within") is not None:
            raise refusal(
                "late_with_within",
                Text(zh="late 只用于 every。", en="late is for every only."),
                Text(zh="一次性责任逾期后随时可补办，删去 late。", en="A one-off may always be done late; drop late."),
            )
        return late


class Clause(Entry):
    """One citable part of a document, executed in one or more forms."""

    clause: Line
    cites: Line
    title: Bilingual
    no_miss: Annotated[NoMiss | None, BeforeValidator(_none)] = None
    duties: list[Duty] = Field(default_factory=list)
    checklist: Checklist | None = None
    guard: Guard | None = None
    criterion: Criterion | None = None
    target: Target | None = None
    groups: list[Group] = Field(default_factory=list)
    register_: Register | None = Field(default=None, alias="register")
    shows: list[Show] = Field(default_factory=list)
    principle: Principle | None = Field(default=None, validate_default=True)

    _place: str = PrivateAttr("")

    @property
    def place(self) -> str:
        return self._place

    @field_validator("principle")
    @classmethod
    def _some_form(cls, principle: Principle | None, info: ValidationInfo) -> Principle | None:
        others = [info.data.get("register_" if form == "register" else form, "unreadable") for form in FORMS[:-1]]
        if principle is None and not any(others):
            listed = ", ".join(FORMS)
            raise refusal(
                "no_form",
                Text(zh="条款没有任何执行形式。", en="The clause takes no form."),
                Text(zh=f"至少写一种：{listed}。", en=f"Give it at least one: {listed}."),
            )
        return principle

    @property
    def register(self) -> Register | None:
        return self.register_

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms this clause takes, in the order of `FORMS`."""
        return tuple(form for form in FORMS if getattr(self, form))


class Header(Entry):
    """plan.yaml: who issued it, when, for which area and disease, what it extends, how its chapters are called.

    A chapter's number is the one its clause files begin with: 2 of `2.1-isolation.yaml`.
    """

    id: Annotated[Name, Field(alias="plan")]
    title: Bilingual
    source: Line
    issued: date
    area: AreaCode
    disease: Name | None = None
    extends: list[Name] = Field(default_factory=list)
    timezone: ZoneName = "Asia/Shanghai"
    chapters: dict[int, Bilingual] = Field(default_factory=dict)


class Plan(Header):
    """An official document as data, with the plans it extends. `catalogue`: the clause ids the document has."""

    catalogue: tuple[str, ...] = ()
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    clauses: tuple[Clause, ...] = ()
    path: Path

    _bases: tuple["Plan", ...] = PrivateAttr(())

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def family(self) -> list["Plan"]:
        """The plans it extends, base first, each once, then the plan itself."""
        found: dict[str, Plan] = {}
        for base in self._bases:
            found.update((plan.id, plan) for plan in base.family)
        return [*found.values(), self]

    @property
    def scope(self) -> Parameters:
        """The parameters its clauses may name: its own before those of the plans it extends."""
        scope: Mapping[str, Parameter] = {}
        for plan in self.family:
            scope = {**scope, **plan.parameters}
        return scope

    @property
    def duties(self) -> list[tuple[Clause, Duty]]:
        """Its own duties with their clauses, in the order of the document."""
        return [(clause, duty) for clause in self.clauses for duty in clause.duties]
