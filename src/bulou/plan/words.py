"""Checks of single values in a plan: names, periods, slots, days."""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationInfo

from bulou.kernel.areas import is_area_code
from bulou.kernel.periods import parse_slot
from bulou.kernel.text import Text
from bulou.plan import parameters as numbers
from bulou.plan.parameters import Scalar, references
from bulou.plan.vocabulary import Vocabulary, nearest, refusal, vocabulary


class Sort(NamedTuple):
    """What an expression's values must be, as errors tell it."""

    code: str
    name: Text
    remedy: Text


PERIOD = Sort(
    "bad_period",
    Text(zh="定长的期限", en="a period of fixed length"),
    Text(zh="写作 PT2H、P14D 等；月和年长短不定。", en="Write PT2H or P14D; months and years vary in length."),
)
SLOT = Sort(
    "bad_slot",
    Text(zh="每日时段", en="a slot of the day"),
    Text(zh="写作 06:00/12:00；可到 24:00 或次日。", en="Write 06:00/12:00; it may end at 24:00 or on the next day."),
)
DAY = Sort(
    "bad_day",
    Text(zh="起始后的天数", en="a number of days after the start"),
    Text(zh="起始当日为 0。", en="The first day is 0."),
)
NAME = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")


def name(text: str) -> str:
    """A plan, duty, group or item name: lower-case words joined by hyphens."""
    if not NAME.fullmatch(text):
        raise refusal(
            "bad_name",
            Text(zh=f"{text!r} 不能作名称。", en=f"{text!r} cannot be a name."),
            Text(
                zh="用小写字母、数字和连字符，如 twice-daily-temperature。",
                en="Use lower-case words, digits and hyphens.",
            ),
        )
    return text


def qualified_name(text: str) -> str:
    """`plan/duty`."""
    if not re.fullmatch(f"{NAME.pattern}/{NAME.pattern}", text):
        raise refusal(
            "bad_qualified_name",
            Text(zh=f"{text!r} 不是责任的全名。", en=f"{text!r} is not the full name of a duty."),
            Text(zh="写作 预案/责任。", en="Write plan/duty."),
        )
    return text


def area_code(code: str) -> str:
    if code and not is_area_code(code):
        raise refusal(
            "bad_area",
            Text(zh=f"{code!r} 不是区划代码。", en=f"{code!r} is not an area code."),
            Text(
                zh="用 2、4、6、9、12 或 15 位数字，全国写空字符串。",
                en="Use 2, 4, 6, 9, 12 or 15 digits, or '' for all.",
            ),
        )
    return code


def zone_name(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise refusal(
            "bad_timezone",
            Text(zh=f"没有名为 {text!r} 的时区。", en=f"There is no time zone {text!r}."),
            Text(zh="用 IANA 名称，如 Asia/Shanghai。", en="Use an IANA name such as Asia/Shanghai."),
        ) from None
    return text


def readings(expression: Any, info: ValidationInfo) -> Iterator[tuple[Any, str]]:
    """Every (value, unit) an expression can have: as written, or at each date of its parameter."""
    words = vocabulary(info)
    for part in expression if isinstance(expression, list) else [expression]:
        if not (names := references(part)):
            yield part, ""
        elif words:
            parameter = words.parameters.get(unknown := names.pop())
            if parameter is None and unknown in words.faulty:
                continue
            if parameter is None:
                raise _unknown_parameter(unknown, words)
            for dated in parameter.values.values():
                yield from ((item, parameter.unit) for item in _listed(dated.value))


def parameter_or_scalar(value: Scalar, info: ValidationInfo) -> Scalar:
    """A value as it stands, or the `$name` of a parameter that exists."""
    list(readings(value, info))
    return value


def period(text: str, info: ValidationInfo) -> str:
    _each(text, info, PERIOD, numbers.period)
    return text


def positive_period(text: str, info: ValidationInfo) -> str:
    def positive(value: Any, unit: str) -> None:
        if not numbers.period(value, unit):
            raise ValueError

    _each(text, info, PERIOD, positive)
    return text


def slots(expression: list[str] | str, info: ValidationInfo) -> list[str] | str:
    _each(expression, info, SLOT, lambda value, _: parse_slot(value))
    return expression


def days(expression: list[int | str] | str, info: ValidationInfo) -> list[int | str] | str:
    def day(value: Any, _: str) -> None:
        if type(value) is not int or not 0 <= value <= numbers.LONGEST.days:
            raise ValueError

    _each(expression, info, DAY, day)
    return expression


def _each(expression: Any, info: ValidationInfo, sort: Sort, read: Callable[[Any, str], object]) -> None:
    """Refuses an expression with values that cannot be read, naming all of them."""
    bad: list[str] = []
    values = list(readings(expression, info))
    for value, unit in values:
        try:
            read(value, unit)
        except (ValueError, TypeError):
            bad.append(f"{value}")
    if bad or expression == []:
        listed = ", ".join(bad) or "[]"
        zh, en = sort.name.zh, sort.name.en
        raise refusal(sort.code, Text(zh=f"{listed} 不是{zh}。", en=f"{listed} is not {en}."), sort.remedy)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _unknown_parameter(unknown: str, words: Vocabulary) -> Exception:
    return refusal(
        "unknown_parameter",
        Text(zh=f"没有参数 ${unknown}。", en=f"There is no parameter ${unknown}."),
        nearest(unknown, words.parameters) or Text(zh="请写入 parameters.yaml。", en="Add it to parameters.yaml."),
    )
