"""The course of a request about personal data: asked, answered with a reason, carried out."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError

from bulou.kernel.facts import KINDS
from bulou.ledger.history import Event
from bulou.operations.support.rights import requests_of

AT, UNIT = datetime(2020, 2, 10, 9, tzinfo=UTC), UUID(int=7)
DAY = timedelta(days=1)


def asked(id: str, right: str, day: int = 0) -> Event:
    return Event(id, "rights.requested", AT + day * DAY, "120101001001", None, {"right": right, "words": "please"})


def answered(right: str, decision: str, day: int, request: str | None = None) -> Event:
    data = {"right": right, "decision": decision, "reason": "why"} | ({"request": request} if request else {})
    return Event(f"answer{day}", "rights.answered", AT + day * DAY, "120101001001", UNIT, data)


def erased(day: int) -> Event:
    return Event("gone", "person.erased", AT + day * DAY, "120101001001", None, {"ground": "request"})


def states(*events: Event) -> list[str]:
    return [one.state for one in requests_of(events)]


@pytest.mark.parametrize("right", ["copy", "correction"])
def test_a_copy_or_a_correction_is_done_with_the_answer_that_grants_it(right: str) -> None:
    (one,) = requests_of([asked("a", right), answered(right, "granted", 1)])

    assert (one.state, one.done_at, one.answered_by, one.reason) == ("done", AT + DAY, UNIT, "why")


def test_erasure_is_done_when_it_has_happened_and_not_when_it_is_granted() -> None:
    granted = [asked("a", "erasure"), answered("erasure", "granted", 1)]

    assert states(*granted) == ["granted"]
    assert states(*granted, erased(5)) == ["done"]


def test_a_refusal_stands_with_its_reason_and_may_be_followed_by_another_request() -> None:
    refused = [asked("a", "erasure"), answered("erasure", "declined", 1)]

    assert states(*refused) == ["declined"]
    assert states(*refused, asked("b", "erasure", 2)) == ["declined", "open"]


def test_an_answer_is_about_the_request_it_names_or_else_every_open_one_of_its_right() -> None:
    two = [asked("a", "copy"), asked("b", "copy"), asked("c", "erasure")]

    assert states(*two, answered("copy", "granted", 1, "b")) == ["open", "done", "open"]
    assert states(*two, answered("copy", "granted", 1)) == ["done", "done", "open"]


def test_once_somebody_is_erased_nothing_they_asked_is_open() -> None:
    assert states(asked("a", "copy"), asked("b", "erasure"), erased(1)) == ["done", "done"]


def test_no_request_is_answered_without_a_reason() -> None:
    with pytest.raises(ValidationError, match="reason"):
        KINDS["rights.answered"].model_validate({"right": "erasure", "decision": "declined"})
