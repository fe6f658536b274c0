"""Facts: what happened. The interchange form, and the kinds the rooms declare.

A room lists its kinds in its `facts.py`::

    @fact("temperature.read", on="person", zh="测体温", en="Temperature read")
    class TemperatureRead(FactData):
        celsius: float = Field(ge=30, le=45, description="Body temperature, °C")

    KINDS = (TemperatureRead,)
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict

from bulou.kernel.numbers import DIGITS, NumberError, exact, none, whole
from bulou.kernel.text import Text

WITHDRAWN = "fact.withdrawn"
WAIVED = "duty.waived"
LEVEL_SET = "response.level_set"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened, as it travels. `at` has a zone; `data` holds JSON values, numbers as Decimal."""

    id: str
    kind: str
    subject: str
    area: str
    at: datetime
    by: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    supersedes: str | None = None


def read_fact(line: str | bytes) -> Fact:
    """One line of JSON as a Fact. ValueError (or KeyError for an absent key) where it is malformed."""
    return parse_fact(read_json(line))


def read_json(text: str | bytes) -> Any:
    """JSON with exact numbers. ValueError where it is none, nested without end, or holds a number beyond measure."""
    try:
        return json.loads(text, parse_int=whole, parse_float=exact, parse_constant=none)
    except NumberError as error:
        raise ValueError(f"{str(error)[:DIGITS]} is not a number that can be used") from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def parse_fact(raw: Any) -> Fact:
    """A JSON object as a Fact. ValueError (or KeyError for an absent key) where it is malformed."""
    if not isinstance(raw, Mapping):
        raise ValueError("a fact is a JSON object")
    at = datetime.fromisoformat(_text(raw, "at"))
    if at.tzinfo is None:
        raise ValueError(f"at {raw['at']!r} has no time zone")
    data = raw.get("data") or {}
    if not isinstance(data, Mapping):
        raise ValueError("data is a JSON object")
    return Fact(
        id=str(raw["id"]),
        kind=_text(raw, "kind"),
        subject=_text(raw, "subject"),
        area=str(raw.get("area") or ""),
        at=at,
        by=raw.get("by"),
        data=data,
        supersedes=raw.get("supersedes"),
    )


def _text(raw: Mapping[str, Any], key: str) -> str:
    if not isinstance(raw[key], str):
        raise ValueError(f"{key} is text, not {raw[key]!r}")
    return str(raw[key])


class FactData(BaseModel):
    """The data of one kind of fact. Every field has a unit and a meaning; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    kind: ClassVar[str]
    on: ClassVar[frozenset[str]]
    title: ClassVar[Text]


Data = TypeVar("Data", bound=type[FactData])


def fact(kind: str, *, on: str, zh: str, en: str) -> Callable[[Data], Data]:
    """Declare a fact kind: its name, the subject types it may be about (space-separated) and its title."""

    def declare(data: Data) -> Data:
        data.kind, data.on, data.title = kind, frozenset(on.split()), Text(zh=zh, en=en)
        return data

    return declare


class FactKinds(Mapping[str, type[FactData]]):
    """The kinds in force, by name. Filled once at start; a second kind of the same name is an error."""

    def __init__(self, kinds: Iterable[type[FactData]] = ()) -> None:
        self._kinds: dict[str, type[FactData]] = {}
        self.add(kinds)

    def add(self, kinds: Iterable[type[FactData]]) -> None:
        for data in kinds:
            if self._kinds.setdefault(data.kind, data) is not data:
                raise ValueError(f"two rooms declare the fact kind {data.kind!r}")

    def fields(self, kind: str) -> frozenset[str]:
        """The names of the data fields a rule may read, as they appear in JSON."""
        return frozenset(f.alias or name for name, f in self._kinds[kind].model_fields.items())

    def __getitem__(self, kind: str) -> type[FactData]:
        return self._kinds[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)


KINDS = FactKinds()
"""The kinds of the running product, registered from every room by `config`."""
