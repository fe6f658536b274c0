"""Facts that would break the chain are refused by the ledger itself, whichever door they come through."""

from datetime import timedelta
from functools import partial

import pytest

from bulou.custody.models import Custody
from bulou.directory.models import Person
from bulou.directory.scope import everywhere
from bulou.kernel.ids import new_id
from bulou.ledger import services
from db.custody.conftest import NINE, NOW, Hands, codes, enrolled, fact, journey, record
from storm.lineup import at, at_once


@pytest.fixture
def asked(person: Person, hands: Hands) -> Person:
    """The village asked the site to take the person."""
    record(enrolled(person, hands), journey(person, hands)[0])
    return person


def test_who_was_not_asked_cannot_accept(asked: Person, hands: Hands) -> None:
    receipt = record(fact("handover.accepted", asked, 2, hands.hospital))

    assert codes(receipt) == ["custody.not_asked"]
    assert receipt.refused[0].problem.to("zh").startswith("被请求接收的是和平区隔离点")


def test_nobody_leaves_before_the_receiver_agreed(asked: Person, hands: Hands) -> None:
    assert codes(record(fact("handover.departed", asked, 2, hands.village))) == ["custody.not_accepted"]


def test_nobody_hands_over_whom_they_do_not_hold(person: Person, hands: Hands) -> None:
    record(enrolled(person, hands))

    receipt = record(fact("handover.requested", person, 1, hands.site, to=f"unit:{hands.hospital.pk}"))

    assert codes(receipt) == ["custody.not_holder"]
    assert "蓉芳里居委会" in receipt.refused[0].problem.to("en")


@pytest.mark.parametrize("to", [None, "unit:x", f"unit:{new_id()}"])
def test_a_request_names_a_unit_there_is(person: Person, hands: Hands, to: str | None) -> None:
    given = {"to": to} if to else {}

    assert codes(record(fact("handover.requested", person, 1, hands.village, **given))) == ["custody.no_receiver"]


def test_only_whoever_was_asked_receives_and_settles_after_that(person: Person, hands: Hands) -> None:
    record(enrolled(person, hands), *journey(person, hands)[:3])

    strange = record(fact("handover.received", person, 4, hands.hospital))
    early = record(fact("handover.settled", person, 4, hands.site))

    assert (codes(strange), codes(early)) == (["custody.not_asked"], ["custody.not_received"])


def test_the_rest_of_a_batch_is_kept_and_every_fact_is_accounted_for(asked: Person, hands: Hands) -> None:
    wrong = fact("handover.accepted", asked, 2, hands.hospital)
    right = fact("handover.accepted", asked, 2, hands.site)

    receipt = record(wrong, right, fact("temperature.read", asked, 2, hands.village, celsius=36.5))

    assert (receipt.created, codes(receipt), receipt.refused[0].place) == (2, ["custody.not_asked"], 0)


def test_sending_again_what_was_taken_changes_nothing_and_is_not_refused(person: Person, hands: Hands) -> None:
    steps = [enrolled(person, hands), *journey(person, hands)]
    record(*steps)

    receipt = record(*steps)

    assert (receipt.created, receipt.unchanged, codes(receipt)) == (0, 6, [])


def test_an_offline_upload_is_taken_at_its_own_time(asked: Person, hands: Hands) -> None:
    accepted, departed, received, settled = journey(asked, hands)[1:]
    record(accepted, received)

    receipt = record(settled, departed)

    assert (receipt.created, codes(receipt)) == (2, [])


def test_a_late_fact_that_would_undo_a_receipt_is_refused(person: Person, hands: Hands) -> None:
    record(enrolled(person, hands), *journey(person, hands))

    receipt = record(fact("handover.cancelled", person, 2.5, hands.village, reason="改由家属送"))

    assert codes(receipt) == ["custody.too_late"]


def test_a_replacement_is_judged_without_what_it_replaces(asked: Person, hands: Hands) -> None:
    accepted = journey(asked, hands)[1]
    record(accepted)
    again = fact("handover.accepted", asked, 1.5, hands.site)

    receipt = record(type(again)(again.id, again.kind, again.subject, again.area, again.at, again.by, {}, accepted.id))

    assert (receipt.created, codes(receipt)) == (1, [])


@pytest.mark.django_db(transaction=True)
def test_two_receivers_confirm_at_once_and_one_of_them_wins(person: Person, hands: Hands) -> None:
    record(enrolled(person, hands), *journey(person, hands)[:3])
    both = [fact("handover.received", person, 4 + n / 60, hands.site) for n in range(2)]

    receipts = at_once(*(at(NOW, partial(services.record, [one], allow_future=True)) for one in both))

    assert sorted(receipt.created for receipt in receipts) == [0, 1]
    assert [code for receipt in receipts for code in codes(receipt)] in (["custody.already"], ["custody.too_late"])
    with everywhere():
        assert Custody.objects.filter(person=person, unit=hands.site).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_units_take_hold_of_one_person_at_once_and_one_of_them_does(person: Person, hands: Hands) -> None:
    asks = [
        fact("handover.requested", person, 1, unit, to=f"unit:{hands.hospital.pk}")
        for unit in (hands.village, hands.site)
    ]

    receipts = at_once(*(at(NOW, partial(services.record, [one], allow_future=True)) for one in asks))

    assert sorted(receipt.created for receipt in receipts) == [0, 1]
    with everywhere():
        assert Custody.objects.filter(person=person).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_an_illness_and_a_journey_at_once_leave_one_chain(person: Person, hands: Hands, turn: int) -> None:
    record(enrolled(person, hands), *journey(person, hands)[:3])
    episode = f"episode:{new_id()}"
    ill = fact("episode.confirmed", episode, 2, hands.hospital, disease="covid-19-2020", person=f"person:{person.pk}")
    received = fact("handover.received", person, 4, hands.site)
    ended = fact("isolation.ended", person, 6, hands.site, reason="completed")

    receipts = at_once(*(at(NOW, partial(services.record, [one], allow_future=True)) for one in (ill, received, ended)))

    assert [receipt.created for receipt in receipts] == [1, 1, 1]
    with everywhere():
        rows = Custody.objects.filter(person=person).order_by("since").values_list("since", "unit")
        assert list(rows) == [(NINE, hands.village.pk), (NINE + timedelta(hours=4), hands.site.pk)]
