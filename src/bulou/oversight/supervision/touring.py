"""Planning a tour, and being at one of its stops."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from bulou.directory.models import Account, Place, Unit
from bulou.kernel.areas import contains
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.kernel.ids import id_of
from bulou.ledger import acts
from bulou.oversight.supervision.models import Stop, Tour
from bulou.oversight.supervision.tours import LONGEST, PLANNED, STOP

MOST = 200
"""Stops of one tour: what a team can still mean."""


def plan_tour(
    name: str, members: Sequence[str], stops: Sequence[str], days: int, *, by: Account, id: UUID, clause: str = ""
) -> Tour:
    """A team is to come round to these areas, places and units, in this order. Sent twice, a form is one tour.

    BulouError where it has no name, nobody who goes, nowhere to go, or goes where the account does not answer.
    """
    who = [one.strip() for one in members if one.strip()]
    route = list(dict.fromkeys(stops))
    if not name.strip() or not who or not 0 < len(route) <= MOST or not 1 <= days <= LONGEST:
        raise BulouError.of(
            "tour.incomplete",
            f"请填写名称、人员和 1 至 {LONGEST} 天，并选择至少一个、至多 {MOST} 个督导点；没有登记。",
            f"Give a name, who goes, 1 to {LONGEST} days and 1 to {MOST} stops; nothing was recorded.",
        )
    areas = _areas(route, by)
    shared = acts.given(name=name.strip(), clause=clause.strip(), days=days)
    tour = acts.fact(PLANNED, f"area:{by.area}", by.area, shared | {"members": who}, by, id)
    facts = [_stop(n, subject, areas[subject], shared, tour, by) for n, subject in enumerate(route, 1)]
    acts.record(tour, by, facts)
    return Tour.objects.get(id=id)


def _stop(n: int, subject: str, area: str, shared: dict[str, object], tour: Fact, by: Account) -> Fact:
    data = {"tour": tour.id, "n": n} | shared
    return acts.fact(STOP, subject, area, data, by, uuid5(UUID(tour.id), subject))


def _areas(route: Sequence[str], by: Account) -> dict[str, str]:
    """Where each stop lies. Two queries. BulouError for one that is not in the account's area."""
    found = {one: one.removeprefix("area:") for one in route if one.startswith("area:")}
    for kind, table in (("place", Place), ("unit", Unit)):
        ids = [id for one in route if one.startswith(f"{kind}:") and (id := id_of(one, kind))]
        rows = table._default_manager.filter(id__in=ids).values_list("id", "area") if ids else ()
        found |= {f"{kind}:{id}": str(area) for id, area in rows}
    if any(one not in found or not contains(by.area, found[one]) for one in route):
        raise BulouError.of(
            "tour.stop",
            "有督导点不在本属地；没有登记。",
            "One of the stops is not in your area; nothing was recorded.",
        )
    return found


def visit(stop: UUID, words: str, passed: bool, *, by: Account, id: UUID) -> None:
    """The team was there, what it saw, and whether all was well. BulouError where it was visited already."""
    found = Stop.objects.filter(id=stop).first()
    if found is None or not contains(by.area, found.area) or found.visited_at is not None:
        raise BulouError.of(
            "tour.visited",
            "属地内没有这个督导点，或已经去过；没有登记。",
            "There is no such stop in your area, or it has been visited; nothing was recorded.",
        )
    if not words.strip():
        raise BulouError.of("tour.words", "请写明看到的情况；没有登记。", "Say what was seen; nothing was recorded.")
    said = acts.given(clause=found.clause, words=words.strip(), tour=str(found.tour_id), passed=passed)
    acts.record(acts.fact("inspection.made", found.subject, found.area, said, by, id), by)
