"""Duties out: the board, the misses, the duties behind each number, and why."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from bulou.api.access import Request, area_asked
from bulou.api.looks import PURPOSE, look, purpose_of
from bulou.api.schemas import (
    AreaCountsOut,
    BoardOut,
    ColumnOut,
    CountsOut,
    DutyOut,
    DutyPage,
    FactOut,
    NoMiss,
    State,
    ToldOut,
    UnitRef,
    WhyOut,
)
from bulou.directory import selectors as directory
from bulou.kernel import clock
from bulou.ledger import selectors as ledger
from bulou.ledger.selectors import Counts, DutyRow

router = Router(tags=["duties"])
CODE = r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})$"
CURSOR = r"^[0-9]{2,15}\.[0-9]{1,18}\.[0-9]{1,9}$"
NAME = r"^[^\x00-\x1f]+$"


Key = Annotated[str, Path(max_length=400, pattern=NAME, description="A duty's `key`, from any list")]


class Asked(BaseModel):
    """Where a request looks."""

    area: str | None = Field(None, pattern=CODE, description="Area code; the account's own if absent")


class BoardFilter(Asked):
    day: date | None = Field(None, description="Today if absent")


class Narrowed(Asked):
    """What every list of duties may be narrowed to."""

    no_miss: NoMiss | None = Field(None, description="`none`: duties of clauses outside the five")
    clause: str | None = Field(None, max_length=100, pattern=NAME)
    after: str | None = Field(None, pattern=CURSOR, description="The `next` of the page before")
    limit: int = Field(50, ge=1, le=500)

    @property
    def family(self) -> str | None:
        return "" if self.no_miss == "none" else self.no_miss


class DutyFilter(Narrowed):
    day: date | None = Field(None, description="Due on this day; every day if absent")
    state: State | None = None


class MissFilter(Narrowed):
    duty: str | None = Field(None, max_length=200, pattern=NAME, description="`plan/duty`")
    unowned: bool = Field(False, description="Missed or open, and no unit answers for it")


@router.get("/duties", response=DutyPage)
def duties(request: Request, asked: Query[DutyFilter]) -> DutyPage:
    """The duties behind any number of the board, place by place."""
    area = area_asked(request, asked.area)
    page = ledger.duties(
        area,
        asked.day,
        state=asked.state,
        no_miss=asked.family,
        clause=asked.clause,
        after=asked.after,
        limit=asked.limit,
    )
    return DutyPage(rows=shown(page.rows), next=page.next)


@router.get("/misses", response=DutyPage)
def misses(request: Request, asked: Query[MissFilter]) -> DutyPage:
    """Who is being missed: everything past due and not done."""
    area = area_asked(request, asked.area)
    page = ledger.misses(
        area,
        no_miss=asked.family,
        clause=asked.clause,
        duty=asked.duty,
        unowned=asked.unowned,
        after=asked.after,
        limit=asked.limit,
    )
    return DutyPage(rows=shown(page.rows), next=page.next)


@router.get("/duties/{key}", response=WhyOut, openapi_extra=PURPOSE)
def why(request: Request, key: Key) -> WhyOut:
    """One duty explained: the clause, the facts, the arithmetic, and who was told. A look at a person is recorded."""
    found = ledger.why(key)
    if found is None:
        raise Http404
    look(request, found.row.subject, found.row.area, purpose_of(request, found.row.subject))
    units = _units([found.row.owner, *(told.unit for told in found.told)])
    (duty,) = shown([found.row])
    return WhyOut(
        duty=duty,
        opened_by=FactOut.model_validate(found.opened_by) if found.opened_by else None,
        discharged_by=FactOut.model_validate(found.discharged_by) if found.discharged_by else None,
        steps=found.steps,
        facts=[FactOut.model_validate(fact) for fact in found.facts],
        told=[ToldOut(role=told.role, unit=units.get(told.unit), at=told.at) for told in found.told],
    )


@router.get("/board", response=BoardOut)
def board(request: Request, asked: Query[BoardFilter]) -> BoardOut:
    """The board of an area on a day: by no-miss, and by part of the area."""
    code = area_asked(request, asked.area)
    found = ledger.board(code, asked.day or timezone.localdate(clock.now()))
    names = directory.area_names(row.area for row in found.children)
    return BoardOut(
        area=code,
        day=found.day,
        as_of=found.as_of,
        columns=[
            ColumnOut(no_miss=_family(column.no_miss), today=_counts(column.today), ever=_counts(column.ever))
            for column in found.columns
        ],
        children=[
            AreaCountsOut(
                area=row.area,
                name=names.get(row.area, row.area),
                by_no_miss={_family(name): _counts(counts) for name, counts in row.by_no_miss.items()},
                total=_counts(row.total),
                ever=_counts(row.ever),
            )
            for row in found.children
        ],
    )


def shown(rows: Sequence[DutyRow]) -> list[DutyOut]:
    """The rows with the names of areas and units: two queries. People are named nowhere in lists."""
    areas = directory.area_names(row.area for row in rows)
    units = _units(row.owner for row in rows)
    return [_duty(row, areas.get(row.area, row.area), units.get(row.owner)) for row in rows]


def _duty(row: DutyRow, area_name: str, owner: UnitRef | None) -> DutyOut:
    return DutyOut(
        key=row.key,
        duty=row.duty,
        plan=row.plan,
        clause=row.clause,
        cites=row.cites,
        title=row.title,
        no_miss=_family(row.no_miss),
        subject=row.subject,
        area=row.area,
        area_name=area_name,
        opens_at=row.opens_at,
        due_at=row.due_at,
        state=row.state,
        must=row.must,
        role=row.role,
        owner=owner,
        doable=row.doable,
    )


def _units(ids: Iterable[UUID | None]) -> dict[UUID | None, UnitRef]:
    return {id: UnitRef(id=id, name=name) for id, name in directory.unit_names(ids).items()}


def _family(no_miss: str) -> NoMiss:
    return no_miss or "none"  # type: ignore[return-value]


def _counts(counts: Counts) -> CountsOut:
    return CountsOut.model_validate(counts)
