"""Random lives of one managed person: beginnings, links, refusals, endings; sensible steps among senseless ones."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from bulou.custody.chain import Act, chain
from bulou.kernel.clock import SHANGHAI

START = datetime(2020, 2, 1, 8, tzinfo=SHANGHAI)
UNITS = tuple(UUID(int=n, version=4) for n in range(1, 5))
HOME = UUID(int=9, version=4)
EPISODE = "episode:0197c0de-0000-7000-8000-000000000002"
BEGINNINGS: tuple[tuple[str, dict[str, str]], ...] = (
    ("person.enrolled", {"category": "close_contact"}),
    ("person.enrolled", {"category": "school_staff"}),
    ("isolation.ordered", {"kind": "central"}),
    ("isolation.started", {"kind": "home"}),
    ("episode.suspected", {}),
    ("episode.confirmed", {}),
)
ENDINGS: tuple[tuple[str, dict[str, str]], ...] = (
    ("isolation.ended", {"reason": "completed"}),
    ("isolation.ended", {"reason": "transferred"}),
    ("isolation.ended", {}),
    ("isolation.ended", {"reason": "died"}),
    ("person.withdrawn", {"category": "close_contact"}),
    ("person.withdrawn", {}),
    ("episode.excluded", {}),
    ("episode.discharged", {"outcome": "recovered"}),
    ("episode.discharged", {"outcome": "transferred"}),
    ("episode.died", {}),
)
LINKS = ("requested", "accepted", "departed", "received", "settled", "refused", "cancelled")
NEXT = {"requested": "accepted", "accepted": "departed", "departed": "received", "received": "settled"}

Step = tuple[int, int, int, int, int]
"""What sort of step, which of that sort, who, to whom, and how many quarters of an hour later."""
steps = st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 4), st.integers(0, 3), st.integers(0, 5))
lives = st.lists(steps, max_size=25)


def life(given: Sequence[Step]) -> list[Act]:
    """The steps as facts, in order of time; six steps in ten are what would be done next."""
    acts: list[Act] = []
    at = START
    for number, (sort, which, who, to, gap) in enumerate(given):
        at += timedelta(minutes=15 * gap)
        acts.append(_act(number, at, sort, which, who, to, acts))
    return acts


def _act(number: int, at: datetime, sort: int, which: int, who: int, to: int, acts: Sequence[Act]) -> Act:
    id = str(UUID(int=number + 100, version=4))
    unit = UNITS[who] if who < len(UNITS) else None
    if sort == 0:
        kind, data = BEGINNINGS[which % len(BEGINNINGS)]
    elif sort == 1:
        kind, data = ENDINGS[which]
    elif sort < 4:
        kind, data = f"handover.{LINKS[which % len(LINKS)]}", {"to": f"unit:{UNITS[to]}"}
    else:
        return _sensible(id, at, to, acts)
    return Act(id, kind, at, data, unit, HOME, EPISODE if kind.startswith("episode.") else "")


def _sensible(id: str, at: datetime, to: int, acts: Sequence[Act]) -> Act:
    """The next link of the handover under way, or the request for another by who holds the person."""
    found = chain(acts)
    last = found.handovers[-1] if found.handovers else None
    if last and (following := NEXT.get(last.stage)):
        unit = last.sender if following == "departed" else last.receiver
        return Act(id, f"handover.{following}", at, {}, unit, HOME)
    holder = found.holdings[-1].unit if found.holdings and found.holdings[-1].managed else UNITS[0]
    receiver = next(unit for unit in (*UNITS[to:], *UNITS) if unit != holder)
    return Act(id, "handover.requested", at, {"to": str(receiver)}, holder, HOME)
