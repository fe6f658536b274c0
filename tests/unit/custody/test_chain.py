"""The chain, case by case, as a clerk would tell it."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from bulou.custody.chain import Act, Breach, chain
from bulou.kernel.clock import SHANGHAI

NINE = datetime(2020, 2, 3, 9, tzinfo=SHANGHAI)
VILLAGE, SITE, HOSPITAL, CAR = (UUID(int=n, version=4) for n in (1, 2, 3, 4))
EPISODE = "episode:one"


def act(kind: str, hours: float, unit: UUID | None = VILLAGE, /, **data: str) -> Act:
    episode = EPISODE if kind.startswith("episode.") else ""
    data = {name.rstrip("_"): value for name, value in data.items()}
    return Act(f"{kind}@{hours}", kind, NINE + timedelta(hours=hours), data, unit, VILLAGE, episode)


def link(name: str, hours: float, unit: UUID | None = VILLAGE, /, **data: str) -> Act:
    return act(f"handover.{name}", hours, unit, **data)


ENROLLED = act("person.enrolled", 0, category="close_contact")
REQUESTED = link("requested", 1, to=f"unit:{SITE}")
ACCEPTED = link("accepted", 2, SITE)
DEPARTED = link("departed", 3, vehicle="青C12345", crew="王师傅")
RECEIVED = link("received", 4, SITE)
SETTLED = link("settled", 5, SITE)
JOURNEY = (ENROLLED, REQUESTED, ACCEPTED, DEPARTED, RECEIVED, SETTLED)


def holders(*acts: Act) -> list[tuple[float, UUID | None]]:
    """(hours after nine, holder) of each change; None: nobody any more."""
    return [((held.since - NINE) / timedelta(hours=1), held.unit) for held in chain(acts).holdings]


def why(*acts: Act) -> list[tuple[str, UUID | None]]:
    """The codes of what does not fit."""
    return [(breach.code, breach.unit) for breach in chain(acts).void.values()]


def test_custody_passes_with_the_receipt_and_not_before() -> None:
    assert holders(*JOURNEY) == [(0, VILLAGE), (4, SITE)]


def test_a_handover_keeps_the_time_of_each_link_and_how_the_person_travelled() -> None:
    (handover,) = chain(JOURNEY).handovers

    assert (handover.sender, handover.receiver, handover.stage) == (VILLAGE, SITE, "settled")
    assert [handover.requested_at, handover.accepted_at, handover.departed_at, handover.received_at] == [
        NINE + timedelta(hours=n) for n in (1, 2, 3, 4)
    ]
    assert (handover.vehicle, handover.crew) == ("青C12345", "王师傅")


def test_a_trip_named_at_any_link_is_the_trip_of_the_handover_and_the_last_one_named_counts() -> None:
    bus, car = str(UUID(int=7, version=4)), str(UUID(int=8, version=4))
    asked = link("requested", 1, to=f"unit:{SITE}", trip=bus)

    (planned,) = chain([ENROLLED, asked, ACCEPTED]).handovers
    (changed,) = chain([ENROLLED, asked, ACCEPTED, link("departed", 3, trip=car)]).handovers
    (alone,) = chain([ENROLLED, link("requested", 1, to=f"unit:{SITE}", trip="the bus")]).handovers

    assert [str(planned.trip), str(changed.trip), alone.trip] == [bus, car, None]


@pytest.mark.parametrize("first", ["person.enrolled", "isolation.ordered", "isolation.started", "episode.suspected"])
def test_the_unit_that_reports_a_beginning_holds_the_person(first: str) -> None:
    assert holders(act(first, 0, SITE, category="arrival")) == [(0, SITE)]


def test_where_no_unit_reports_the_responsible_one_holds() -> None:
    assert holders(act("isolation.started", 0, None, kind="home")) == [(0, VILLAGE)]


def test_a_further_ground_changes_no_hands() -> None:
    assert holders(*JOURNEY, act("episode.confirmed", 6, HOSPITAL)) == [(0, VILLAGE), (4, SITE)]


def test_a_list_of_the_well_puts_nobody_into_anybodys_hands() -> None:
    assert holders(act("person.enrolled", 0, category="school_staff")) == []


def test_who_asks_for_a_handover_of_somebody_nobody_holds_holds_them_and_goes_on_after_a_refusal() -> None:
    acts = [link("requested", 1, HOSPITAL, to=str(SITE)), link("refused", 2, SITE, reason="满员")]

    assert holders(*acts) == [(1, HOSPITAL)]


@pytest.mark.parametrize(
    ("ending", "released"),
    [
        (act("isolation.ended", 9, reason="completed"), True),
        (act("isolation.ended", 9, reason="excluded"), True),
        (act("isolation.ended", 9, reason="died"), True),
        (act("isolation.ended", 9, reason="transferred"), False),
        (act("isolation.ended", 9), False),
        (act("person.withdrawn", 9), True),
        (act("person.withdrawn", 9, category="arrival"), False),
        (act("episode.died", 9), True),
    ],
)
def test_what_ends_custody_of_an_enrolled_person_in_isolation(ending: Act, released: bool) -> None:
    found = holders(ENROLLED, act("isolation.started", 1, kind="home"), ending)

    assert found == [(0, VILLAGE), *([(9, None)] if released else [])]


def test_a_patient_is_not_released_by_the_end_of_an_isolation_but_by_discharge() -> None:
    ill = [ENROLLED, act("episode.confirmed", 1, HOSPITAL), act("isolation.ended", 9, reason="completed")]

    assert holders(*ill) == [(0, VILLAGE)]
    assert holders(*ill, act("episode.discharged", 20, HOSPITAL, outcome="recovered"))[-1] == (20, None)
    assert holders(*ill, act("episode.discharged", 20, HOSPITAL, outcome="transferred")) == [(0, VILLAGE)]


def test_whoever_is_released_on_the_way_is_held_until_the_way_ends() -> None:
    released = act("isolation.ended", 3.5, reason="completed")

    assert holders(*JOURNEY[:4], released) == [(0, VILLAGE)]
    assert holders(*JOURNEY[:4], released, RECEIVED) == [(0, VILLAGE), (4, SITE)]
    assert holders(*JOURNEY[:4], released, link("cancelled", 4, reason="回家")) == [(0, VILLAGE), (4, None)]


def test_death_ends_a_handover_under_way() -> None:
    found = chain([*JOURNEY[:4], act("episode.died", 3.5, HOSPITAL)])

    assert [handover.stage for handover in found.handovers] == ["ended"]
    assert not found.holdings[-1].managed


def test_a_person_is_handed_on_before_the_last_link_is_recorded() -> None:
    on = link("requested", 4.5, SITE, to=str(HOSPITAL))
    found = chain([*JOURNEY[:5], on, link("accepted", 5, HOSPITAL), link("received", 6, HOSPITAL)])

    assert [handover.stage for handover in found.handovers] == ["passed_on", "received"]
    assert not found.void


@pytest.mark.parametrize(
    ("acts", "breach"),
    [
        ([link("requested", 1, SITE, to=str(HOSPITAL))], ("not_holder", VILLAGE)),
        ([link("requested", 1, None, to=str(SITE))], ("nobody", None)),
        ([link("requested", 1)], ("no_receiver", VILLAGE)),
        ([link("requested", 1, to=str(VILLAGE))], ("no_receiver", VILLAGE)),
        ([link("requested", 1, to=str(SITE), from_=str(HOSPITAL))], ("not_sender", VILLAGE)),
        ([REQUESTED, link("requested", 2, to=str(HOSPITAL))], ("under_way", SITE)),
        ([ACCEPTED], ("unasked", VILLAGE)),
        ([REQUESTED, link("accepted", 2, HOSPITAL)], ("not_asked", SITE)),
        ([REQUESTED, link("accepted", 2, SITE, to=str(HOSPITAL))], ("not_asked", SITE)),
        ([REQUESTED, link("departed", 2)], ("not_accepted", SITE)),
        ([REQUESTED, link("received", 2, SITE)], ("not_accepted", SITE)),
        ([REQUESTED, ACCEPTED, link("accepted", 3, SITE)], ("already", SITE)),
        ([REQUESTED, ACCEPTED, link("departed", 3, HOSPITAL)], ("not_party", VILLAGE)),
        ([REQUESTED, ACCEPTED, link("received", 3, HOSPITAL)], ("not_asked", SITE)),
        ([REQUESTED, ACCEPTED, link("settled", 3, SITE)], ("not_received", SITE)),
        ([*JOURNEY[1:5], link("received", 4.5, SITE)], ("already", SITE)),
        ([*JOURNEY[1:], link("settled", 6, SITE)], ("already", SITE)),
        ([REQUESTED, link("cancelled", 2, SITE, reason="x")], ("not_party", VILLAGE)),
        ([REQUESTED, link("refused", 2, VILLAGE, reason="x")], ("not_asked", SITE)),
    ],
)
def test_what_breaks_the_chain_does_not_count_and_says_why(acts: list[Act], breach: tuple[str, UUID | None]) -> None:
    assert why(ENROLLED, *acts) == [breach]


def test_a_transport_team_may_report_the_departure_and_so_may_the_named_carrier() -> None:
    team = Act("car", "handover.departed", NINE + timedelta(hours=3), {}, CAR, carries=True)
    named = link("requested", 1, to=str(SITE), carrier=f"unit:{CAR}")

    assert why(ENROLLED, REQUESTED, ACCEPTED, team) == []
    assert why(ENROLLED, named, ACCEPTED, link("departed", 3, CAR)) == []


def test_links_of_one_minute_stand_in_their_order() -> None:
    acts = [Act(f"{9 - n}", one.kind, NINE, one.data, one.unit) for n, one in enumerate(JOURNEY)]

    found = chain(acts)

    assert found.void == {}
    assert [held.unit for held in found.holdings] == [SITE]


def test_nobody_holds_before_the_beginning() -> None:
    assert chain([ENROLLED]).at(NINE - timedelta(seconds=1)) is None


def test_a_breach_compares_by_what_it_says() -> None:
    assert chain([ENROLLED, ACCEPTED]).void == {ACCEPTED.id: Breach("unasked", VILLAGE)}
