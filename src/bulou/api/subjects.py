"""One subject: what happened to it and what is owed about it. A person's is shown for a purpose, on record."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Annotated, TypeVar
from uuid import UUID

from django.http import Http404
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from bulou.api.access import Request
from bulou.api.duties import shown
from bulou.api.errors import RefusedError, problem
from bulou.api.looks import PURPOSE, look, purpose_of
from bulou.api.schemas import DutyPage, FactOut, FactPage
from bulou.directory import selectors as directory
from bulou.kernel.areas import contains
from bulou.kernel.ids import Subject, parse_subject
from bulou.ledger import selectors as ledger

router = Router(tags=["subjects"])
Name = Annotated[str, Path(max_length=60, description="`person:`, `place:`, `episode:`, … and an id")]
AFTER = Field(
    None, max_length=300, pattern=r"^[0-9]{14}\.[0-9]{6}~[^\x00-\x1f]+$", description="The `next` of the page before"
)
Row = TypeVar("Row")


class Part(BaseModel):
    """A page of a subject's rows, latest first. Rows that stand at one place are never parted."""

    after: str | None = AFTER
    limit: int = Field(50, ge=1, le=500)


@router.get("/subjects/{subject}/facts", response=FactPage, openapi_extra=PURPOSE)
def facts(request: Request, subject: Name, part: Query[Part]) -> FactPage:
    """What happened to a subject, latest first, corrections included."""
    name = _entered(request, subject)
    rows, following = _cut(ledger.facts_of(name), part, lambda fact: _place(fact.at, str(fact.id)))
    return FactPage(rows=[FactOut.model_validate(fact) for fact in rows], next=following)


@router.get("/subjects/{subject}/duties", response=DutyPage, openapi_extra=PURPOSE)
def duties(request: Request, subject: Name, part: Query[Part]) -> DutyPage:
    """Everything owed about a subject, latest first."""
    name = _entered(request, subject)
    rows, following = _cut(ledger.duties_of(name), part, lambda duty: _place(duty.opens_at, duty.duty))
    return DutyPage(rows=shown(rows), next=following)


def _entered(request: Request, name: str) -> str:
    """The subject in its one spelling, its look recorded. 404 where it is not there, or not in the account's area."""
    try:
        subject = parse_subject(name)
    except ValueError as error:
        zh, en = "对象须写作 person: 加编号等。", "A subject is a type and an id, such as person:0197…"
        raise RefusedError(422, problem("request.parameter", zh, en, field="subject")) from error
    purpose = purpose_of(request, str(subject))
    area = _area_of(subject)
    if area is None or not contains(request.auth.area, area):
        raise Http404
    look(request, str(subject), area, purpose)
    return str(subject)


def _area_of(subject: Subject) -> str | None:
    """The area a subject lies in, as far as the session sees it; that of its latest fact where no register has it."""
    if subject.type == "area":
        return subject.id
    identifier = UUID(subject.id)
    if subject.type == "person":
        person = directory.person(identifier)
        return person.area_id if person else None
    if subject.type == "place":
        place = directory.places([identifier]).get(identifier)
        return place.area if place else None
    if subject.type == "unit":
        unit = directory.unit(identifier)
        return unit.area if unit else None
    return next((fact.area for fact in ledger.facts_of(str(subject))), None)


def _place(instant: datetime, name: str) -> str:
    """Where a row stands: text that sorts as time does."""
    return f"{instant.astimezone(UTC):%Y%m%d%H%M%S.%f}~{name}"


def _cut(rows: Iterable[Row], part: Part, place: Callable[[Row], str]) -> tuple[list[Row], str | None]:
    """The rows of a page, and the cursor of the next."""
    rest = [row for row in sorted(rows, key=place, reverse=True) if not part.after or place(row) < part.after]
    end = part.limit
    while end < len(rest) and place(rest[end]) == place(rest[end - 1]):
        end += 1
    return rest[:end], place(rest[end - 1]) if end < len(rest) else None
