"""Facts a community and a reserve site need: waste taken away, money sent out, a code shown, a call to report."""

from typing import Any

import pytest
from pydantic import ValidationError

from bulou.config.rooms import fact_kinds
from bulou.directory.roles import ROLES, role_of

COMPLETE = [
    ("waste.removed", {"kind": "medical", "kilograms": 12.5, "to": "unit:a"}),
    ("waste.removed", {"kind": "household"}),
    ("funds.released", {"purpose": "subsidy", "amount": 0}),
    ("arrival.checked", {"risk": "high", "celsius": 36.5, "health_code": "red", "outcome": "isolate"}),
    ("episode.reported", {"stage": "first", "channel": "phone"}),
]
WRONG = [
    ("waste.removed", {"kilograms": 3}),
    ("waste.removed", {"kind": "medical", "kilograms": -1}),
    ("funds.released", {"purpose": "subsidy"}),
    ("arrival.checked", {"risk": "high", "health_code": "blue"}),
    ("episode.reported", {"channel": "rumour"}),
]


@pytest.mark.parametrize(("kind", "data"), COMPLETE)
def test_what_was_done_comes_out_as_it_went_in(kind: str, data: dict[str, Any]) -> None:
    read = fact_kinds()[kind].model_validate(data)

    assert read.model_dump(mode="json", by_alias=True, exclude_unset=True) == data


@pytest.mark.parametrize(("kind", "data"), WRONG)
def test_what_says_too_little_or_makes_no_sense_is_refused(kind: str, data: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        fact_kinds()[kind].model_validate(data)


def test_a_whole_village_may_be_trained_and_a_place_reported_on() -> None:
    assert "area" in fact_kinds()["training.held"].on
    assert {"place", "zone"} <= fact_kinds()["report.filed"].on


def test_a_member_unit_of_a_command_post_is_not_the_command_post() -> None:
    assert role_of("prefecture HQ member unit") == "command_member"
    assert {"command_member", "reserve_isolation_site"} <= set(ROLES)
