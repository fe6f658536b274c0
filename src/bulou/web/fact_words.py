"""Facts in words: the label of each field, its value as a person would say it."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext
from pydantic.fields import FieldInfo

from bulou.kernel.facts import KINDS

CODES = frozenset((Path(__file__).parent / "option_words.txt").read_text("utf-8").split())
"""Words of open vocabularies that plans, lists and the demo use; a code beyond them is shown by its letters."""
_REFERENCE = re.compile(r"(person|place|unit|area|episode|zone|tube|directive|finding):[0-9A-Za-z-]+")
_CODE = re.compile(r"[a-z]+([_-][a-z]+)*|[IV]+")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
Names = Mapping[str, str]


def field_label(info: FieldInfo, name: str) -> str:
    """A field's label: its title in Chinese; in English its name, or for a number what it measures."""
    if not (get_language() or "zh").startswith("en"):
        return info.title or name
    head = re.split(r"[,;:]", info.description or "")[0].strip().rstrip(".")
    measures = inner(info.annotation) in (int, float) and 0 < len(head) <= 40
    return head if measures else name.strip("_").replace("_", " ").capitalize()


def inner(annotation: Any) -> Any:
    """The plain type behind `X | None` and its limits."""
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def field_unit(info: FieldInfo) -> str:
    """The unit at the end of a field's meaning, such as `°C` or `days`; empty where there is none."""
    tail = (info.description or "").rpartition(",")[2].strip().rstrip(".")
    return {"°C": "℃", "days": gettext("days"), "hours": gettext("hours")}.get(tail, "")


def fields(kind: str) -> Iterator[tuple[str, FieldInfo]]:
    """The data fields of a kind by the name they travel under."""
    for name, info in KINDS[kind].model_fields.items():
        yield info.alias or name, info


def options(annotation: Any) -> list[str]:
    """The values a field may take where it is one of a list, through optional and annotated types."""
    if get_origin(annotation) is Literal:
        return [value for value in get_args(annotation) if isinstance(value, str)]
    if get_origin(annotation) in (Union, UnionType):
        return [value for part in get_args(annotation) for value in options(part)]
    return []


def option_word(value: str) -> str:
    """A vocabulary word as people say it: `critical`, `close`; an unknown code by its own letters."""
    code = value.replace("-", "_")
    known = pgettext("option", code)
    return known if known != code else code.replace("_", " ")


def said(value: Any, names: Names, is_option: bool = True) -> str:
    """One value of a fact in words. References become names, instants local times, lists a row of words."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list | tuple):
        return gettext(", ").join(said(item, names, is_option) for item in value) or gettext("none")
    if isinstance(value, Mapping):
        return " ".join(said(item, names, is_option) for item in value.values())
    text = str(value)
    if _REFERENCE.fullmatch(text):
        return names.get(text, "")
    if _INSTANT.match(text):
        return timezone.localtime(datetime.fromisoformat(text)).strftime("%Y-%m-%d %H:%M")
    is_word = _CODE.fullmatch(text) or text.replace("-", "_") in CODES
    return option_word(text) if is_option and is_word else text


def plainly(value: str) -> str:
    """A value that names nobody, in words: a vocabulary word as people say it, any other text as it is."""
    return said(value, {})


def pairs(kind: str, data: Mapping[str, Any], names: Names) -> list[tuple[str, str]]:
    """The data of a fact as (label, value) in the kind's own order; what is empty or unnamed is left out."""
    labels: dict[str, FieldInfo] = dict(fields(kind)) if kind in KINDS else {}
    ordered = [name for name in labels if name in data] + [name for name in data if name not in labels]
    shown = [(name, said(data[name], names)) for name in ordered if data[name] not in (None, "", [], ())]
    return [(field_label(labels[name], name) if name in labels else name, value) for name, value in shown if value]


def references(data: Any) -> Iterator[str]:
    """Every subject named anywhere in a fact's data, so that a page asks for all names at once."""
    if isinstance(data, Mapping):
        for value in data.values():
            yield from references(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from references(value)
    elif isinstance(data, str) and _REFERENCE.fullmatch(data):
        yield data


def vocabulary() -> frozenset[str]:
    """Every option any registered kind allows, and `CODES`: what Chinese must have a word for."""
    models = KINDS.values()
    return CODES.union(v for kind in models for info in kind.model_fields.values() for v in options(info.annotation))
