"""Parameters: every number of a plan once, by date, with unit and reference. `$name` names one."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from bulou.kernel.periods import Slot, parse_period, parse_slot
from bulou.kernel.text import Text
from bulou.plan.vocabulary import refusal

Scalar = bool | int | Decimal | str
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
T = TypeVar("T")


def _both(text: Text) -> Text:
    if not (text.zh.strip() and text.en.strip()):
        raise refusal("blank", Text(zh="中文和英文都要写。", en="Both the Chinese and the English are needed."))
    return text


Bilingual = Annotated[Text, AfterValidator(_both)]

LONGEST = timedelta(days=36525)
_PER_UNIT = {
    timedelta(weeks=1): ("wk", "week", "weeks"),
    timedelta(days=1): ("d", "day", "days"),
    timedelta(hours=1): ("h", "hour", "hours"),
    timedelta(minutes=1): ("min", "minute", "minutes"),
    timedelta(seconds=1): ("s", "second", "seconds"),
}
TIME_UNITS = {name: span for span, names in _PER_UNIT.items() for name in names}


class NotInForceError(LookupError):
    """A parameter has no value yet at the date asked for."""


class Entry(BaseModel):
    """A part of a plan: read once, never changed, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _plain(value: Any) -> Any:
    parts = value if isinstance(value, list) else [value]
    if not parts or not all(isinstance(part, Scalar) for part in parts):
        text = Text(
            zh="应为文字、数字、真假或它们的列表。", en="Text, a number, true or false, or a list of them is expected."
        )
        raise refusal("bad_value", text)
    return value


class Value(Entry):
    """A parameter's value from a date on, and the document that sets it."""

    value: Annotated[Scalar | list[Scalar], BeforeValidator(_plain)]
    reference: Line
    disease: Line | None = None
    """The disease profile it was set for; it does not hold for another. None: it holds for any."""


def _by_date(values: Any) -> Any:
    if not isinstance(values, dict):
        raise refusal(
            "not_dated",
            Text(zh="参数值要按生效日期写。", en="A parameter's values are given by date."),
            Text(zh="写作 2020-01-01: {value: …, reference: …}。", en="Write 2020-01-01: {value: …, reference: …}."),
        )
    return values


class Parameter(Entry):
    """One number (or list, or choice) of a plan, by date.

    `unit` is UCUM or a plain word. A period is ISO 8601 text, or a number whose unit is one of `TIME_UNITS`. `profile`
    names the number of the disease it is, or so many `times` of it: where the plan itself sets no value for the
    disease in force, that of the disease profile stands. As a plan is read, `values` become those of its disease.
    """

    title: Bilingual
    unit: Line
    profile: Line | None = None
    times: Annotated[int, Field(ge=1, le=100)] = 1
    values: Annotated[dict[date, Value], BeforeValidator(_by_date), Field(validate_default=True)] = Field(
        default_factory=dict
    )
    last_verified: date
    reason: Line | Bilingual | None = None

    @field_validator("values")
    @classmethod
    def _has_one(cls, values: dict[date, Value], info: ValidationInfo) -> dict[date, Value]:
        if not values and not info.data.get("profile"):
            raise refusal(
                "no_value",
                Text(zh="参数没有值。", en="The parameter has no value."),
                Text(
                    zh="写 values，或用 profile 指明病种档案的数。",
                    en="Give values, or name a disease's number as profile.",
                ),
            )
        return values

    def at(self, day: date) -> Scalar | list[Scalar]:
        """The value in force on a local date; `NotInForceError` before the first."""
        dates = [start for start in self.values if start <= day]
        if not dates:
            raise NotInForceError
        return self.values[max(dates)].value


Parameters = Mapping[str, Parameter]


def references(expression: Any) -> set[str]:
    """The parameter names (`$name`) inside an expression: a text, a list or a mapping."""
    if isinstance(expression, str):
        return {expression[1:]} if expression.startswith("$") else set()
    if isinstance(expression, Mapping):
        expression = list(expression.values())
    return set().union(*map(references, expression)) if isinstance(expression, list | tuple) else set()


def period(value: Any, unit: str = "") -> timedelta:
    """`PT2H`, or a number of a time unit, as a length of time. ValueError where it is neither, or above a century."""
    if isinstance(value, str):
        span = parse_period(value)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool) and unit in TIME_UNITS:
        span = timedelta(microseconds=int(Decimal(value) * (TIME_UNITS[unit] // timedelta(microseconds=1))))
    else:
        raise ValueError(f"{value!r} is neither a period such as PT2H nor a number of a time unit")
    if not timedelta() <= span <= LONGEST:
        raise ValueError(f"{value!r} is not between nothing and a century")
    return span


class Reader:
    """Reads expressions with the values in force on one local date. `NotInForceError` where one has none."""

    def __init__(self, parameters: Parameters, day: date) -> None:
        self.parameters, self.day = parameters, day

    def value(self, expression: Any) -> Any:
        """A scalar as it is, `$name` as its value, a list with each `$name` in it spread."""
        if isinstance(expression, list | tuple):
            parts = (self.value(part) for part in expression)
            return [item for part in parts for item in (part if isinstance(part, list) else [part])]
        names = references(expression)
        return self.parameters[names.pop()].at(self.day) if names else expression

    def values(self, expression: Any) -> list[Any]:
        value = self.value(expression)
        return value if isinstance(value, list) else [value]

    def period(self, expression: str | None) -> timedelta | None:
        if expression is None:
            return None
        names = references(expression)
        return period(self.value(expression), self.parameters[names.pop()].unit if names else "")

    def slots(self, expression: Any) -> tuple[Slot, ...]:
        return () if expression is None else tuple(map(parse_slot, self.values(expression)))

    def days(self, expression: Any) -> tuple[int, ...]:
        return () if expression is None else tuple(sorted(set(self.values(expression))))


Span = tuple[date | None, date | None, T]


def spans(expression: Any, parameters: Parameters, read: Callable[[Reader], T]) -> Iterator[Span[T]]:
    """What `read` gives, by date: (first day or None, day after the last or None, value).

    A stretch where a parameter has no value yet is left out.
    """
    cuts = sorted({day for name in references(expression) for day in parameters[name].values})
    for start, end in pairwise([None, *cuts, None]):
        try:
            yield start, end, read(Reader(parameters, start or date.min))
        except NotInForceError:
            continue
