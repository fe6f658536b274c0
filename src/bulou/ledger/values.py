"""The values of a fact's data as its kind declares them, no more freely: rules compare what was sent, as it was sent.

A temperature sent as the text "39.5" would pass a lenient check, be kept as text, and never count as a fever.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from bulou.kernel.facts import FactData

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
        raise ValueProblem(_path(first["loc"]), f"值不合要求（{first['msg']}）", first["msg"]) from error
    attributes = _attributes(kind)
    for name, value in data.items():
        if name not in attributes:
            raise ValueProblem(_path([name]), "没有这个字段", "There is no such field")
        _compare(name, value, getattr(model, attributes[name]))


@cache
def _attributes(kind: type[FactData]) -> dict[str, str]:
    """The fields of a kind by their names in JSON."""
    return {field.alias or name: name for name, field in kind.model_fields.items()}


def _compare(name: str, given: Any, read: Any) -> None:
    """What was given is of the JSON type it was read as, and can be stored."""
    if _json_type(given) != _json_type(read):
        said = "应为数字、是非或文字本身，不是其他写法" if isinstance(given, str | bool | int | float) else "类型不对"
        raise ValueProblem(_path([name]), said, f"{given!r} is of another type than declared")
    if isinstance(given, str) and NUL in given:
        raise ValueProblem(_path([name]), "含有无法保存的字符", "It holds a character that cannot be stored")
    if isinstance(given, list | tuple):
        for item, read_item in zip(given, read, strict=False):
            _compare(name, item, read_item)
    elif isinstance(given, Mapping) and isinstance(read, Mapping):
        for key, item in given.items():
            _compare(f"{name}.{key}", item, read.get(key))


def _json_type(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, Mapping | BaseModel):
        return "object"
    if isinstance(value, list | tuple | set | frozenset):
        return "list"
    # Decimal is told by what it is not: dates, ids and words are all text in JSON.
    return "number" if hasattr(value, "__int__") and hasattr(value, "__float__") else "text"


def _path(parts: Any) -> str:
    return ".".join(["data", *map(str, parts)])
