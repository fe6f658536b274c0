"""Who has come from elsewhere: the journeys the facts about one person come to. A pure function.

Several may tell of one journey: the person, the carrier's list, a checkpoint, a department. What lies within `SAME` of
its beginning is told of it. Its community confirms that the person is there, or says that they are not, and is
handed out to another then; who is put on a register there was found there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from bulou.ledger.history import Event
from bulou.no_miss.screening.enrolments import ENROLLED

DECLARED, CHECKED, RECEIVED = "arrival.declared", "arrival.checked", "arrival.received"
HANDED_OUT = "arrival.handed_out"
KINDS = (DECLARED, CHECKED, RECEIVED, HANDED_OUT, ENROLLED)
GRADED = "risk.graded"
SAME = timedelta(days=2)
"""How far apart two may tell of one journey: our choice, a long way by train and a form filled in the day after."""
RISKS = ("low", "medium", "high")
WAITING, HERE = "waiting", "here"


@dataclass(frozen=True, slots=True)
class Journey:
    """One arrival of one person. `id` is the first fact about it; `area` the community that is to confirm it.

    `state`: `waiting`, or what the community said: `here`, `not_here`, `gone_on`. `told`: who told of it, in order.
    """

    id: str
    area: str
    at: datetime
    from_area: str = ""
    risk: str = "low"
    mode: str = ""
    vehicle: str = ""
    told: tuple[str, ...] = ()
    checked_at: datetime | None = None
    outcome: str = ""
    state: str = WAITING
    answered_at: datetime | None = None
    by: UUID | None = None


def journeys(events: Iterable[Event]) -> list[Journey]:
    """The journeys of one person, in order of their beginning."""
    found: list[Journey] = []
    for event in sorted(events, key=lambda one: (one.at, one.id)):
        last = found[-1] if found else None
        is_same = last is not None and event.at - last.at <= SAME
        if event.kind in (DECLARED, CHECKED) and not is_same:
            found.append(_told(Journey(event.id, event.area, event.at), event))
        elif last is not None and event.kind == DECLARED:
            found[-1] = _told(last, event)
        elif last is not None and event.kind == CHECKED:
            found[-1] = _told(replace(last, area=last.area), event, moves=False)
        elif last is not None and event.kind == RECEIVED:
            said = str(event.data.get("outcome") or HERE)
            found[-1] = replace(last, state=said, answered_at=event.at, by=event.by)
        elif last is not None and event.kind == HANDED_OUT:
            found[-1] = replace(last, area=event.area, state=WAITING, answered_at=None, by=None)
        elif last is not None and last.state != HERE and event.kind == ENROLLED:
            found[-1] = replace(last, state=HERE, answered_at=event.at, by=event.by)
    return found


def _told(known: Journey, event: Event, *, moves: bool = True) -> Journey:
    """The journey with what one more fact tells of it. Handed out to another community, it waits for that one."""
    data = event.data
    source = str(data.get("source") or ("checkpoint" if event.kind == CHECKED else "other"))
    merged = replace(
        known,
        from_area=known.from_area or str(data.get("from_area") or ""),
        risk=gravest(known.risk, str(data.get("risk") or "low")),
        mode=known.mode or str(data.get("mode") or ""),
        vehicle=known.vehicle or str(data.get("vehicle") or ""),
        told=known.told if source in known.told else (*known.told, source),
    )
    if event.kind == CHECKED:
        said = str(data.get("outcome") or "")
        return replace(merged, checked_at=merged.checked_at or event.at, outcome=said or merged.outcome)
    if moves and event.area != known.area:
        return replace(merged, area=event.area, state=WAITING, answered_at=None, by=None)
    return merged


def gravest(*risks: str) -> str:
    """The gravest of some risks; what is no risk is none."""
    return max((risk for risk in risks if risk in RISKS), key=RISKS.index, default="low")


def risk_of(area: str, at: datetime, graded: Mapping[str, Iterable[Event]]) -> str:
    """What an area was graded at an instant, the nearest area that was; empty where none was. `graded` by area."""
    for length in (15, 12, 9, 6, 4, 2):
        if len(area) >= length:
            known = [one for one in graded.get(area[:length], ()) if one.at <= at]
            if known:
                return str(max(known, key=lambda one: (one.at, one.id)).data.get("risk") or "")
    return ""
