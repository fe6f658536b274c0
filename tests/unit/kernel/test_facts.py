import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import Field, ValidationError

from bulou.kernel.facts import Fact, FactData, FactKinds, fact, parse_fact, read_fact

LINE = {
    "id": "f1",
    "kind": "temperature.read",
    "subject": "person:a",
    "area": "450102",
    "at": "2020-02-03T07:30:00+08:00",
    "by": "unit:u",
    "data": {"celsius": 36.6},
    "supersedes": None,
}


@fact("temperature.read", on="person place", zh="测体温", en="Temperature read")
class Read(FactData):
    celsius: float
    kind_: str | None = Field(default=None, alias="kind")


def line(**changes: Any) -> str:
    return json.dumps(LINE | changes)


def test_a_line_is_read_as_a_fact_with_exact_numbers() -> None:
    read = read_fact(line())

    assert isinstance(read, Fact)
    assert (read.id, read.kind, read.subject, read.area, read.by, read.supersedes) == (
        "f1", "temperature.read", "person:a", "450102", "unit:u", None,
    )  # fmt: skip
    assert read.data == {"celsius": Decimal("36.6")}
    assert read.at.utcoffset() == timedelta(hours=8)


def test_what_may_be_absent_may_be_absent() -> None:
    read = parse_fact({key: LINE[key] for key in ("id", "kind", "subject", "at")})

    assert (read.area, read.by, read.data, read.supersedes) == ("", None, {}, None)


@pytest.mark.parametrize("key", ["id", "kind", "subject", "at"])
def test_what_must_be_there_is_named_when_it_is_not(key: str) -> None:
    with pytest.raises(KeyError, match=key):
        parse_fact({k: v for k, v in LINE.items() if k != key})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "7",
        line(at="2020-02-03T07:30:00"),
        line(at="soon"),
        line(at=7),
        line(kind=None),
        line(subject=["person:a"]),
        line(data=[1]),
        line(data={"celsius": float("nan")}),
        line(data={"celsius": float("inf")}),
    ],
)
def test_a_malformed_line_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_fact(text)


def test_a_kind_is_declared_with_its_name_its_subjects_and_its_title() -> None:
    assert (Read.kind, Read.on, Read.title.en) == ("temperature.read", {"person", "place"}, "Temperature read")


def test_unknown_data_are_refused() -> None:
    with pytest.raises(ValidationError):
        Read.model_validate({"celsius": 36.6, "fahrenheit": 97.9})


def test_the_fields_of_a_kind_are_named_as_in_json() -> None:
    assert FactKinds([Read]).fields("temperature.read") == {"celsius", "kind"}


def test_kinds_are_a_mapping_by_name() -> None:
    kinds = FactKinds([Read, Read])

    assert list(kinds) == ["temperature.read"]
    assert len(kinds) == 1
    assert kinds["temperature.read"] is Read


def test_two_rooms_may_not_declare_one_kind() -> None:
    @fact("temperature.read", on="person", zh="体温", en="Temperature")
    class Another(FactData):
        pass

    with pytest.raises(ValueError, match=r"temperature\.read"):
        FactKinds([Read, Another])
