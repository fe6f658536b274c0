"""The words a plan may use: fact kinds and their fields, roles, parameters. Given to every model as its context."""

import difflib
import types
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from bulou.kernel.facts import WAIVED, WITHDRAWN, FactKinds
from bulou.kernel.text import Text

if TYPE_CHECKING:
    from bulou.plan.parameters import Parameter

BOOKKEEPING = (WITHDRAWN, WAIVED)
"""Kinds about facts and duties themselves: no duty opens, ends or is done by one."""


@dataclass(frozen=True)
class Vocabulary:
    """What is known while a plan is read; None means that this sort of word is not checked."""

    kinds: FactKinds | None = None
    roles: Collection[str] | None = None
    parameters: Mapping[str, "Parameter"] = field(default_factory=dict)
    faulty: frozenset[str] = frozenset()
    """Parameters that are there but could not be read; said once, where they stand."""


def vocabulary(info: ValidationInfo) -> Vocabulary | None:
    """The vocabulary of a validation, or None where a model is built outside the loader."""
    return info.context if isinstance(info.context, Vocabulary) else None


def kind_in_use(info: ValidationInfo, key: str) -> tuple[FactKinds, str] | None:
    """The kind already read under `key`, with the kinds; None where it is absent, unknown or not checked."""
    words, kind = vocabulary(info), info.data.get(key)
    if words is None or words.kinds is None or not isinstance(kind, str) or kind not in words.kinds:
        return None
    return words.kinds, kind


def refusal(code: str, text: Text, remedy: Text | None = None) -> PydanticCustomError:
    """An error a validator raises; the loader turns it into a `Problem` with file and line."""
    return PydanticCustomError(code, "{text}", {"text": text, "remedy": remedy})


def nearest(word: str, known: Iterable[str]) -> Text | None:
    """“Did you mean …?” where a known word is close."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return Text(zh=f"是否想写 {close[0]}？", en=f"Did you mean {close[0]}?") if close else None


def known_kind(kind: str, info: ValidationInfo) -> str:
    words = vocabulary(info)
    if kind in BOOKKEEPING:
        raise refusal(
            "bookkeeping_kind",
            Text(
                zh=f"{kind} 只更正记录，不能触发、结束或完成责任。",
                en=f"{kind} only corrects the record; no rule may use it.",
            ),
            Text(zh="请用说明发生了什么的事实类型。", en="Use the kind that says what happened."),
        )
    if words and words.kinds is not None and kind not in words.kinds:
        raise refusal(
            "unknown_kind",
            Text(zh=f"没有名为 {kind} 的事实类型。", en=f"There is no fact kind {kind}."),
            nearest(kind, words.kinds)
            or Text(zh="事实类型见各业务的 facts.py。", en="Kinds are listed in each room's facts.py."),
        )
    return kind


def known_role(role: str, info: ValidationInfo) -> str:
    words = vocabulary(info)
    if words and words.roles is not None and role not in words.roles:
        raise refusal(
            "unknown_role",
            Text(zh=f"没有名为 {role} 的职责。", en=f"There is no role {role}."),
            nearest(role, words.roles) or Text(zh="职责见职责表。", en="Roles are listed in the role vocabulary."),
        )
    return role


@dataclass(frozen=True)
class FieldShape:
    """What is known of a data field: whether it holds numbers, and the values it may take (empty: any)."""

    number: bool
    options: frozenset[Any]


def field_shape(kinds: FactKinds, kind: str, name: str) -> FieldShape | None:
    """The shape of a field of a kind, None where the kind has no such field."""
    for python_name, info in kinds[kind].model_fields.items():
        if (info.alias or python_name) == name:
            leaves = list(_leaves(info.annotation))
            return FieldShape(
                number=any(leaf in (int, float, Decimal) for leaf in leaves),
                options=frozenset().union(*map(_options, leaves)) if all(map(_options, leaves)) else frozenset(),
            )
    return None


def _leaves(annotation: Any) -> Iterable[Any]:
    """The element types behind optional, union, list and Annotated."""
    origin = get_origin(annotation)
    if annotation is types.NoneType:
        return
    if origin in (Union, types.UnionType, list, tuple, set, frozenset):
        for part in get_args(annotation):
            yield from _leaves(part)
    elif origin is not None and hasattr(annotation, "__metadata__"):
        yield from _leaves(get_args(annotation)[0])
    else:
        yield annotation


def _options(leaf: Any) -> frozenset[Any]:
    if get_origin(leaf) is Literal:
        return frozenset(get_args(leaf))
    members = getattr(leaf, "__members__", None)
    return frozenset(member.value for member in members.values()) if members else frozenset()
