"""Somebody who has come says so themselves, without an account.

A file that is on record is never changed by it, and whether there is one is not told. What was said is kept sealed
beside the fact, for the community that is to look after them and nobody else.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from bulou.custody import cards
from bulou.directory.crypto import vault
from bulou.directory.identity import read_id, read_phone
from bulou.directory.models import Area, IdKind, Person, Unit, UnitRole
from bulou.directory.scope import everywhere
from bulou.directory.services import NewPerson, person_register
from bulou.kernel import clock
from bulou.kernel.areas import ancestry
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.ledger.history import history
from bulou.no_miss.screening.arrivals import DECLARED, GRADED, risk_of
from bulou.no_miss.screening.models import Declaration

MOST = 10
"""Declarations from one address within `WITHIN`: our choice, a large family on one telephone."""
WITHIN = timedelta(hours=1)
LOOKS_BACK = timedelta(days=14)
"""How long ago somebody may have come: our choice, the longest incubation of the disease."""
ABROAD = "high"
"""The risk of whoever comes from abroad: no authority here grades those areas."""
VILLAGE = 12


@dataclass(frozen=True, slots=True)
class Declared:
    """What somebody says of themselves. `from_area` is empty for abroad."""

    name: str
    id_kind: str
    id_number: str
    phone: str
    area: str
    from_area: str
    arrived_at: datetime
    mode: str = ""
    vehicle: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What somebody takes away: a number that says nothing about them, and how far their declaration is."""

    id: UUID
    number: str
    area: str
    said_at: datetime


def declare(given: Declared, *, origin: str) -> Receipt:
    """Put a declaration on record, once checked. `origin`: the address it comes from, kept as a blind index only.

    BulouError for a bad number, telephone, area or instant, or where too many come from one address.
    """
    identity = read_id(given.id_kind, given.id_number)
    phone, now = read_phone(given.phone), clock.now()
    if not given.name.strip():
        raise BulouError.of("person.name", "缺少姓名。", "The name is missing.", field="name")
    if not now - LOOKS_BACK <= given.arrived_at <= now:
        raise BulouError.of(
            "declaration.when",
            "到达时间应在过去十四天之内，不晚于现在。",
            "The arrival lies within the last fourteen days and not in the future.",
            field="arrived_at",
        )
    with transaction.atomic(), everywhere():
        sender = vault().index(origin, "declaration")
        _refuse_often(sender)
        _refuse_areas(given)
        person = _person(given, identity.number, identity.kind)
        id = new_id()
        _record(given, id, person)
        safe = vault()
        made = Declaration.objects.create(
            id=id,
            person=person,
            area=given.area,
            name=safe.seal(given.name.strip(), id, "name"),
            phone=safe.seal(phone, id, "phone"),
            address=safe.seal(given.address.strip(), id, "address") if given.address.strip() else None,
            origin=sender,
        )
        return Receipt(id, cards.short(id), given.area, made.said_at or timezone.now())


def receipt(id: UUID) -> tuple[Receipt, UUID] | None:
    """A declaration by its id, and whose it is; None where there is none. For whoever holds the receipt."""
    with everywhere():
        found = Declaration.objects.filter(id=id).values_list("area", "said_at", "person").first()
    return (Receipt(id, cards.short(id), found[0], found[1]), found[2]) if found else None


def risk_from(area: str, at: datetime) -> str:
    """The risk of coming from an area at an instant: as it was graded then, else low; `ABROAD` from no area here."""
    if not area:
        return ABROAD
    with everywhere():
        graded = history([f"area:{code}" for code in ancestry(area)], [GRADED], clock.now())
    by_area = {subject.removeprefix("area:"): events for subject, events in graded.items()}
    return risk_of(area, at, by_area) or "low"


def _refuse_often(sender: bytes) -> None:
    """Counted by the real clock: the business clock may stand still."""
    if Declaration.objects.filter(origin=sender, said_at__gt=timezone.now() - WITHIN).count() >= MOST:
        raise BulouError.of(
            "declaration.often",
            "这个网络地址在一小时内申报太多，这一次没有存入。请过一小时再试，或直接联系社区。",
            "Too many declarations came from this network address within an hour; this one was not kept. "
            "Try again in an hour, or ring the community.",
        )


def _refuse_areas(given: Declared) -> None:
    wanted = {given.area, given.from_area} - {""}
    known = set(Area.objects.filter(code__in=wanted).values_list("code", flat=True))
    if len(given.area) < VILLAGE or wanted != known:
        raise BulouError.of(
            "declaration.area",
            "请从名单中选到达的社区和出发地。",
            "Choose the community you came to, and where you came from, from the list.",
            field="area",
        )


def _person(given: Declared, number: str, kind: IdKind) -> UUID:
    """Whose number it is: the file there is, as it is, else a new one in the community they came to."""
    known = Person.everyone.filter(id_index=vault().index(number, kind)).values_list("id", "same_as").first()
    if known:
        return known[1] or known[0]
    held = UnitRole.objects.filter(role="village_committee", area__in=ancestry(given.area)).order_by("-area")
    unit = held.values_list("unit", flat=True).first()
    is_drill = unit is not None and Unit.objects.filter(id=unit, synthetic=True).exists()
    new = NewPerson(given.name, given.area, id_kind=kind, id_number=number, phone=given.phone, synthetic=is_drill)
    return person_register(new).pk


def _record(given: Declared, id: UUID, person: UUID) -> None:
    said = {"from_area": given.from_area, "mode": given.mode, "vehicle": given.vehicle.strip()}
    data = {name: value for name, value in said.items() if value}
    data |= {"risk": risk_from(given.from_area, given.arrived_at), "source": "self"}
    done = ledger.record([Fact(str(id), DECLARED, f"person:{person}", given.area, given.arrived_at, None, data)])
    if done.refused:
        raise BulouError(done.refused[0].problem)
