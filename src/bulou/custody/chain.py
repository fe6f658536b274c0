"""In whose hands a person is: the chain their facts make. Pure and small; what is stored is held to it.

A person is *managed* while a ground for it stands (a category of exposure, an isolation, an illness, a handover nothing
else explains) or a handover is under way. The first ground puts the person into the hands of the unit that reports it;
from then on only a receipt moves them. When nothing is left to manage, nobody holds them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from bulou.kernel.ids import id_of

OPENED = "handover.requested"
LINKS = (OPENED, "handover.accepted", "handover.departed", "handover.received", "handover.settled")
"""甄别、对接、转运、收隔、管理: one fact each."""
HANDOVERS = frozenset({*LINKS, "handover.refused", "handover.cancelled"})
"""Kinds that must fit the chain: the doors refuse those that do not."""
ILL = frozenset({"episode.suspected", "episode.confirmed", "episode.asymptomatic"})
"""Kinds that name an episode's person."""
BEARING = HANDOVERS | ILL | {
    "person.enrolled",
    "person.withdrawn",
    "isolation.ordered",
    "isolation.started",
    "isolation.ended",
    "episode.excluded",
    "episode.discharged",
    "episode.died",
}  # fmt: skip
"""Every kind that bears on custody."""
REGISTERS = frozenset(
    {
        "care_home_staff",
        "childcare_staff",
        "chronic_disease",
        "custodial_staff",
        "health_reserve",
        "hospital_staff",
        "lives_alone",
        "new_resident",
        "port_staff",
        "professional_team",
        "psychiatric_inpatient",
        "resident",
        "school_key_person",
        "school_staff",
        "taxi_driver",
        "transit_crew",
        "visitor",
        "volunteer",
        "vulnerable",
    }
)
"""Categories that are lists of the well: who is on one goes about freely, and nobody holds them."""
HOMES = (
    "village_committee",
    "town_government",
    "town_command",
    "county_command",
    "city_command",
    "province_command",
)
"""Who answers for a person where no unit reported: the nearest of these; of one area, the first."""
ISOLATION, MOVED = "isolation", "moved"
FOLLOWED = "released"
"""The category of those followed up at home once their isolation is over: its end does not end that."""
_ORDER = {kind: place for place, kind in enumerate(LINKS, 1)} | {"handover.refused": 6, "handover.cancelled": 6}
_ENDINGS = frozenset({"person.withdrawn", "isolation.ended", "episode.excluded", "episode.discharged", "episode.died"})


class Act(NamedTuple):
    """A fact that bears on custody. `unit` acted; `home` answers for the person where no unit acted.

    `episode` is the fact's subject where that is an episode; `carries`: the acting unit is a transport team.
    """

    id: str
    kind: str
    at: datetime
    data: Mapping[str, Any] = MappingProxyType({})
    unit: UUID | None = None
    home: UUID | None = None
    episode: str = ""
    carries: bool = False

    def order(self) -> tuple[datetime, int, str]:
        """By time; of one instant, beginnings first, then the links in their order, endings last."""
        return self.at, 7 if self.kind in _ENDINGS else _ORDER.get(self.kind, 0), self.id


class Holding(NamedTuple):
    """From `since` until the next one. Not managed: nobody's. Managed without unit: no unit answers there."""

    since: datetime
    unit: UUID | None
    managed: bool
    fact: str


@dataclass(frozen=True, slots=True)
class Handover:
    """One passing on, named after its request. `stage`: the link reached, or how it ended; `stage_at`: since when."""

    id: str
    sender: UUID
    receiver: UUID
    stage: str
    stage_at: datetime
    requested_at: datetime
    accepted_at: datetime | None = None
    departed_at: datetime | None = None
    received_at: datetime | None = None
    settled_at: datetime | None = None
    carrier: UUID | None = None
    vehicle: str = ""
    crew: str = ""
    reason: str = ""
    trip: UUID | None = None


@dataclass(frozen=True, slots=True)
class Breach:
    """Why a fact of a handover does not fit, and the unit it turns on."""

    code: str
    unit: UUID | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """Who held the person from when, the handovers, and the facts that did not fit."""

    holdings: tuple[Holding, ...]
    handovers: tuple[Handover, ...]
    void: Mapping[str, Breach]

    def at(self, instant: datetime) -> Holding | None:
        """Who holds the person at an instant; None before the first holding."""
        return next((held for held in reversed(self.holdings) if held.since <= instant), None)


def chain(acts: Iterable[Act]) -> Chain:
    """The chain of one person's effective facts, whatever order they are given in."""
    fold = _Fold()
    for act in sorted(acts, key=Act.order):
        fold.take(act)
    return Chain(tuple(fold.holdings), tuple(fold.handovers), fold.void)


def as_unit(ref: Any) -> UUID | None:
    """The unit a field of a fact names, written `unit:<uuid>` or plain; None where it names none."""
    try:
        return UUID(str(ref).removeprefix("unit:"))
    except ValueError:
        return None


@dataclass(slots=True)
class _Fold:
    """The person as the facts so far leave them. `live`: a handover not yet received."""

    grounds: set[str] = field(default_factory=set)
    holdings: list[Holding] = field(default_factory=list)
    handovers: list[Handover] = field(default_factory=list)
    void: dict[str, Breach] = field(default_factory=dict)

    def take(self, act: Act) -> None:
        if act.kind in HANDOVERS:
            if breach := self._link(act):
                self.void[act.id] = breach
        elif act.kind in _ENDINGS:
            self._end(act)
        elif ground := _ground(act):
            self.grounds = self.grounds - {MOVED} | {ground}
            if not self._managed:
                self._hold(act, act.unit or act.home)

    @property
    def _managed(self) -> bool:
        return bool(self.holdings) and self.holdings[-1].managed

    @property
    def _holder(self) -> UUID | None:
        return self.holdings[-1].unit if self.holdings else None

    @property
    def _last(self) -> Handover | None:
        return self.handovers[-1] if self.handovers else None

    @property
    def _live(self) -> Handover | None:
        last = self._last
        return last if last and last.stage in ("requested", "accepted", "departed") else None

    def _hold(self, act: Act, unit: UUID | None, *, managed: bool = True) -> None:
        """The person passes into the hands of a unit; of one instant the last counts, and the same again is nothing."""
        if self.holdings and self.holdings[-1].since == act.at:
            self.holdings.pop()
        before = self.holdings[-1] if self.holdings else None
        if (unit, managed) != ((before.unit, before.managed) if before else (None, False)):
            self.holdings.append(Holding(act.at, unit, managed, act.id))

    def _end(self, act: Act) -> None:
        ended = _ended(act, self.grounds)
        if ended is None:
            self.grounds = set()
            if self._live:
                self._stage("ended", act)
        else:
            self.grounds -= ended
        self._let_go(act)

    def _let_go(self, act: Act) -> None:
        """Nobody holds whom nothing is left to manage for."""
        if self._managed and not self.grounds and not self._live:
            self._hold(act, None, managed=False)
            if self._last and self._last.stage == "received":
                self._stage("ended", act)

    def _link(self, act: Act) -> Breach | None:
        if act.unit is None:
            return Breach("nobody")
        if act.kind == OPENED:
            return self._request(act, act.unit)
        handover = self._last if act.kind == "handover.settled" else self._live
        if handover is None:
            return self._missing(act)
        breach = _misfit(act, handover)
        if breach is None:
            self._advance(act, handover)
        return breach

    def _missing(self, act: Act) -> Breach:
        """Nothing is under way: it is done already, or was never asked for."""
        last = self._last
        stage = act.kind.removeprefix("handover.")
        if last and act.unit == last.receiver and stage == "received" and last.stage in ("received", "settled"):
            return Breach("already", last.receiver)
        return Breach("unasked", self._holder)

    def _request(self, act: Act, sender: UUID) -> Breach | None:
        receiver = as_unit(act.data.get("to"))
        if self._live:
            return Breach("under_way", self._live.receiver)
        if self._managed and self._holder not in (None, sender):
            return Breach("not_holder", self._holder)
        if _is_other(act.data.get("from"), sender):
            return Breach("not_sender", sender)
        if receiver is None or receiver == sender:
            return Breach("no_receiver", sender)
        if self._last and self._last.stage == "received":
            self._stage("passed_on", act)
        if not self._managed:
            self.grounds = {MOVED}
        self._hold(act, sender)
        self.handovers.append(Handover(act.id, sender, receiver, "requested", act.at, act.at))
        self._stage("requested", act, **_travel(act.data), **_reason(act.data))
        return None

    def _advance(self, act: Act, handover: Handover) -> None:
        stage = act.kind.removeprefix("handover.")
        times = {} if stage in ("refused", "cancelled") else {f"{stage}_at": act.at}
        self._stage(stage, act, **times, **_travel(act.data), **({} if times else _reason(act.data)))
        if stage == "received":
            self.grounds = self.grounds or {MOVED}
            self._hold(act, handover.receiver)
        elif not times:
            self._let_go(act)

    def _stage(self, stage: str, act: Act, **changes: Any) -> None:
        self.handovers[-1] = replace(self.handovers[-1], stage=stage, stage_at=act.at, **changes)


def _misfit(act: Act, handover: Handover) -> Breach | None:
    """Why an act does not belong to the handover as it stands."""
    wanted, actors = _RULES[act.kind.removeprefix("handover.")]
    allowed = {getattr(handover, actor) for actor in actors}
    if act.unit not in allowed and not (act.carries and "carrier" in actors):
        return Breach("not_asked" if actors[0] == "receiver" else "not_party", getattr(handover, actors[0]))
    if _is_other(act.data.get("to"), handover.receiver):
        return Breach("not_asked", handover.receiver)
    if _is_other(act.data.get("from"), handover.sender):
        return Breach("not_sender", handover.sender)
    if handover.stage not in wanted:
        return Breach(_OUT_OF_ORDER.get((act.kind, handover.stage), "already"), handover.receiver)
    return None


_UNDER_WAY = ("requested", "accepted", "departed")
_RULES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "accepted": (("requested",), ("receiver",)),
    "departed": (("accepted",), ("sender", "receiver", "carrier")),
    "received": (("accepted", "departed"), ("receiver",)),
    "settled": (("received",), ("receiver",)),
    "refused": (_UNDER_WAY, ("receiver",)),
    "cancelled": (_UNDER_WAY, ("sender",)),
}
"""The stages in which each act fits, and who may do it. A transport team may report the departure."""
_OUT_OF_ORDER = {
    ("handover.departed", "requested"): "not_accepted",
    ("handover.received", "requested"): "not_accepted",
    **{("handover.settled", stage): "not_received" for stage in (*_UNDER_WAY, "refused", "cancelled", "ended")},
    ("handover.settled", "passed_on"): "passed_on",
}


def _is_other(ref: Any, unit: UUID | None) -> bool:
    """True where a field names a unit, and another one."""
    return ref is not None and as_unit(ref) != unit


def _travel(data: Mapping[str, Any]) -> dict[str, Any]:
    """How the person travels, as far as this fact says."""
    said = {name: str(data[name]) for name in ("vehicle", "crew") if data.get(name)}
    ids = {"carrier": as_unit(data.get("carrier")), "trip": id_of(data.get("trip"))}
    return {**said, **{name: id for name, id in ids.items() if id}}


def _reason(data: Mapping[str, Any]) -> dict[str, str]:
    return {"reason": str(data["reason"])} if data.get("reason") else {}


def _ground(act: Act) -> str:
    """What a beginning gives for a ground; empty for an entry in a register of the well."""
    if act.kind in ILL:
        return act.episode
    if act.kind != "person.enrolled":
        return ISOLATION
    category = str(act.data.get("category"))
    return "" if category in REGISTERS else f"category:{category}"


def _ended(act: Act, grounds: Iterable[str]) -> set[str] | None:
    """The grounds an ending takes away; None where the person died, which takes all."""
    reason, category = act.data.get("reason"), act.data.get("category")
    if act.kind == "episode.died" or (act.kind == "isolation.ended" and reason == "died"):
        return None
    if act.kind.startswith("episode."):
        return set() if act.data.get("outcome") == "transferred" else {act.episode}
    if act.kind == "person.withdrawn" and category:
        return {f"category:{category}"}
    if act.kind == "isolation.ended" and reason not in ("completed", "excluded"):
        return set() if reason == "transferred" else {ISOLATION}
    kept = f"category:{FOLLOWED}" if act.kind == "isolation.ended" else ""
    return {ground for ground in grounds if not ground.startswith("episode:") and ground != kept}
