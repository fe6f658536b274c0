"""Lists as files: ask for one, look how far it is, fetch it. The same rules as on the pages."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import FileResponse, Http404
from ninja import Router, Status
from pydantic import BaseModel, Field

from bulou.api.access import Request, area_asked
from bulou.api.errors import RefusedError
from bulou.api.schemas import Answer
from bulou.exchange.exports import selectors, services
from bulou.exchange.exports.selectors import ExportRow
from bulou.exchange.exports.writing import MEDIA_TYPES
from bulou.kernel.errors import BulouError

router = Router(tags=["exports"])
STATUS = {
    "export.forbidden": 403,
    "export.full": 403,
    "export.unknown": 404,
    "export.not_made": 404,
    "export.expired": 410,
}
"""What a refusal is in HTTP; any other is 400."""


class ExportIn(BaseModel):
    """A list to be made into a file."""

    list: str = Field(max_length=40, description="Its name, as in the address of its page: `people`, `misses`, …")
    query: str = Field("", max_length=1500, description="Filters, sort and columns, as in the address of its page")
    area: str | None = Field(None, max_length=15, description="Area code; the account's own if absent")
    format: Literal["xlsx", "csv", "json"] = "csv"
    purpose: str = Field(max_length=200, description="What it is for; on record")
    full: bool = Field(False, description="ID numbers, phones and addresses in full; some roles only")


class ExportOut(Answer):
    """An export. Its file is at `file` once it is `ready`, until `expires`."""

    id: UUID
    list: str
    query: str
    area: str
    format: str
    full: bool
    state: str = Field(description="waiting (for a second person), refused, working, ready, expired, failed, cancelled")
    rows: int | None
    asked: datetime
    expires: datetime | None
    file: str | None


@router.post("/exports", response={202: ExportOut})
def ask(request: Request, given: ExportIn) -> Status[ExportOut]:
    """Ask for a list as a file. 403 for roles that take nothing out; above a number of people another must agree."""
    with _refusals():
        made = services.ask(
            given.list,
            given.query,
            given.format,
            account=request.auth,
            area=area_asked(request, given.area),
            purpose=given.purpose,
            full=given.full,
            ip=request.META.get("REMOTE_ADDR") or None,
        )
    return Status(202, _out(request, made.id))


@router.get("/exports/{id}", response=ExportOut)
def export(request: Request, id: UUID) -> ExportOut:
    """One's own export."""
    return _out(request, id)


@router.get("/exports/{id}/file", response={200: Any})
def file(request: Request, id: UUID) -> FileResponse:
    """The file of one's own export; fetching is on record. 404 before it is made, 410 after it has expired."""
    with _refusals():
        path, name = services.fetch(id, by=request.auth, ip=request.META.get("REMOTE_ADDR") or None)
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=MEDIA_TYPES[path.suffix[1:]])


class _refusals:  # noqa: N801
    """Within the block a refusal has its own status."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, BulouError) and not isinstance(error, RefusedError):
            raise RefusedError(STATUS.get(error.problems[0].code, 400), *error.problems) from error


def _out(request: Request, id: UUID) -> ExportOut:
    row: ExportRow | None = selectors.export(id)
    if row is None or row.account != request.auth.pk:
        raise Http404
    ready = row.state == selectors.READY
    columns = ("id", "list", "query", "area", "format", "full", "state", "rows", "asked", "expires")
    given = {name: getattr(row, name) for name in columns}
    return ExportOut(**given, file=f"/api/v1/exports/{row.id}/file" if ready else None)
