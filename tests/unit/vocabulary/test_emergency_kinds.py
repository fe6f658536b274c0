"""Facts an emergency plan needs: how bad it is, what is closed, who is searched, where a patient belongs."""

from typing import Any

import pytest
from pydantic import ValidationError

from bulou.config.rooms import fact_kinds

COMPLETE = [
    ("response.assessed", {"level": "II", "advice": "raise", "experts": "city", "situation": "sustained"}),
    ("response.assessed", {"level": "none", "advice": "end", "days_since_isolation": 28, "new_local_cases": 0}),
    ("response.assessed", {"level": "III", "impact": "some", "capacity": "city_help", "import_risk": "low"}),
    ("response.assessed", {"level": "IV", "advice": "lower", "trend": "falling", "effect": "effective"}),
    ("zones.decided", {"zones": 0}),
    ("measure.applied", {"measure": "closed-management", "words": "生活物资车辆除外"}),
    ("place.zoned", {"kind": "cinema", "zone": "zone:a"}),
    ("place.unzoned", {"zone": "zone:a"}),
    ("zone.searched", {"days": 14, "persons": 312, "symptomatic": 2}),
    ("environment.sampled", {"samples": 20, "positive": 0}),
    ("contacts.traced", {"close": 9, "unreached": 0}),
    ("cluster.reported", {"condition": "influenza_like_illness", "persons": 11}),
    ("cluster.investigated", {"features": ["pattern", "speed"]}),
    ("condition.assessed", {"outcome": "transfer", "severity": "severe"}),
    ("episode.admitted", {"unit": "unit:a", "tier": "city", "facility": "designated"}),
    ("guideline.received", {"guideline": "national-control", "words": "第七版"}),
    ("rumour.noted", {"scope": "overseas"}),
]
WRONG = [
    ("response.assessed", {"level": "none", "advice": "stop"}),
    ("response.assessed", {"level": "none", "days_since_isolation": -1}),
    ("zones.decided", {"unit_kind": "school_class"}),
    ("measure.applied", {}),
    ("place.zoned", {"zone": "zone:a"}),
    ("zone.searched", {"persons": 3}),
    ("contacts.traced", {"close": 9}),
    ("condition.assessed", {"outcome": "died"}),
    ("episode.admitted", {"tier": "village"}),
]


@pytest.mark.parametrize(("kind", "data"), COMPLETE)
def test_what_an_emergency_records_comes_out_as_it_went_in(kind: str, data: dict[str, Any]) -> None:
    read = fact_kinds()[kind].model_validate(data)

    assert read.model_dump(mode="json", by_alias=True, exclude_unset=True) == data


@pytest.mark.parametrize(("kind", "data"), WRONG)
def test_what_leaves_the_question_open_is_refused(kind: str, data: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        fact_kinds()[kind].model_validate(data)


def test_a_level_may_still_be_assessed_without_its_grounds() -> None:
    assert fact_kinds()["response.assessed"].model_validate({"level": "IV"})
