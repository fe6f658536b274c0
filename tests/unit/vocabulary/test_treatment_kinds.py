"""Facts of a hospital: beds, who is left at home, staff among patients."""

from typing import Any

import pytest
from pydantic import ValidationError

from bulou.config.rooms import fact_kinds

COMPLETE = [
    ("episode.admitted", {"unit": "unit:a", "ward": "一病区", "bed": "01", "place": "place:a"}),
    ("episode.moved", {"place": "place:a", "reason": "转重症"}),
    ("bed.cleaned", {}),
    ("bed.broken", {"reason": "供氧终端待修"}),
    ("bed.repaired", {"note": "已修"}),
    ("device.attached", {"device": "place:a"}),
    ("device.freed", {"device": "place:a", "reason": "脱机"}),
    ("device.cleaned", {"agent": "75% 乙醇"}),
    ("device.broken", {"reason": "气路漏气"}),
    ("device.repaired", {}),
    ("dependants.asked", {"count": 0}),
    ("dependants.asked", {"count": 2, "people": ["person:a"], "words": "外婆和孩子"}),
    ("shift.worked", {"zone": "contaminated", "protection": "three", "hours": 4.5}),
    ("staff.exposed", {"exposure": "needle", "words": "左手食指"}),
    ("override.requested", {"act": "episode.discharged", "reason": "家中有隔离条件"}),
]
WRONG = [
    ("episode.moved", {}),
    ("bed.broken", {}),
    ("device.attached", {}),
    ("device.broken", {}),
    ("dependants.asked", {}),
    ("dependants.asked", {"count": -1}),
    ("shift.worked", {"zone": "clean", "protection": "three"}),
    ("shift.worked", {"zone": "buffer", "protection": "four"}),
    ("staff.exposed", {"exposure": "rumour"}),
    ("override.requested", {"act": "episode.died", "reason": "x"}),
]


@pytest.mark.parametrize(("kind", "data"), COMPLETE)
def test_what_was_done_comes_out_as_it_went_in(kind: str, data: dict[str, Any]) -> None:
    read = fact_kinds()[kind].model_validate(data)

    assert read.model_dump(mode="json", by_alias=True, exclude_unset=True) == data


@pytest.mark.parametrize(("kind", "data"), WRONG)
def test_what_says_too_little_or_makes_no_sense_is_refused(kind: str, data: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        fact_kinds()[kind].model_validate(data)
