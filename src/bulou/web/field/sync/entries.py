"""An upload as it arrives, opened and read: entries that can be judged, and those that cannot be taken and why."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from bulou.kernel.areas import contains, is_area_code
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import KINDS
from bulou.ledger import shelf
from bulou.ledger.selectors import DutyRow, split
from bulou.web.field import my_list, questions
from bulou.web.field.sync import tickets
from bulou.web.field.sync.envelope import SealedBadlyError, bytes_of, house
from bulou.web.field.sync.tickets import Ticket
from bulou.web.field.sync.timing import Stamp, since_ticket, true_time

MOST, LONGEST = 50, 16_384
HEAVIEST = MOST * (LONGEST + 200)
"""Entries of an upload, characters of a sealed entry, bytes of an upload."""


class RefusedError(ValueError):
    """An entry that is not taken; its text says why, in the reader's language. `stray`: it is of no phone of ours."""

    def __init__(self, why: str, *, stray: bool = False) -> None:
        super().__init__(why)
        self.stray = stray


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a phone, opened. `entered` is what its form held, `place` where it stands in the upload."""

    id: UUID
    place: int
    ticket: Ticket
    duty: str
    subject: str
    area: str
    opens_at: datetime
    kind: str
    entered: Mapping[str, str]
    failed: tuple[str, ...]
    at: datetime
    phone_at: datetime
    digest: bytes

    @property
    def key(self) -> str:
        """The duty's name, without its subject and time."""
        plan, duty, *_ = self.duty.split("~")
        return f"{plan}/{duty}"


@dataclass(frozen=True, slots=True)
class Upload:
    """What a phone sent: entries by id, sealed, in the order they were made, and its clocks (None: from a file)."""

    stamp: Stamp | None
    entries: tuple[tuple[UUID, str], ...]


def read_upload(body: bytes) -> Upload:
    """The upload. ValueError where its form is wrong: nothing of it is then taken."""
    if len(body) > HEAVIEST:
        raise ValueError("more than fifty entries can weigh")
    raw = json.loads(body)
    listed = _listed(raw)
    if len(listed) > MOST:
        raise ValueError("at most 50 entries at a time")
    return Upload(Stamp.of(raw), listed)


def read_file(body: bytes) -> list[Upload]:
    """What a phone saved to a file, in uploads of the usual size. ValueError where it is no such file."""
    listed = _listed(json.loads(body))
    return [Upload(None, listed[start : start + MOST]) for start in range(0, len(listed), MOST)]


def _listed(raw: Any) -> tuple[tuple[UUID, str], ...]:
    try:
        return tuple((UUID(str(one["id"])), str(one["sealed"])) for one in raw["entries"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not what a phone sends: {error}") from error


def opened(id: UUID, sealed: str, place: int, *, sent: Stamp | None, now: datetime) -> Entry:
    """One entry. RefusedError where it was not sealed for this house or has no ticket of it."""
    if len(sealed) > LONGEST:
        raise RefusedError(gettext("This entry is too long to be one of the phone's."), stray=True)
    try:
        data = bytes_of(sealed)
        raw = json.loads(house().open(data, id))
        made, given, ticket = Stamp.of(raw["made"]), Stamp.of(raw["given"]), tickets.read(raw["ticket"])
        place_of_duty = split(str(raw["duty"])) or {}
        entered = {str(name): str(value) for name, value in raw["entered"].items()}
        failed = tuple(map(str, raw["failed"]))
        kind, area = str(raw["kind"]), str(raw["area"])
    except (SealedBadlyError, ValueError, KeyError, TypeError, AttributeError) as error:
        sealed_elsewhere = gettext("This entry cannot be opened here: it was sealed for another house.")
        raise RefusedError(sealed_elsewhere, stray=True) from error
    if ticket is None:
        no_ticket = gettext("This entry carries no ticket of this house: nobody can be named for it.")
        raise RefusedError(no_ticket, stray=True)
    if not place_of_duty or kind not in KINDS or not is_area_code(area) or not contains(ticket.area, area):
        raise RefusedError(gettext("This entry is about nothing the phone was given. Export it and show it."))
    return Entry(
        id=id,
        place=place,
        ticket=ticket,
        duty=str(raw["duty"]),
        subject=place_of_duty["subject"],
        area=area,
        opens_at=place_of_duty["opens_at"],
        kind=kind,
        entered=entered,
        failed=failed,
        at=true_time(made, sent, now=now, ticket=ticket.at)
        if sent
        else since_ticket(made, given, now=now, ticket=ticket.at),
        phone_at=made.at,
        digest=hashlib.sha256(data).digest(),
    )


def data_of(entry: Entry, row: DutyRow | None) -> dict[str, Any]:
    """What was entered as the fact's data, by the same reading as on line. RefusedError where it will not do."""
    rule = shelf.rule(entry.key)
    day = entry.at.astimezone(rule.zone if rule else SHANGHAI).date()
    known = rule is not None and rule.must.kind == entry.kind
    asked = my_list.wanted(rule.must, day) if rule and known else {}
    data, form = questions.read(entry.kind, entry.entered, asked)
    form = questions.marked(data, form, my_list.items(row, asked) if row else (), entry.failed)
    if not questions.is_good(form):
        errors = [f"{field.label}: {field.error}" for field in form.fields if field.error]
        raise RefusedError(" ".join([*errors, *form.errors]))
    return data


def as_known(entry: Entry, row: DutyRow | None) -> Entry:
    """The entry about what its duty is about: where the duty is known, its kind and area are the duty's."""
    return replace(entry, kind=row.must, area=row.area) if row else entry
