"""Somebody handed over to the site: expected on the board, received and settled by being given a room."""

from collections.abc import Callable, Iterator

import pytest

from bulou.custody.models import Handover
from bulou.custody.selectors import holders
from bulou.directory.models import Unit
from bulou.directory.scope import everywhere, scope
from bulou.kernel import clock
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.no_miss.isolation import selectors, services

from .conftest import DAY, NOW, House

Send = Callable[..., None]


@pytest.fixture(autouse=True)
def seen(areas: object) -> Iterator[None]:
    with scope("120101"):
        yield


@pytest.fixture
def send(house: House, village: Unit) -> Send:
    """`send("requested", "accepted")`: the village hands the first person over to the site, as far as said."""
    subject = f"person:{house.people[0]}"

    def sent(*stages: str) -> None:
        for n, stage in enumerate(stages):
            by = house.site if stage == "accepted" else village
            data = {"to": f"unit:{house.site.pk}"} if stage == "requested" else {"vehicle": "津A12345"}
            at = NOW - DAY + n * DAY / 24
            fact = Fact(str(new_id()), f"handover.{stage}", subject, "120101001001", at, f"unit:{by.pk}", data)
            assert ledger.record([fact]).refused == ()

    return sent


@pytest.mark.parametrize("stages", [("requested",), ("requested", "accepted"), ("requested", "accepted", "departed")])
def test_a_room_settles_the_handover_however_far_it_was(house: House, send: Send, stages: tuple[str, ...]) -> None:
    send(*stages)
    assert [(one.name, one.stage) for one in selectors.expected(house.site.pk)] == [("甲", stages[-1])]

    services.admit(house.people[0], house.rooms[0], by=house.manager)

    assert selectors.expected(house.site.pk) == []
    with everywhere():
        assert Handover.objects.get(person=house.people[0]).stage == "settled"
        assert holders([house.people[0]])[house.people[0]].unit == house.site.pk


def test_a_refused_room_leaves_the_handover_where_it_was(house: House, send: Send) -> None:
    send("requested", "accepted", "departed")
    services.take_out_of_use(house.rooms[0], "flooded", by=house.manager)

    with pytest.raises(Exception, match="out of use"):
        services.admit(house.people[0], house.rooms[0], by=house.manager)

    assert [one.stage for one in selectors.expected(house.site.pk)] == ["departed"]


def test_who_was_not_handed_over_is_admitted_all_the_same(house: House) -> None:
    services.admit(house.people[1], house.rooms[0], by=house.manager)

    assert house.stays(1)[0].room_id == house.rooms[0]


def test_the_same_admission_sent_twice_hands_over_once(house: House, send: Send) -> None:
    send("requested")
    id = new_id()

    for later in (0, 1):
        with clock.at(NOW + later * DAY / 1440):
            services.admit(house.people[0], house.rooms[0], by=house.manager, id=id)

    with everywhere():
        assert Handover.objects.filter(person=house.people[0]).count() == 1
