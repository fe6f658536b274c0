"""What holds of every life: never zero holders, never two, the sender until receipt, the same in any order."""

import random
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings

from bulou.custody.chain import HANDOVERS, OPENED, Chain, chain
from bulou.custody.door import refused
from handovers import Step, life, lives

many = settings(max_examples=2600, deadline=None)
Life = list[Step]


def under_way(found: Chain) -> list[tuple[object, object, object]]:
    """Sender, beginning and end of each stretch in which a handover was asked for and not yet received."""
    return [
        (one.sender, one.requested_at, one.received_at or one.stage_at)
        for one in found.handovers
        if one.received_at or one.stage in ("refused", "cancelled", "ended")
    ]


@many
@given(lives)
def test_a_managed_person_has_one_holder_at_every_instant(steps: Life) -> None:
    found = chain(life(steps))

    assert all(before.since < after.since for before, after in pairwise(found.holdings))
    assert all((held.unit is not None) == held.managed for held in found.holdings)
    assert all((one.unit, one.managed) != (two.unit, two.managed) for one, two in pairwise(found.holdings))


@many
@given(lives)
def test_only_a_receipt_moves_a_person_from_hand_to_hand(steps: Life) -> None:
    acts = {act.id: act for act in life(steps)}

    found = chain(acts.values())

    received = {one.received_at: one.receiver for one in found.handovers if one.received_at}
    for before, after in pairwise(found.holdings):
        if before.managed and after.managed:
            assert received[after.since] == after.unit


@many
@given(lives)
def test_the_sender_holds_the_person_until_the_receiver_has_confirmed(steps: Life) -> None:
    found = chain(life(steps))

    for sender, asked, over in under_way(found):
        instant = asked
        while instant < over:
            held = found.at(instant)
            assert held
            assert held.unit == sender
            instant += timedelta(minutes=15)


@many
@given(lives)
def test_facts_give_the_same_chain_in_any_order_and_those_that_do_not_fit_change_nothing(steps: Life) -> None:
    acts = life(steps)
    mixed = random.Random(len(acts)).sample(acts, len(acts))

    found = chain(mixed)
    fitting = chain(act for act in acts if act.id not in found.void)

    assert found == chain(acts)
    assert (fitting.holdings, fitting.handovers, fitting.void) == (found.holdings, found.handovers, {})


@settings(max_examples=1500, deadline=None)
@given(lives)
def test_what_the_door_takes_counts_and_goes_on_counting(steps: Life) -> None:
    """Facts come in any order; a fact of another kind may always undo a handover, a link never."""
    acts = life(steps)
    taken = []
    for act in random.Random(7).sample(acts, len(acts)):
        before = {one.id for one in taken if one.kind in HANDOVERS} - chain(taken).void.keys()
        if not refused(taken, [act]):
            taken.append(act)
            if act.kind in HANDOVERS:
                assert not chain(taken).void.keys() & (before | {act.id})


@settings(max_examples=1500, deadline=None)
@given(lives)
def test_nobody_is_held_after_death_and_nothing_is_under_way(steps: Life) -> None:
    acts = life(steps)
    died = next((n for n, act in enumerate(acts) if act.kind == "episode.died"), None)
    if died is None:
        return

    found = chain(act for act in acts if act.at < acts[died].at or act is acts[died])

    assert not (found.holdings and found.holdings[-1].managed)
    assert all(one.stage not in ("requested", "accepted", "departed", "received") for one in found.handovers)


@settings(max_examples=1000, deadline=None)
@given(lives)
def test_whoever_asks_for_a_person_nobody_holds_has_them(steps: Life) -> None:
    acts = life(steps)
    found = chain(acts)
    asked = [act for act in acts if act.kind == OPENED and act.id not in found.void]

    assert [one.id for one in found.handovers] == [act.id for act in asked]
