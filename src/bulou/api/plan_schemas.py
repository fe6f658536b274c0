"""The shapes of plans. A period, a slot or a `$parameter` stands as the plan writes it."""

from datetime import date
from typing import Any

from bulou.api.schemas import Answer, NoMiss
from bulou.kernel.text import Text


class PlanRef(Answer):
    """A plan on the shelf, and the areas it is in force in."""

    id: str
    title: Text
    source: str
    issued: date
    area: str
    disease: str | None
    extends: list[str]
    timezone: str
    clause_count: int
    duty_count: int
    adopted_in: list[str]


class TriggerOut(Answer):
    fact: str
    where: dict[str, Any]


class RuleOut(Answer):
    """A duty of a clause, as the plan writes it; `$name` is a parameter."""

    duty: str
    title: Text | None
    when: TriggerOut
    until: dict[str, Any] | None
    level: str | None
    within: str | None
    every: dict[str, Any] | None
    must: TriggerOut
    late: str | None
    by: str


class ClauseOut(Answer):
    clause: str
    cites: str
    title: Text
    no_miss: NoMiss
    forms: list[str]
    duties: list[RuleOut]


class ValueOut(Answer):
    since: date
    value: Any
    reference: str


class ParameterOut(Answer):
    name: str
    title: Text
    unit: str
    values: list[ValueOut]
    last_verified: date


class PlanOut(PlanRef):
    """A plan whole: its clauses in the order of the document, and every number by date."""

    clauses: list[ClauseOut]
    parameters: list[ParameterOut]
