"""The conditions of `where`: fields of a fact kind, compared with values or parameters."""

from decimal import Decimal
from typing import Any, Literal

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from bulou.kernel.facts import FactKinds
from bulou.kernel.text import Text
from bulou.plan.parameters import references
from bulou.plan.vocabulary import FieldShape, field_shape, kind_in_use, nearest, refusal, vocabulary
from bulou.plan.words import readings

Op = Literal["in", "ne", "gt", "gte", "lt", "lte"]
ORDERED = frozenset({"gt", "gte", "lt", "lte"})
OPERATORS = ORDERED | {"ne"}


def where(conditions: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
    """Field to value, list (any of) or one comparison; fields and values checked against the fact kind."""
    if conditions and "fact" in info.data and info.data["fact"] is None:
        raise refusal("where_without_fact", Text(zh="where 要与 fact 同用。", en="where goes with a fact."))
    found: list[PydanticCustomError] = []
    for field, test in conditions.items():
        try:
            _check_condition(field, test, info)
        except PydanticCustomError as error:
            found.append(error)
    if len(found) == 1:
        raise found[0]
    if found:
        said = [text for error in found if error.context for text in error.context.values() if text]
        raise refusal(found[0].type, Text(zh="".join(t.zh for t in said), en=" ".join(t.en for t in said)))
    return conditions


def known_field(kinds: FactKinds, kind: str, field: str) -> FieldShape:
    """The shape of a kind's field; refused where there is none."""
    shape = field_shape(kinds, kind, field)
    if shape is None:
        known = sorted(kinds.fields(kind))
        text = Text(zh=f"{kind} 没有字段 {field}。", en=f"{kind} has no field {field}.")
        raise refusal("unknown_field", text, nearest(field, known) or _fields(known))
    return shape


def _check_condition(field: str, test: Any, info: ValidationInfo) -> None:
    found = kind_in_use(info, "fact")
    shape = known_field(*found, field) if found else None
    if test == [] or test == {}:
        raise refusal("no_value", Text(zh=f"{field} 没有可比较的值。", en=f"{field} is compared with nothing."))
    for operator, operand in comparisons(field, test):
        _check_operand(field, operator, operand, shape, info)


def comparisons(field: str, test: Any) -> list[tuple[Op, Any]]:
    """A `where` entry as (operator, operand) pairs: `in` for a value or a list."""
    if not isinstance(test, dict):
        return [("in", test)]
    if unknown := sorted(set(test) - OPERATORS):
        raise refusal(
            "unknown_operator",
            Text(zh=f"{field}：没有比较 {unknown[0]}。", en=f"{field}: there is no comparison {unknown[0]}."),
            Text(zh="可用 gt、gte、lt、lte、ne。", en="Use gt, gte, lt, lte or ne."),
        )
    return list(test.items())


def _check_operand(field: str, operator: str, operand: Any, shape: FieldShape | None, info: ValidationInfo) -> None:
    if operator in ORDERED and shape and not shape.number:
        raise refusal(
            "not_a_number_field",
            Text(
                zh=f"{field} 不是数字字段，不能用 {operator}。",
                en=f"{field} is not a number; {operator} cannot be used.",
            ),
            Text(zh="请列出可取的值。", en="List the values instead."),
        )
    if operator != "in" and (
        isinstance(operand, list) or any(isinstance(value, list) for value in _dated(operand, info))
    ):
        text = Text(zh=f"{field} 的 {operator} 只与一个值比较。", en=f"{field}: {operator} takes one value.")
        raise refusal("not_one_value", text)
    for value, _ in readings(operand, info):
        check_value(field, value, shape, number=operator in ORDERED)


def check_value(field: str, value: Any, shape: FieldShape | None, *, number: bool = False) -> None:
    """Refuses a value a field of this shape never has; `number`: one that cannot be put in order."""
    if not isinstance(value, bool | int | Decimal | str):
        raise refusal(
            "bad_value",
            Text(zh=f"{field} 应为文字、数字或真假。", en=f"{field} is text, a number, or true or false."),
        )
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if (number or (shape and shape.number)) and not is_number:
        text = Text(zh=f"{field} 应为数字，不是 {value!r}。", en=f"{field} is a number, not {value!r}.")
        raise refusal("not_a_number", text)
    if shape and shape.options and value not in shape.options:
        options = sorted(map(str, shape.options))
        raise refusal(
            "unknown_option",
            Text(zh=f"{field} 不会是 {value}。", en=f"{field} is never {value}."),
            nearest(str(value), options) or _fields(options),
        )


def _dated(operand: Any, info: ValidationInfo) -> list[Any]:
    """The dated values of the parameter an operand names."""
    words = vocabulary(info)
    found = [words.parameters[name] for name in references(operand) if name in words.parameters] if words else []
    return [dated.value for parameter in found for dated in parameter.values.values()]


def _fields(known: list[str]) -> Text:
    names = ", ".join(known)
    return Text(zh=f"可用：{names}。", en=f"Known: {names}.")
