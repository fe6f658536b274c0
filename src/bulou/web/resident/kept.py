"""What is kept about a person, in plain words, for themselves: of which kind, since when, and who looked at it.

What stands on file is said, not shown: whoever holds the link is taken for the person (ADR 19), and learns no number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext, pgettext

from bulou.custody import selectors as custody
from bulou.directory import selectors as directory
from bulou.directory.purposes import PURPOSES
from bulou.directory.selectors import LookedAt, PersonFile
from bulou.ledger import erasing
from bulou.ledger import selectors as ledger
from bulou.ledger.erasing import Bar
from bulou.ledger.selectors import FactRow
from bulou.no_miss.isolation.models import Stay
from bulou.operations.support import answering
from bulou.operations.support.clocks import Clock
from bulou.operations.support.models import RightsRequest
from bulou.web import rows, words
from bulou.web.resident.own import masked
from bulou.web.rows import Owner

LOOKS = 12
"""Units with a purpose that are listed, those who looked last first."""
ANSWERS, ABOVE = "county_command", "city_command"
"""Who answers such a request, and who hears a complaint about the answer."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How many records there are of one kind, and since when."""

    title: str
    count: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """That a unit opened the file, how often and what for. No unit: it is on the books no more."""

    unit: Owner | None
    why: str
    times: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """What the person asked, whoever answers it and by when."""

    row: RightsRequest
    clock: Clock
    owner: Owner | None

    @property
    def is_late(self) -> bool:
        return self.row.state == "open" and self.clock.state == "missed"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """Everything the page shows. `phone_ends`: the last digits of the number on file; `bar`: why nothing may be erased
    yet; `ends`: when an isolation is to end."""

    person: UUID
    name: str
    area: str
    synthetic: bool
    on_file: Sequence[str]
    phone_ends: str
    kinds: Sequence[Kind]
    looks: Sequence[Look]
    requests: Sequence[Request]
    bar: Bar | None
    holder: Owner | None
    ends: datetime | None
    answers: Owner | None
    above: Owner | None
    retention: int

    def open_request(self, right: str) -> Request | None:
        """The request for a right that is not answered, or granted and not carried out."""
        return next((one for one in self.requests if one.row.right == right and _is_open(one.row)), None)


def _is_open(row: RightsRequest) -> bool:
    return row.state in ("open", "granted")


def read(person: UUID, now: datetime) -> KeptFile | None:
    """What is kept about a person; None where they are on file no more. A fixed number of queries."""
    found = directory.person_file(person)
    if found is None:
        return None
    subject = f"person:{person}"
    held = custody.holders([person]).get(person)
    asked = answering.requests_of(subject)
    near, above = (directory.owner(role, found.area) for role in (ANSWERS, ABOVE))
    clocks = answering.clocks(asked, now, {one.area: near for one in asked})
    looks = directory.looked_at(subject, LOOKS)
    stay = Stay.objects.filter(person=person, ended_at__isnull=True).first()
    ids = {near, above, held.unit if held else None, *(one.owner for one in clocks.values())}
    units = rows.owners(id for id in ids | {one.unit for one in looks} if id)
    return KeptFile(
        person=person,
        name=masked(found.name),
        area=stay.area if stay else found.area,
        synthetic=found.synthetic,
        on_file=_on_file(found),
        phone_ends=found.phone[-2:],
        kinds=_kinds(ledger.facts_of(subject)),
        looks=[_look(one, units) for one in looks],
        requests=[_request(one, clocks[one.id], units) for one in asked],
        bar=erasing.barred([person]).get(person),
        holder=units.get(held.unit) if held and held.unit else None,
        ends=stay.planned_end if stay else None,
        answers=units.get(near) if near else None,
        above=units.get(above) if above else None,
        retention=int(settings.RETENTION_DAYS),
    )


def _on_file(found: PersonFile) -> list[str]:
    """What stands on the file, by name."""
    there = {
        pgettext("person", "Name"): found.name,
        gettext("Sex"): found.sex != "unknown",
        gettext("Date of birth"): found.birth_date,
        gettext("Nationality"): found.nationality,
        gettext("Number of a document"): found.id_number,
        gettext("Telephone"): found.phone,
        gettext("Household and address"): found.household,
    }
    return [word for word, is_there in there.items() if is_there]


def _kinds(facts: Iterable[FactRow]) -> list[Kind]:
    """Records by kind, the most recent first; what was taken back is no record any more."""
    found: dict[str, list[datetime]] = {}
    for fact in facts:
        if fact.effective:
            found.setdefault(fact.kind, []).append(fact.at)
    each = [Kind(words.kind_title(kind), len(at), min(at), max(at)) for kind, at in found.items()]
    return sorted(each, key=lambda one: (one.last, one.title), reverse=True)


def _look(one: LookedAt, units: Mapping[UUID, Owner]) -> Look:
    if one.act == "reveal":
        why = gettext("a number or address shown in full")
    else:
        why = words.say(PURPOSES[one.purpose]) if one.purpose in PURPOSES else gettext("purpose not recorded")
    return Look(units.get(one.unit) if one.unit else None, why, one.times, one.last)


def _request(row: RightsRequest, clock: Clock, units: Mapping[UUID, Owner]) -> Request:
    return Request(row, clock, units.get(clock.owner) if clock.owner else None)
