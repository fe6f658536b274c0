"""Plans as data: what each clause demands, by which numbers."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from ninja import Router

from bulou.api.access import Request
from bulou.api.language import language_of
from bulou.api.plan_schemas import ClauseOut, ParameterOut, PlanOut, PlanRef, RuleOut, TriggerOut, ValueOut
from bulou.directory.roles import ROLES
from bulou.kernel import clock
from bulou.kernel.facts import KINDS
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.plan.exchange import calendar, fhir
from bulou.plan.models import Clause, Duty, Plan, Trigger
from bulou.plan.parameters import Parameter
from bulou.plan.prose import names

router = Router(tags=["plans"])


@router.get("/plans", response=list[PlanRef])
def plans(request: Request) -> list[PlanRef]:
    """Every plan on the shelf, newest first, and where it is in force."""
    adopted = ledger.adopted()
    return [PlanRef(**_head(plan, adopted)) for plan in shelf.every_plan()]


@router.get("/plans/{id}", response=PlanOut)
def plan(request: Request, id: str) -> PlanOut:
    """A plan whole."""
    found = _plan(id)
    return PlanOut(
        **_head(found, ledger.adopted()),
        clauses=[_clause(clause) for clause in found.clauses],
        parameters=[_parameter(name, parameter) for name, parameter in sorted(found.scope.items())],
    )


@router.get("/plans/{id}/fhir", response={200: dict[str, Any]})
def plan_as_fhir(request: Request, id: str, on: date | None = None) -> HttpResponse:
    """A plan as a FHIR R4 Bundle: a PlanDefinition, an ActivityDefinition a duty; numbers of a day (today's)."""
    day = on or timezone.localdate(clock.now())
    return HttpResponse(fhir.document(_plan(id), names(KINDS, ROLES), day), content_type=fhir.MEDIA_TYPE)


@router.get("/plans/{id}/calendar", response={200: str})
def plan_as_calendar(request: Request, id: str, role: str, start: date | None = None) -> HttpResponse:
    """The recurring duties of a role as iCalendar, from a day on (today); 404 for a role that has none."""
    found = _plan(id)
    if role not in calendar.recurring_roles(found):
        raise Http404
    first = start or timezone.localdate(clock.now())
    text = calendar.calendar(found, role, names(KINDS, ROLES), first, language_of(request))
    return HttpResponse(text, content_type=f"{calendar.MEDIA_TYPE}; charset=utf-8")


def _plan(id: str) -> Plan:
    found = shelf.plan(id)
    if found is None:
        raise Http404
    return found


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
