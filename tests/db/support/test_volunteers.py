"""Volunteers follow from facts: who joins twice is one, who left may come again."""

from datetime import timedelta

from bulou.directory.scope import everywhere, scope
from bulou.kernel import clock
from bulou.ledger import services as ledger
from bulou.operations.support import selectors
from bulou.operations.support.models import Volunteer

from .conftest import NOW, Village

HOUR = timedelta(hours=1)


def times() -> list[tuple[int, int | None]]:
    with everywhere():
        found = Volunteer.objects.order_by("since").values_list("since", "left_at")
        return [((since - NOW) // HOUR, (left - NOW) // HOUR if left else None) for since, left in found]


def test_joining_twice_is_joining_once_and_who_left_may_come_again(village_of_two: Village) -> None:
    village_of_two.happen("volunteer.joined", 0, NOW, skills="has a car")
    village_of_two.happen("volunteer.joined", 0, NOW + HOUR)
    village_of_two.happen("volunteer.left", 0, NOW + 2 * HOUR)
    village_of_two.happen("volunteer.left", 0, NOW + 3 * HOUR)
    village_of_two.happen("volunteer.joined", 0, NOW + 4 * HOUR)
    with clock.at(NOW + 5 * HOUR):
        ledger.advance()

    assert times() == [(0, 2), (4, None)]


def test_a_volunteer_is_managed_by_nobody(village_of_two: Village) -> None:
    from bulou.custody import selectors as custody

    village_of_two.happen("volunteer.joined", 0, NOW, skills="has a car")

    with scope("12"):
        (found,) = selectors.volunteers("120101")
        assert custody.holders([village_of_two.people[0]]) == {}
    assert (found.person.name, found.skills) == ("甲", "has a car")
