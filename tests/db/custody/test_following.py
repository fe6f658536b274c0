"""What is stored is what the facts say, whatever order they came in."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from bulou.custody.chain import BEARING, ILL, Act, as_unit, chain
from bulou.custody.models import Custody, Handover
from bulou.directory.models import Account, Person
from bulou.directory.scope import everywhere, scope
from bulou.kernel import clock
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import holding, selectors, services
from db.custody.conftest import NINE, NOW, VILLAGE, Hands, codes, enrolled, fact, journey, record
from handovers import EPISODE, START, life


def held(person: Person) -> list[tuple[float, UUID | None, bool]]:
    """(hours after nine, holder, whether managed) of each change."""
    with everywhere():
        rows = Custody.objects.filter(person=person).order_by("since").values_list("since", "unit", "managed")
        return [((since - NINE) / timedelta(hours=1), unit, managed) for since, unit, managed in rows]


def stages(person: Person) -> list[str]:
    with everywhere():
        return list(Handover.objects.filter(person=person).order_by("requested_at").values_list("stage", flat=True))


def withdrawal(of: Fact) -> Fact:
    return Fact(str(new_id()), "fact.withdrawn", of.subject, of.area, NOW, of.by, {"reason": "误记"}, of.id)


def test_a_journey_passes_custody_with_the_receipt(person: Person, hands: Hands) -> None:
    record(enrolled(person, hands))
    for step in journey(person, hands):
        assert record(step).created == 1

    assert held(person) == [(0, hands.village.pk, True), (4, hands.site.pk, True)]
    assert stages(person) == ["settled"]


def test_a_whole_journey_in_one_batch_gives_the_same(person: Person, hands: Hands) -> None:
    receipt = record(*reversed([enrolled(person, hands), *journey(person, hands)]))

    assert (receipt.created, codes(receipt)) == (6, [])
    assert held(person) == [(0, hands.village.pk, True), (4, hands.site.pk, True)]


def test_a_late_enrolment_moves_the_beginning(person: Person, hands: Hands) -> None:
    record(*journey(person, hands))

    record(enrolled(person, hands, hours=-24))

    assert held(person) == [(-24, hands.village.pk, True), (4, hands.site.pk, True)]


def test_a_receipt_withdrawn_gives_the_person_back_to_the_sender(person: Person, hands: Hands) -> None:
    steps = journey(person, hands)[:4]
    record(enrolled(person, hands), *steps)

    record(withdrawal(steps[-1]))

    assert held(person) == [(0, hands.village.pk, True)]
    assert stages(person) == ["departed"]


def test_a_corrected_time_moves_the_receipt(person: Person, hands: Hands) -> None:
    *before, received, _ = [enrolled(person, hands), *journey(person, hands)]
    record(*before, received)
    right = fact("handover.received", person, 3.5, hands.site)

    receipt = record(Fact(right.id, right.kind, right.subject, right.area, right.at, right.by, {}, received.id))

    assert codes(receipt) == []
    assert held(person) == [(0, hands.village.pk, True), (3.5, hands.site.pk, True)]


def test_a_release_ends_custody_and_a_later_beginning_starts_it_again(person: Person, hands: Hands) -> None:
    record(enrolled(person, hands), fact("isolation.ended", person, 5, None, reason="completed"))
    record(fact("isolation.ordered", person, 7, hands.site, kind_="central"))

    assert held(person) == [(0, hands.village.pk, True), (5, None, False), (7, hands.site.pk, True)]


def test_an_illness_is_recorded_on_its_episode_and_bears_on_its_person(person: Person, hands: Hands) -> None:
    ill = {"disease": "covid-19-2020", "person": f"person:{person.pk}"}
    record(fact("episode.suspected", EPISODE, 1, hands.hospital, **ill))

    record(fact("episode.died", EPISODE, 6, hands.hospital))

    assert held(person) == [(1, hands.hospital.pk, True), (6, None, False)]


def test_an_illness_withdrawn_leaves_no_trace(person: Person, hands: Hands) -> None:
    ill = fact("episode.suspected", EPISODE, 1, hands.hospital, disease="covid-19-2020", person=f"person:{person.pk}")
    record(ill)

    record(withdrawal(ill))

    assert held(person) == []


def test_who_signs_with_an_account_acts_for_its_unit(
    person: Person, hands: Hands, make_account: Callable[..., Account]
) -> None:
    account = make_account("site", hands.site, "isolation_site")
    unsigned = fact("isolation.started", person, 0, None, kind_="central")
    signed = fact("isolation.started", person, -1, None, kind_="central")

    with clock.at(NOW):
        services.record([unsigned], account=account.pk)
    assert held(person) == [(0, hands.site.pk, True)]

    record(Fact(signed.id, signed.kind, signed.subject, VILLAGE, signed.at, f"account:{account.pk}", signed.data))
    assert held(person) == [(-1, hands.site.pk, True)]


def test_where_no_unit_acts_the_nearest_responsible_one_holds(person: Person, hands: Hands) -> None:
    record(fact("isolation.started", person, 0, None, kind_="home"))

    assert held(person) == [(0, hands.village.pk, True)]


def test_where_no_unit_answers_that_is_said_and_not_hidden(areas: object) -> None:
    with everywhere():
        person = Person.objects.create(name="乙", area_id="450103")
    stray = Fact(str(new_id()), "isolation.started", f"person:{person.pk}", "450103", NINE, None, {"kind": "home"})

    record(stray)

    assert held(person) == [(0, None, True)]


def test_what_lies_ahead_counts_when_the_clock_reaches_it(person: Person, hands: Hands) -> None:
    record(enrolled(person, hands), *journey(person, hands), now=NINE + timedelta(hours=2))
    assert held(person) == [(0, hands.village.pk, True)]

    with clock.at(NOW):
        services.advance()

    assert held(person) == [(0, hands.village.pk, True), (4, hands.site.pk, True)]


def test_a_clock_set_back_takes_custody_back(person: Person, hands: Hands) -> None:
    record(enrolled(person, hands), *journey(person, hands))

    with clock.at(NINE + timedelta(hours=3)):
        services.advance()

    assert held(person) == [(0, hands.village.pk, True)]
    assert stages(person) == ["departed"]


@pytest.mark.parametrize("seed", range(25))
def test_stored_is_what_the_reference_says_for_any_order_of_arrival(person: Person, hands: Hands, seed: int) -> None:
    rnd = random.Random(seed)
    steps = [tuple(rnd.randint(0, most) for most in (9, 9, 4, 3, 5)) for _ in range(rnd.randint(3, 22))]
    units = {UUID(int=n, version=4): unit.pk for n, unit in enumerate(hands, 1)} | {
        UUID(int=9, version=4): hands.village.pk
    }
    facts = [as_fact(one, person, units) for one in life(steps)]  # type: ignore[arg-type]
    rnd.shuffle(facts)
    facts += rnd.sample(facts, min(3, len(facts)))
    while facts:
        size = rnd.randint(1, 4)
        record(*facts[:size])
        facts = facts[size:]

    found = chain(acts_of(person, hands))

    with everywhere():
        assert holding.differing(NOW) == []
        rows = Custody.objects.filter(person=person).order_by("since")
        stored = [(one.since, one.unit_id, one.managed, str(one.fact)) for one in rows]
        moved = {one.pk: one for one in Handover.objects.filter(person=person)}
    assert stored == [(one.since, one.unit, one.managed, one.fact) for one in found.holdings]
    assert moved.keys() == {UUID(one.id) for one in found.handovers}
    for one in found.handovers:
        row = moved[UUID(one.id)]
        assert (row.sender_id, row.receiver_id, row.stage) == (one.sender, one.receiver, one.stage)
        assert (row.stage_at, row.received_at, row.reason) == (one.stage_at, one.received_at, one.reason)


def as_fact(act: Act, person: Person, units: dict[UUID, UUID]) -> Fact:
    """A step of a random life as a fact about the person, with the units of this house."""
    data = dict(act.data)
    if "to" in data:
        data["to"] = f"unit:{units[as_unit(data['to'])]}"  # type: ignore[index]
    if act.kind in ("handover.refused", "handover.cancelled"):
        data["reason"] = "满员"
    if act.kind in ("episode.suspected", "episode.confirmed"):
        data |= {"disease": "covid-19-2020", "person": f"person:{person.pk}"}
    subject = act.episode or f"person:{person.pk}"
    by = f"unit:{units[act.unit]}" if act.unit else None
    return Fact(act.id, act.kind, subject, VILLAGE, act.at - START + NINE - timedelta(days=3), by, data)


def acts_of(person: Person, hands: Hands) -> list[Act]:
    """What the ledger knows, read plainly."""
    with everywhere():
        rows = [*selectors.facts_of(f"person:{person.pk}"), *selectors.facts_of(EPISODE)]
    named = any(row.effective and row.kind in ILL for row in rows)
    return [
        Act(
            str(row.id),
            row.kind,
            row.at,
            row.data,
            as_unit(row.by) if row.by else None,
            hands.village.pk,
            row.subject if row.subject == EPISODE else "",
            row.by == f"unit:{hands.car.pk}",
        )
        for row in rows
        if row.effective and row.kind in BEARING and (named or row.subject != EPISODE)
    ]


def test_two_holders_at_one_instant_cannot_be_stored(person: Person, hands: Hands) -> None:
    record(enrolled(person, hands))

    with (
        everywhere(),
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO custody (person, since, unit, managed, fact, area)"
            " SELECT person, since, %s, true, fact, area FROM custody",
            [hands.site.pk],
        )


def test_what_holders_there_were_is_never_edited(person: Person, hands: Hands) -> None:
    record(enrolled(person, hands))

    with everywhere(), pytest.raises(Exception, match="permission denied"), transaction.atomic():
        Custody.objects.update(unit=hands.site)


def test_a_handover_is_seen_where_its_sender_and_its_receiver_are(person: Person, hands: Hands) -> None:
    record(enrolled(person, hands), *journey(person, hands, hands.hospital))

    seen = {}
    for area in (VILLAGE, "120102", "120101001002", "45"):
        with scope(area):
            seen[area] = (Handover.objects.count(), Custody.objects.count())

    assert seen == {VILLAGE: (1, 2), "120102": (1, 1), "120101001002": (0, 0), "45": (0, 0)}


def test_a_batch_takes_the_same_statements_however_many_people_it_is_about(
    hands: Hands, django_assert_max_num_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    with everywhere():
        people = Person.objects.bulk_create(Person(name=f"人{n}", area_id=VILLAGE) for n in range(40))
    facts = [step for one in people for step in (enrolled(one, hands), *journey(one, hands))]
    record(*facts[:6])

    with django_assert_max_num_queries(40):
        receipt = record(*facts[6:])

    assert receipt.created == 39 * 6
    with everywhere():
        assert Custody.objects.count() == 80


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM custody WHERE since > %s",
        "UPDATE handover SET stage = 'accepted' WHERE stage_at > %s",
        "DELETE FROM handover WHERE stage_at > %s",
    ],
)
def test_what_was_stored_otherwise_is_found_by_the_verification(person: Person, hands: Hands, damage: str) -> None:
    record(enrolled(person, hands), *journey(person, hands))
    with everywhere():
        assert holding.differing(NOW) == []
        with connection.cursor() as cursor:
            cursor.execute(damage, [NINE])
            assert cursor.rowcount == 1

        assert holding.differing(NOW) == [person.pk]


def test_who_is_held_without_any_fact_is_found_too(person: Person, hands: Hands) -> None:
    with everywhere():
        Custody.objects.create(
            person=person, since=NINE, unit=hands.site, managed=True, fact=new_id(), area=VILLAGE, unit_area="120101"
        )

        assert holding.differing(NOW) == [person.pk]
