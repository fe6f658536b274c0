"""Keeps campaigns and their doors as the facts have them, in the transaction that stores them.

The roster is what the directory has on its books when facts touch it: households of the area that are not retired.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from bulou.kernel.areas import contains
from bulou.ledger.engines import store
from bulou.ledger.history import Event, history, keep
from bulou.no_miss.screening.campaigns import OF_AREA, OF_PLACE, found, rounds
from bulou.no_miss.screening.models import Campaign, Door

_PLACE, _AREA = "place:", "area:"
_HOMES_IN = "SELECT id, area FROM place WHERE kind = 'household' AND area ~ ANY(%s::text[])"
_HOMES = "SELECT id, area FROM place WHERE kind = 'household' AND id = ANY(%s::uuid[])"
_STALE = "DELETE FROM door d WHERE NOT EXISTS (SELECT FROM campaign c WHERE c.id = d.campaign)"


def follow(subjects: Collection[str] | None, now: datetime) -> None:
    """Campaigns of areas whose facts moved with all their doors, and the doors of places whose facts moved."""
    if subjects is None:
        Door.objects.all().delete()
        Campaign.objects.all().delete()
    areas = None if subjects is None else [one for one in subjects if one.startswith(_AREA)]
    homes: list[tuple[UUID, str]] = []
    if areas is None or areas:
        told = history(areas, OF_AREA, now)
        codes = [one.removeprefix(_AREA) for one in (told if areas is None else areas)]
        keep(Campaign, "area", codes, _campaigns(told))
        store.execute(_STALE)
        homes += store.query(_HOMES_IN, [[f"^{code}" for code in codes]]) if codes else []
    places = [one.removeprefix(_PLACE) for one in subjects or () if one.startswith(_PLACE)]
    campaigns = list(Campaign.objects.all())
    if campaigns:
        homes += store.query(_HOMES, [places]) if places else []
        known = dict(homes)
        keep(Door, "place", list(known), _doors(known, campaigns, now))


def _campaigns(told: Mapping[str, Sequence[Event]]) -> Iterable[Campaign]:
    for subject, events in told.items():
        for one in rounds(subject.removeprefix(_AREA), events):
            yield Campaign(
                id=UUID(one.id),
                area=one.area,
                name=one.name,
                question=one.question,
                clause=one.clause,
                opened_at=one.opened_at,
                ends_at=one.ends_at,
                by=one.by,
            )


def _doors(homes: Mapping[UUID, str], campaigns: Sequence[Campaign], now: datetime) -> Iterable[Door]:
    told = history([f"{_PLACE}{id}" for id in homes], OF_PLACE, now)
    over = defaultdict(list)
    for area in set(homes.values()):
        over[area] = [one for one in campaigns if contains(one.area, area)]
    for home, area in homes.items():
        events = told.get(f"{_PLACE}{home}", ())
        retired = max((one.at for one in events if one.kind == "place.retired"), default=None)
        for campaign in over[area]:
            known = found(events, campaign.opened_at, campaign.ends_at)
            if retired and retired <= campaign.ends_at and not known.visits:
                continue
            yield Door(
                id=uuid5(campaign.id, str(home)),
                campaign_id=campaign.id,
                place_id=home,
                area=area,
                state=known.state,
                visits=known.visits,
                last_at=known.last_at,
                present=known.present,
                expected=known.expected,
                symptomatic=known.symptomatic,
                unlisted=known.unlisted,
            )
