"""Reads of exports, within the session's scope. Each takes a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from bulou.directory.models import Account
from bulou.directory.selectors.areas import in_english
from bulou.directory.selectors.paging import beyond
from bulou.exchange.exports import files
from bulou.exchange.exports.models import APPROVED, DOWNLOADED, MADE, QUEUED, REFUSED, Export, ExportEvent
from bulou.exchange.jobs.models import CANCELLED, FAILED, Job

WAITING, WORKING, READY, EXPIRED = "waiting", "working", "ready", "expired"


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One export. `state`: waiting (for a second person), refused, working, ready, expired, failed or cancelled.

    `people`: those the file is about, or, before it is made, counted when it was asked for. `decided_by` and `note`:
    the second person, and what they said. `downloads`: when the file was fetched.
    """

    id: UUID
    account: UUID
    who: str
    area: str
    list: str
    query: str
    format: str
    purpose: str
    full: bool
    people: int
    rows: int | None
    size: int | None
    asked: datetime
    state: str
    job: UUID | None
    made: datetime | None
    expires: datetime | None
    decided_by: str
    note: str
    downloads: Sequence[datetime]


def export(id: UUID) -> ExportRow | None:
    """One export; None where there is none in scope. Four queries."""
    return next(iter(_rows(Export.objects.filter(id=id))), None)


def exports(
    *,
    account: UUID | None = None,
    but: UUID | None = None,
    undecided: bool = False,
    name: str = "",
    format: str = "",
    oldest: bool = False,
    after: str = "",
    limit: int = 50,
) -> list[ExportRow]:
    """A page of the exports in scope, the latest first unless `oldest`. At most five queries.

    Of `account` alone, or of all `but` one; `undecided`: those that wait for a second person.
    """
    found = exports_found(account=account, but=but, undecided=undecided, name=name, format=format, oldest=oldest)
    return _rows(beyond(found, "asked_at", after, oldest=oldest)[:limit])


def exports_found(
    *,
    account: UUID | None = None,
    but: UUID | None = None,
    undecided: bool = False,
    name: str = "",
    format: str = "",
    oldest: bool = False,
) -> QuerySet[Export]:
    """The exports of a list and format, as `exports` gives them."""
    found = Export.objects.order_by(*(("asked_at", "id") if oldest else ("-asked_at", "-id")))
    given = {"account": account, "list": name, "format": format}
    found = found.filter(**{column: value for column, value in given.items() if value})
    if but:
        found = found.exclude(account=but)
    if undecided:
        decided = ExportEvent.objects.filter(export=OuterRef("pk"), act__in=(APPROVED, REFUSED))
        found = found.filter(~Exists(decided), needs_approval=True)
    return found


def _rows(found: QuerySet[Export]) -> list[ExportRow]:
    exports = list(found.prefetch_related("events"))
    events = [event for one in exports for event in one.events.all()]
    names = _names({one.account for one in exports} | {event.account for event in events})
    states = dict(Job.objects.filter(id__in={event.job for event in events if event.job}).values_list("id", "state"))
    return [_row(one, names, states) for one in exports]


def _row(one: Export, names: dict[UUID, str], states: dict[UUID, str]) -> ExportRow:
    events: dict[str, Any] = {event.act: event for event in one.events.all()}
    made, decided = events.get(MADE), events.get(APPROVED) or events.get(REFUSED)
    job = events[QUEUED].job if QUEUED in events else None
    return ExportRow(
        id=one.id,
        account=one.account,
        who=names.get(one.account, ""),
        area=one.area,
        list=one.list,
        query=one.query,
        format=one.format,
        purpose=one.purpose,
        full=one.full,
        people=made.people if made else one.people,
        rows=made.rows if made else None,
        size=made.size if made else None,
        asked=one.asked_at,
        state=_state(one, events, states.get(job, FAILED) if job else ""),
        job=job,
        made=made.at if made else None,
        expires=made.at + files.lifetime() if made else None,
        decided_by=names.get(decided.account, "") if decided else "",
        note=decided.note if decided else "",
        downloads=sorted(event.at for event in one.events.all() if event.act == DOWNLOADED),
    )


def _state(one: Export, events: dict[str, Any], job: str) -> str:
    if MADE in events:
        return READY if timezone.now() < events[MADE].at + files.lifetime() else EXPIRED
    if REFUSED in events:
        return REFUSED
    if one.needs_approval and APPROVED not in events:
        return WAITING
    return job if job in (FAILED, CANCELLED) else WORKING


def _names(ids: set[UUID]) -> dict[UUID, str]:
    english = in_english()
    units = {
        one: one.unit.name_en if english and one.unit.name_en else one.unit.name
        for one in Account.objects.filter(pk__in=ids)
    }
    return {
        one.pk: unit if one.name == one.unit.name else f"{one.name or one.username} · {unit}"
        for one, unit in units.items()
    }
