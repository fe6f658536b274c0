"""Opening and closing a campaign, and knocking at its doors."""

from uuid import UUID

from django.db import transaction

from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.kernel.areas import contains
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.ledger import services as ledger
from bulou.no_miss.screening.campaigns import CLOSED, LONGEST, OPENED, VISITED
from bulou.no_miss.screening.models import Campaign, Door

MOST_DAYS = LONGEST.days


def campaign_open(
    area: str, name: str, days: int, *, by: Account, id: UUID, question: str = "", clause: str = ""
) -> Campaign:
    """A campaign over an area from now on. The form's id is the fact's: sent twice it is one. BulouError if refused."""
    said = {"name": name.strip(), "days": days, "question": question.strip(), "clause": clause.strip()}
    data = {key: value for key, value in said.items() if value}
    _record(Fact(str(id), OPENED, f"area:{area}", area, clock.now(), f"unit:{by.unit_id}", data), by)
    return Campaign.objects.get(id=id)


@transaction.atomic
def campaign_close(campaign: UUID, *, by: Account, id: UUID) -> None:
    """End a campaign early. BulouError for one out of sight, of an area above the account's, or over."""
    found = Campaign.objects.filter(id=campaign).first()
    now = clock.now()
    if found is None or not contains(by.area, found.area) or found.ends_at <= now:
        raise _nothing()
    data = {"campaign": str(campaign)}
    _record(Fact(str(id), CLOSED, f"area:{found.area}", found.area, now, f"unit:{by.unit_id}", data), by)


def knock(
    campaign: UUID,
    place: UUID,
    *,
    by: Account,
    id: UUID,
    present: int,
    expected: int | None = None,
    symptomatic: int = 0,
    arrived: int = 0,
    note: str = "",
) -> Door:
    """One visit to a door of a campaign. BulouError where it is no door of it, or the campaign is over."""
    door = Door.objects.filter(campaign=campaign, place=place).select_related("campaign").first()
    now = clock.now()
    if door is None or not door.campaign.opened_at <= now < door.campaign.ends_at:
        raise _nothing()
    said = {"expected": expected, "arrived": arrived or None, "note": note.strip() or None}
    data = {"present": present, "symptomatic": symptomatic} | {k: v for k, v in said.items() if v is not None}
    _record(Fact(str(id), VISITED, f"place:{place}", door.area, now, f"unit:{by.unit_id}", data), by)
    return Door.objects.get(campaign=campaign, place=place)


def _record(fact: Fact, by: Account) -> None:
    receipt = ledger.record([fact], area=by.area, account=by.pk)
    if receipt.refused:
        raise BulouError(receipt.refused[0].problem)


def _nothing() -> BulouError:
    return BulouError.of(
        "campaign.unknown",
        "这里没有这次排查或这一户，或排查已经结束；没有登记。",
        "There is no such campaign or door here, or the campaign is over; nothing was recorded.",
    )
