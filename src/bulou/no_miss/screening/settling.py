"""A difference between a department's list and what the village found is settled by somebody, with a fact."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID, uuid5

from django.db import transaction

from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.kernel.areas import contains
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.ledger import services as ledger
from bulou.no_miss.screening.enrolments import ENROLLED
from bulou.no_miss.screening.listings import ADDED, DAY, OPEN, SCOPED, SCOPES, SETTLED
from bulou.no_miss.screening.models import Enrolment, Listing

FOUND = "found"
OUTCOMES = (FOUND, "not_here", "elsewhere", "mistaken")


@transaction.atomic
def settle(listing: UUID, outcome: str, *, by: Account, id: UUID, note: str = "") -> Listing:
    """What the village found of somebody a list names. Confirmed, they are on the register of the list's category.

    The form's id makes a second sending the same facts. BulouError for what is out of scope, or no outcome.
    """
    found = Listing.objects.filter(id=listing).first()
    if found is None or outcome not in OUTCOMES:
        raise BulouError.of(
            "listing.unknown",
            "这份名单上没有这个人，或没有这种结论；没有登记。",
            "Nobody like that is on this list, or there is no such outcome; nothing was recorded.",
        )
    unit, subject, now = f"unit:{by.unit_id}", f"person:{found.person_id}", clock.now()
    said = {"list": found.name, "outcome": outcome} | ({"note": note} if note else {})
    facts = [Fact(str(id), SETTLED, subject, found.area, now, unit, said)]
    on_it = Enrolment.objects.filter(person=found.person_id, category=found.category, until=None)
    if outcome == FOUND and not on_it.exists():
        grounds = {"category": found.category, "reason": found.name, "ref": str(found.pk)}
        facts.append(Fact(str(uuid5(id, ENROLLED)), ENROLLED, subject, found.area, now, unit, grounds))
    receipt = ledger.record(facts, area=by.area, account=by.pk)
    if receipt.refused:
        raise BulouError(receipt.refused[0].problem)
    return Listing.objects.get(id=listing)


def settle_agreeing(listings: Iterable[UUID], *, by: Account, id: UUID) -> int:
    """Confirm at once those on both sides, where nothing differs; how many. One batch, a fact each."""
    found = Listing.objects.filter(id__in=list(listings), state=OPEN)
    unit, now = f"unit:{by.unit_id}", clock.now()
    facts = [
        Fact(
            str(uuid5(id, str(one.pk))),
            SETTLED,
            f"person:{one.person_id}",
            one.area,
            now,
            unit,
            {"list": one.name, "outcome": FOUND},
        )
        for one in found
    ]
    receipt = ledger.record(facts, area=by.area, account=by.pk)
    if receipt.refused:
        raise BulouError.many(refusal.problem for refusal in receipt.refused)
    return receipt.created


@transaction.atomic
def tell(enrolment: UUID, name: str, *, by: Account, id: UUID) -> None:
    """Tell a department of somebody on the village's register whom its list lacks. BulouError as for `settle`."""
    found = Enrolment.objects.filter(id=enrolment).first()
    if found is None or not name:
        raise BulouError.of(
            "listing.unknown",
            "台账上没有这个人，或没有写明名单；没有登记。",
            "Nobody like that is on the register, or no list was named; nothing was recorded.",
        )
    data = {"list": name, "outcome": ADDED, "category": found.category}
    unit = f"unit:{by.unit_id}"
    fact = Fact(str(id), SETTLED, f"person:{found.person_id}", found.area, clock.now(), unit, data)
    receipt = ledger.record([fact], area=by.area, account=by.pk)
    if receipt.refused:
        raise BulouError(receipt.refused[0].problem)


def state_scope(
    name: str, category: str, area: str, scope: str, *, by: Account, id: UUID, day: date | None = None
) -> None:
    """What a list claims to hold of an area, so that who is not on it says something, or nothing.

    BulouError for an area outside the account's, a scope that is none, or a list of one day that does not say which.
    """
    if not name or scope not in SCOPES or not contains(by.area, area) or (scope == DAY and day is None):
        raise BulouError.of(
            "listing.scope",
            "请选择名单范围；只含某一天的须写明日期，且只能说明本属地；没有登记。",
            "Choose what the list holds; of a single day, which; and only of your own area. Nothing was recorded.",
        )
    given = {"list": name, "category": category, "scope": scope} | ({"day": day.isoformat()} if day else {})
    fact = Fact(str(id), SCOPED, f"area:{area}", area, clock.now(), f"unit:{by.unit_id}", given)
    receipt = ledger.record([fact], area=by.area, account=by.pk)
    if receipt.refused:
        raise BulouError(receipt.refused[0].problem)
