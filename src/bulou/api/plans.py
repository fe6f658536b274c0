"""Plans as data: what each clause demands, by which numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404
from ninja import Router

from bulou.api.access import Request
from bulou.api.plan_schemas import ClauseOut, ParameterOut, PlanOut, PlanRef, RuleOut, TriggerOut, ValueOut
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.plan.models import Clause, Duty, Plan, Trigger
from bulou.plan.parameters import Parameter

router = Router(tags=["plans"])


@router.get("/plans", response=list[PlanRef])
def plans(request: Request) -> list[PlanRef]:
    """Every plan on the shelf, newest first, and where it is in force."""
    adopted = ledger.adopted()
    return [PlanRef(**_head(plan, adopted)) for plan in shelf.every_plan()]


@router.get("/plans/{id}", response=PlanOut)
def plan(request: Request, id: str) -> PlanOut:
    """A plan whole."""
    found = shelf.plan(id)
    if found is None:
        raise Http404
    return PlanOut(
        **_head(found, ledger.adopted()),
        clauses=[_clause(clause) for clause in found.clauses],
        parameters=[_parameter(name, parameter) for name, parameter in sorted(found.scope.items())],
    )


def _head(plan: Plan, adopted: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    columns = ("id", "title", "source", "issued", "area", "disease", "extends", "timezone")
    return {name: getattr(plan, name) for name in columns} | {
        "clause_count": len(plan.clauses),
        "duty_count": len(plan.duties),
        "adopted_in": list(adopted.get(plan.id, ())),
    }


def _clause(clause: Clause) -> ClauseOut:
    return ClauseOut(
        clause=clause.clause,
        cites=clause.cites,
        title=clause.title,
        no_miss=clause.no_miss or "none",
        forms=list(clause.forms),
        duties=[_duty(duty) for duty in clause.duties],
    )


def _duty(duty: Duty) -> RuleOut:
    return RuleOut(
        duty=duty.duty,
        title=duty.title,
        when=_trigger(duty.when),
        until=duty.until.model_dump(mode="json", exclude_none=True) if duty.until else None,
        level=duty.level.at_least if duty.level else None,
        within=duty.within,
        every=duty.every.model_dump(mode="json", exclude_none=True) if duty.every else None,
        must=_trigger(duty.must),
        late=duty.late,
        by=duty.by,
    )


def _trigger(trigger: Trigger) -> TriggerOut:
    return TriggerOut(**trigger.model_dump(mode="json"))


def _parameter(name: str, parameter: Parameter) -> ParameterOut:
    values = [
        ValueOut(since=since, **value.model_dump(mode="json")) for since, value in sorted(parameter.values.items())
    ]
    columns = ("title", "unit", "last_verified")
    return ParameterOut(name=name, values=values, **{column: getattr(parameter, column) for column in columns})
