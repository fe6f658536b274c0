"""A community answers for whoever was handed out to it: they are here, or they are not."""

from uuid import UUID, uuid5

from django.db import transaction

from bulou.directory.models import Account, Area
from bulou.kernel import clock
from bulou.kernel.areas import contains
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.ledger import acts
from bulou.ledger import services as ledger
from bulou.no_miss.screening.arrivals import HANDED_OUT, HERE, RECEIVED
from bulou.no_miss.screening.enrolments import ENROLLED
from bulou.no_miss.screening.models import Arrival, Enrolment

ANSWERS = (HERE, "not_here", "gone_on")
VILLAGE = 12
"""Digits of a community's code."""
REGISTERED = ("medium", "high")
"""Risks from which whoever is here is put on the register with the same tap."""


@transaction.atomic
def answer(arrival: UUID, outcome: str, *, by: Account, id: UUID, note: str = "") -> Arrival:
    """One answer, and with `here` the register it calls for. The form's id makes a second sending the same facts.

    BulouError for an arrival out of scope, an answer that is none, or what the ledger refuses.
    """
    found = Arrival.objects.filter(id=arrival).first()
    if found is None or outcome not in ANSWERS:
        raise BulouError.of(
            "arrival.unknown",
            "这里没有这个来人，或没有这种回答；没有登记。",
            "There is no such arrival here, or no such answer; nothing was recorded.",
        )
    unit, subject, now = f"unit:{by.unit_id}", f"person:{found.person_id}", clock.now()
    said = {"outcome": outcome} | ({"note": note} if note else {})
    facts = [Fact(str(id), RECEIVED, subject, found.area, now, unit, said)]
    category = "arrival" if found.from_area else "arrival_abroad"
    on_it = Enrolment.objects.filter(person=found.person_id, category=category, until=None)
    if outcome == HERE and found.gravest in REGISTERED and not on_it.exists():
        grounds = {"category": category, "ref": str(found.pk)}
        facts.append(Fact(str(uuid5(id, ENROLLED)), ENROLLED, subject, found.area, now, unit, grounds))
    receipt = ledger.record(facts, area=by.area, account=by.pk)
    if receipt.refused:
        raise BulouError(receipt.refused[0].problem)
    return Arrival.objects.get(id=arrival)


@transaction.atomic
def hand_out(arrival: UUID, area: str, *, by: Account, id: UUID, note: str = "") -> None:
    """Hand an arrival out anew, to the community it should have gone to; that one is to confirm it.

    BulouError for an arrival or a community out of scope, one that is confirmed, or no other community.
    """
    found = Arrival.objects.filter(id=arrival).first()
    if found and acts.recorded(id, f"person:{found.person_id}", HANDED_OUT):
        return
    village = Area.objects.filter(code=area).exists() and len(area) >= VILLAGE
    if found is None or not village or not contains(by.area, area) or found.state == HERE or area == found.area:
        raise BulouError.of(
            "arrival.hand_out",
            "请选择本属地内另一个社区；已确认的来人不再转派。没有登记。",
            "Choose another community of your area; who is confirmed is not handed out again. Nothing was recorded.",
        )
    unit, subject = f"unit:{by.unit_id}", f"person:{found.person_id}"
    said = {"from_area": found.area} | ({"note": note} if note else {})
    receipt = ledger.record(
        [Fact(str(id), HANDED_OUT, subject, area, clock.now(), unit, said)], area=by.area, account=by.pk
    )
    if receipt.refused:
        raise BulouError(receipt.refused[0].problem)
