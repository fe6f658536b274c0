"""Checks of single values in a plan: names, periods, slots, and the conditions of `where`."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationInfo

from bulou.kernel.areas import is_area_code
from bulou.kernel.periods import parse_slot
from bulou.kernel.text import Text
from bulou.plan import parameters as numbers
from bulou.plan.parameters import Scalar, references
from bulou.plan.vocabulary import FieldShape, Vocabulary, field_shape, nearest, refusal, vocabulary

Op = Literal["in", "ne", "gt", "gte", "lt", "lte"]
ORDERED = frozenset({"gt", "gte", "lt", "lte"})
OPERATORS = ORDERED | {"ne"}
_NAME = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")


def name(text: str) -> str:
    """A plan, duty, group or item name: lower-case words joined by hyphens."""
    if not _NAME.fullmatch(text):
        raise refusal(
            "bad_name",
            Text(zh=f"{text!r} 不能作名称", en=f"{text!r} cannot be a name."),
            Text(
                zh="用小写字母、数字和连字符，如 twice-daily-temperature。",
                en="Use lower-case words, digits and hyphens.",
            ),
        )
    return text


def qualified_name(text: str) -> str:
    """`plan/duty`."""
    plan, _, duty = text.partition("/")
    name(plan), name(duty)
    return text


def area_code(code: str) -> str:
    if code and not is_area_code(code):
        raise refusal(
            "bad_area",
            Text(zh=f"{code!r} 不是区划代码", en=f"{code!r} is not an area code."),
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
            Text(zh=f"没有名为 {text!r} 的时区", en=f"There is no time zone {text!r}."),
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
    _each(text, info, "bad_period", numbers.period, "期限", "a period of fixed length such as PT2H or P14D")
    return text


def positive_period(text: str, info: ValidationInfo) -> str:
    def positive(value: Any, unit: str) -> None:
        if not numbers.period(value, unit):
            raise ValueError

    _each(text, info, "bad_period", positive, "大于零的期限", "a period above zero such as PT2H or P14D")
    return text


def slots(expression: list[str] | str, info: ValidationInfo) -> list[str] | str:
    _each(expression, info, "bad_slot", lambda v, _: parse_slot(v), "时段", "a slot such as 06:00/12:00")
    return expression


def days(expression: list[int | str] | str, info: ValidationInfo) -> list[int | str] | str:
    def day(value: Any, _: str) -> None:
        if type(value) is not int or not 0 <= value <= numbers.LONGEST.days:
            raise ValueError

    _each(expression, info, "bad_day", day, "第几天", "a number of days after the start, from 0")
    return expression


def where(conditions: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
    """Field to value, list (any of) or one comparison; fields and values checked against the fact kind."""
    words, kind = vocabulary(info), info.data.get("fact")
    kinds = words.kinds if words else None
    if conditions and "fact" in info.data and kind is None:
        raise refusal("where_without_fact", Text(zh="where 要与 fact 同用", en="where goes with a fact."))
    for field, test in conditions.items():
        shape = None
        if kinds is not None and kind is not None and kind in kinds:
            shape = field_shape(kinds, kind, field)
            if shape is None:
                raise refusal(
                    "unknown_field",
                    Text(zh=f"{kind} 没有字段 {field}", en=f"{kind} has no field {field}."),
                    nearest(field, kinds.fields(kind)) or _fields(sorted(kinds.fields(kind))),
                )
        for operator, operand in comparisons(field, test):
            _check_operand(field, operator, operand, shape, info)
    return conditions


def comparisons(field: str, test: Any) -> list[tuple[Op, Any]]:
    """A `where` entry as (operator, operand) pairs: `in` for a value or a list."""
    if not isinstance(test, dict):
        return [("in", test)]
    if unknown := sorted(set(test) - OPERATORS):
        raise refusal(
            "unknown_operator",
            Text(zh=f"{field}：没有比较 {unknown[0]}", en=f"{field}: there is no comparison {unknown[0]}."),
            Text(zh="可用 gt、gte、lt、lte、ne。", en="Use gt, gte, lt, lte or ne."),
        )
    return list(test.items())


def _check_operand(field: str, operator: str, operand: Any, shape: FieldShape | None, info: ValidationInfo) -> None:
    single = operator != "in"
    if single and isinstance(operand, list):
        raise refusal(
            "not_one_value", Text(zh=f"{field} 的 {operator} 只比较一个值", en=f"{field}: {operator} takes one value.")
        )
    if operator in ORDERED and shape and not shape.number:
        raise refusal(
            "not_a_number_field",
            Text(
                zh=f"{field} 不是数字字段，不能用 {operator}", en=f"{field} is not a number; {operator} cannot be used."
            ),
            Text(zh="列出可取的值。", en="List the values instead."),
        )
    for value, _ in readings(operand, info):
        if not isinstance(value, bool | int | Decimal | str):
            raise refusal(
                "bad_value",
                Text(
                    zh=f"{field} 要与文字、数字或真假比较",
                    en=f"{field} is compared with text, numbers or true and false.",
                ),
            )
        number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        if (operator in ORDERED and not number) or (shape and shape.number and not number):
            raise refusal(
                "not_a_number",
                Text(
                    zh=f"{field} 要与数字比较，不是 {value!r}", en=f"{field} is compared with a number, not {value!r}."
                ),
            )
        if shape and shape.options and value not in shape.options:
            raise refusal(
                "unknown_option",
                Text(zh=f"{field} 不会是 {value}", en=f"{field} is never {value}."),
                nearest(str(value), map(str, shape.options)) or _fields(sorted(map(str, shape.options))),
            )


def _each(
    expression: Any, info: ValidationInfo, code: str, read: Callable[[Any, str], object], zh: str, en: str
) -> None:
    for value, unit in readings(expression, info):
        try:
            read(value, unit)
        except (ValueError, TypeError):
            raise refusal(
                code,
                Text(zh=f"{value!r} 不是{zh}", en=f"{value!r} is not {en}."),
                Text(zh="期限如 PT2H、P14D；时段如 06:00/12:00。", en="Months and years have no fixed length.")
                if code != "bad_day"
                else None,
            ) from None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _fields(known: list[str]) -> Text:
    names = ", ".join(known)
    return Text(zh=f"可用：{names}。", en=f"Known: {names}.")


def _unknown_parameter(unknown: str, words: Vocabulary) -> Exception:
    return refusal(
        "unknown_parameter",
        Text(zh=f"没有参数 ${unknown}", en=f"There is no parameter ${unknown}."),
        nearest(unknown, words.parameters) or Text(zh="请写入 parameters.yaml。", en="Add it to parameters.yaml."),
    )
