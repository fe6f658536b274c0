"""What pydantic found wrong, as problems in both languages with file, line, key and remedy."""

from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from bulou.kernel.errors import Problem
from bulou.kernel.text import Text
from bulou.plan.tree import Location, Tree, field_name
from bulou.plan.vocabulary import nearest

_SAID: dict[str, tuple[str, str]] = {
    "missing": ("缺少这一项。", "This key is missing."),
    "extra_forbidden": ("计划语言没有这一项。", "The plan language has no such key here."),
    "string_type": ("要写文字，数字和日期请加引号。", "Text is expected here; quote a number."),
    "int_type": ("要写整数。", "A whole number is expected here."),
    "int_parsing": ("要写整数。", "A whole number is expected here."),
    "list_type": ("要写列表。", "A list is expected here."),
    "dict_type": ("要写成键和值。", "Keys and values are expected here."),
    "model_type": ("要写成键和值。", "Keys and values are expected here."),
    "model_attributes_type": ("要写成键和值。", "Keys and values are expected here."),
    "too_short": ("不能为空。", "This must not be empty."),
    "string_too_short": ("不能为空。", "This must not be empty."),
}
_TIME = ("要写日期和时间，如 2020-02-01 08:00。", "A date and time such as 2020-02-01 08:00 is expected here.")
_DATE = ("要写日期，如 2020-02-01。", "A date such as 2020-02-01 is expected here.")


def problems(error: ValidationError, model: type[BaseModel], tree: Tree, at: Location) -> list[Problem]:
    """The error's findings on the part of `tree` at `at`, each place once."""
    found: dict[tuple[str, str], Problem] = {}
    for detail in error.errors():
        whole = tree.known((*at, *detail["loc"]))
        if detail["type"] in ("missing", "extra_forbidden"):
            whole = (*tree.known((*at, *detail["loc"][:-1])), detail["loc"][-1])
        problem = _problem(detail, model, tree, whole)
        found.setdefault((problem.where, problem.field), problem)
    return list(found.values())


def _problem(detail: Any, model: type[BaseModel], tree: Tree, location: Location) -> Problem:
    kind, context = detail["type"], detail.get("ctx", {})
    where, field = tree.where(location), field_name(location)
    if isinstance(context.get("text"), Text):
        return Problem(kind, context["text"], context["remedy"], where, field)
    remedy = None
    if kind == "extra_forbidden":
        keys = keys_at(model, detail["loc"][:-1])
        listed = ", ".join(keys)
        remedy = nearest(str(detail["loc"][-1]), keys) or Text(zh=f"可用：{listed}。", en=f"Known: {listed}.")
    elif kind == "literal_error":
        options = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        remedy = nearest(str(detail["input"]), options.split(", ")) or Text(
            zh=f"可用：{options}。", en=f"Known: {options}."
        )
        return Problem(kind, Text(zh="没有这个选项。", en="There is no such choice."), remedy, where, field)
    shape = _TIME if kind.startswith("datetime_") else _DATE if kind.startswith("date_") else None
    default = shape or (f"格式不对：{detail['msg']}。", f"{detail['msg']}.")
    zh, en = _SAID.get(kind, default)
    return Problem(kind, Text(zh=zh, en=en), remedy, where, field)


def keys_at(model: type[BaseModel], location: Location) -> list[str]:
    """The keys allowed at a place inside a model, as written in YAML."""
    here: type[BaseModel] | None = model
    for step in location:
        field = next((f for name, f in here.model_fields.items() if step in (f.alias, name)), None) if here else None
        if field is not None:
            here = _model_in(field.annotation)
    return [field.alias or name for name, field in here.model_fields.items()] if here else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
