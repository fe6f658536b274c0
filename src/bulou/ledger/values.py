"""The values of a fact's data as its kind declares them, no more freely: rules compare what was sent, as it was sent.

A temperature sent as the text "39.5" would pass a lenient check, be kept as text, and never count as a fever.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bulou.kernel.facts import FactData

_TYPES: dict[type, str] = {
    **{type(None): "null", bool: "truth", str: "text", dict: "object"},
    **dict.fromkeys((int, float, Decimal), "number"),
    **dict.fromkeys((list, tuple, set, frozenset), "list"),
}
"""How values are written in JSON; dates, ids and words of a vocabulary are text, as everything else."""
_CHINESE: dict[str, str] = {
    "missing": "缺少这个字段",
    "literal_error": "应为 {expected}",
    "string_type": "应为文字",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "string_pattern_mismatch": "写法应合 {pattern}",
    "tuple_type": "应为列表",
    "model_type": "应为对象",
    "greater_than_equal": "应不小于 {ge}",
    "less_than_equal": "应不大于 {le}",
    "finite_number": "应为有限的数",
    "extra_forbidden": "没有这个字段",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "应为整数"),
    **dict.fromkeys(("float_type", "float_parsing"), "应为数字"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "应为 true 或 false"),
    **dict.fromkeys(
        ("date_type", "date_from_datetime_parsing", "date_from_datetime_inexact"), "应为日期，如 2020-02-10"
    ),
    **dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "timezone_aware"),
        "应为带时区的时刻，如 2020-02-10T12:00:00+08:00",
    ),
}
"""What pydantic finds, in Chinese; it speaks English only."""
_SIMPLE = frozenset({bool, int, float})
"""What is right where it was read as the type it was given in."""
NUL = "\x00"
"""The one character PostgreSQL's text cannot hold."""


class ValueProblem(ValueError):  # noqa: N818 - a finding, turned into a refusal by whoever asked
    """A value that is not as declared: its field, as a path, and why, in words of one language (both, where ours)."""

    def __init__(self, field: str, zh: str, en: str) -> None:
        self.field, self.zh, self.en = field, zh, en
        super().__init__(en)


def check_values(kind: type[FactData], data: Mapping[str, Any]) -> None:
    """ValueProblem where data are not what the kind declares, in value or in JSON type."""
    try:
        model = kind.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ValueProblem(_path(first["loc"]), _in_chinese(first), first["msg"]) from error
    attributes = _attributes(kind)
    read = model.__dict__
    for name, value in data.items():
        if name not in attributes:
            raise ValueProblem(_path([name]), "没有这个字段", "There is no such field")
        found = read[attributes[name]]
        if type(value) not in _SIMPLE or type(found) is not type(value):
            _compare(name, value, found)


def _in_chinese(found: ErrorDetails) -> str:
    words = _CHINESE.get(found["type"])
    if words is None:
        return f"值不合要求（{found['msg']}）"
    context = {
        name: str(value).replace(" or ", "、").replace(", ", "、") for name, value in found.get("ctx", {}).items()
    }
    return words.format(**context)


@cache
def _attributes(kind: type[FactData]) -> dict[str, str]:
    """The fields of a kind by their names in JSON."""
    return {field.alias or name: name for name, field in kind.model_fields.items()}


def _compare(name: str, given: Any, read: Any) -> None:
    """What was given is of the JSON type it was read as, and can be stored."""
    type = _json_type(given)
    if type != _json_type(read):
        raise ValueProblem(_path([name]), f"{given!r} 的类型不对", f"{given!r} is of another type than declared")
    if type == "text" and NUL in str(given):
        raise ValueProblem(_path([name]), "含有无法保存的字符", "It holds a character that cannot be stored")
    if type == "list":
        for item, read_item in zip(given, read, strict=False):
            _compare(name, item, read_item)
    elif type == "object" and isinstance(read, Mapping):
        for key, item in given.items():
            _compare(f"{name}.{key}", item, read.get(key))


def _json_type(value: Any) -> str:
    known = _TYPES.get(type(value))
    if known:
        return known
    return "object" if isinstance(value, Mapping | BaseModel) else "text"


def _path(parts: Any) -> str:
    return ".".join(["data", *map(str, parts)])
