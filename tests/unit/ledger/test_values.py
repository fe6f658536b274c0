"""A value that is not as declared is told in both languages, by its field."""

from typing import Any

import pytest

from bulou.config.rooms import fact_kinds
from bulou.ledger.values import ValueProblem, check_values

KINDS = fact_kinds()


def problem(kind: str, data: dict[str, Any]) -> ValueProblem:
    with pytest.raises(ValueProblem) as caught:
        check_values(KINDS[kind], data)
    return caught.value


@pytest.mark.parametrize(
    ("kind", "data", "field", "zh"),
    [
        ("temperature.read", {}, "celsius", "缺少这个字段"),
        ("temperature.read", {"celsius": 50}, "celsius", "应不大于 45.0"),
        ("temperature.read", {"celsius": "warm"}, "celsius", "应为数字"),
        ("temperature.read", {"celsius": 36.6, "colour": "red"}, "colour", "没有这个字段"),
        ("medic.assessed", {"finding": "ill"}, "finding", "应为 'well'、'refer'、'suspect'"),
        ("isolation.started", {"kind": "home", "days": 1.5}, "days", "应为整数"),
        ("isolation.started", {"kind": "home", "days": -1}, "days", "应不小于 0"),
        ("fever_clinic.visited", {"exposure_history": "perhaps"}, "exposure_history", "应为 true 或 false"),
        ("symptoms.reported", {"symptoms": "cough"}, "symptoms", "应为列表"),
        ("symptoms.reported", {"symptoms": [7]}, "symptoms.0", "应为文字"),
    ],
)
def test_a_value_not_as_declared_is_told_in_chinese(kind: str, data: dict[str, Any], field: str, zh: str) -> None:
    found = problem(kind, data)

    assert (found.field, found.zh) == (f"data.{field}", zh)
    assert found.en
    assert found.en.isascii()


def test_every_kind_says_what_it_lacks_in_chinese() -> None:
    for kind in KINDS.values():
        lacking = [field for field in kind.model_fields.values() if field.is_required()]
        if lacking:
            assert problem(kind.kind, {}).zh == "缺少这个字段"


def test_a_text_that_only_reads_as_a_number_is_refused() -> None:
    assert problem("temperature.read", {"celsius": "39.5"}).zh == "'39.5' 的类型不对"
