"""The course of a need: whoever saw to it never closes it, in whatever order the facts come."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from bulou.kernel.clock import SHANGHAI
from bulou.operations.support.course import KINDS, Happened, Need, confirms, meant, needs_of

AT = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
PERSON = "person:0197a000-0000-7000-8000-000000000001"
HISTORIES = 5_000


def fact(number: int, kind: str, by: str | None = None, account: str | None = None, /, **data: Any) -> Happened:
    return Happened(f"f{number:02}", f"help.{kind}", AT + timedelta(hours=number), "12", by, data, account)


def after(*facts: Happened) -> Need:
    """The one need there is when all this has happened."""
    (need,) = needs_of(PERSON, facts)
    return need


ASKED = fact(0, "requested", PERSON, need="food", words="two people", channel="own_page")


def test_a_request_waits_to_be_taken_up() -> None:
    need = after(ASKED)

    assert (need.state, need.need, need.words, need.channel) == ("asked", "food", "two people", "own_page")
    assert need.asked_at == AT


def test_it_goes_from_hand_to_hand_until_the_person_confirms() -> None:
    facts = [ASKED, fact(1, "answered", "unit:v", "a"), fact(2, "delivered", "unit:v", "a")]
    states = [after(*facts[: n + 1]).state for n in range(3)]

    assert states == ["asked", "accepted", "delivered"]
    need = after(*facts, fact(3, "closed", PERSON, need="food", confirmed="own_page"))
    assert (need.state, need.how, need.closed_at) == ("closed", "own_page", AT + timedelta(hours=3))


def test_whoever_brought_it_cannot_close_it() -> None:
    need = after(ASKED, fact(1, "delivered", "unit:v", "a"), fact(2, "closed", "unit:v", "a"))

    assert (need.state, need.closed_at) == ("delivered", None)


def test_another_account_closes_it_after_a_call() -> None:
    need = after(ASKED, fact(1, "delivered", "unit:v", "a"), fact(2, "closed", "unit:v", "b", confirmed="call"))

    assert (need.state, need.how) == ("closed", "call")


@pytest.mark.parametrize("account", ["a", None])
def test_nobody_closes_what_nobody_saw_to(account: str | None) -> None:
    assert after(ASKED, fact(1, "closed", "unit:v", account)).state == "delivered"


def test_a_person_may_close_what_is_done_before_anybody_came() -> None:
    assert after(ASKED, fact(1, "closed", PERSON)).state == "closed"


def test_in_the_name_of_the_person_only_they_themselves_confirm() -> None:
    need = after(ASKED, fact(1, "delivered", "unit:v", "a"))

    assert confirms(need, PERSON, None)
    assert not confirms(need, PERSON, "a")
    assert not confirms(need, "unit:v", None)


def test_what_the_person_says_is_not_done_is_open_again() -> None:
    need = after(ASKED, fact(1, "delivered", "unit:v", "a"), fact(2, "unmet", PERSON))

    assert (need.state, need.unmet, need.delivered_at) == ("unmet", 1, None)
    assert after(ASKED, fact(2, "unmet", PERSON), fact(3, "answered", "unit:v", "a")).state == "accepted"


def test_a_volunteer_is_sent_and_a_referral_takes_the_need_elsewhere() -> None:
    need = after(ASKED, fact(1, "assigned", "unit:v", "a", volunteer="person:p"))
    assert (need.state, need.volunteer, need.hands) == ("accepted", "p", ("a",))

    referred = after(ASKED, fact(1, "assigned", "unit:v", "a", volunteer="p"), fact(2, "referred", to="unit:u"))
    assert (referred.state, referred.unit, referred.volunteer) == ("asked", "u", None)


def test_a_fact_that_names_no_request_is_about_every_open_one_of_its_kind() -> None:
    facts = [ASKED, fact(1, "requested", need="food"), fact(2, "requested", need="medicine")]
    needs = needs_of(PERSON, [*facts, fact(3, "answered", "unit:v", "a", need="food")])

    assert [need.state for need in needs] == ["accepted", "accepted", "asked"]
    assert meant(needs, {}) == needs
    assert [need.id for need in meant(needs, {"request": "f01", "need": "medicine"})] == ["f01"]


def test_a_closed_need_stays_closed() -> None:
    need = after(ASKED, fact(1, "closed", PERSON), fact(2, "unmet", PERSON), fact(3, "answered", "unit:v", "a"))

    assert need.state == "closed"


def history(random: Random) -> list[Happened]:
    facts = []
    for n in range(random.randint(3, 14)):
        kind = random.choice(KINDS).removeprefix("help.") if n else "requested"
        account = random.choice(("a", "b", None))
        data: dict[str, Any] = {"need": random.choice(("food", "medicine"))}
        if random.random() < 0.5:
            data["request"] = f"f{random.randrange(14):02}"
        facts.append(fact(n, kind, random.choice((PERSON, "unit:v", None)), account, **data))
    return facts


def test_no_history_closes_a_need_without_the_person_or_somebody_who_did_not_see_to_it() -> None:
    closed = 0
    for seed in range(HISTORIES):
        random = Random(seed)
        facts = history(random)
        needs = needs_of(PERSON, facts)
        shuffled = random.sample(facts, len(facts))
        assert needs_of(PERSON, shuffled) == needs, seed
        for need in (need for need in needs if need.state == "closed"):
            closing = next(one for one in facts if one.kind == "help.closed" and one.at == need.closed_at)
            is_person = closing.by == PERSON and closing.account is None
            assert is_person or (closing.account and closing.account not in need.hands), seed
            closed += 1
    assert closed > 300
