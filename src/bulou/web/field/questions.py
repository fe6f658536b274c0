"""The form of a fact: what must be asked before a tap can record it, built from the kind's own fields.

What the duty already fixes (`must: {fact: …, where: {finding: suspect}}`) is not asked again; what it compares
(`where: {short: {lte: 0}}`) always is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Literal

from django.utils.translation import get_language, gettext
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from bulou.kernel.facts import KINDS
from bulou.plan.recording import is_list
from bulou.web import fact_words

Shape = Literal["number", "choice", "text"]
Fixed = Mapping[str, Sequence[Any]]
"""What a duty asks of the fact's data: field to the values that will do, none where they are many."""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    word: str


@dataclass(frozen=True, slots=True)
class Question:
    """One field to fill in, or to leave empty where it need not be (`must`).

    `value` is what was entered, kept when it is refused, with `error` beside it.
    """

    name: str
    label: str
    shape: Shape
    unit: str = ""
    whole: bool = False
    input: str = "text"
    options: tuple[Option, ...] = ()
    value: str = ""
    error: str = ""
    must: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of one fact; none where one tap is enough.

    `items`: those of a checklist, each to be marked where it was found wanting; `failed`: the values marked.
    """

    kind: str
    fields: tuple[Question, ...]
    errors: tuple[str, ...] = ()
    items: tuple[Option, ...] = ()
    failed: tuple[str, ...] = ()

    @property
    def single(self) -> bool:
        """One question only."""
        return len(self.fields) == 1

    @property
    def one_choice(self) -> bool:
        """One question whose options can be buttons, so that one tap answers and records."""
        return self.single and self.fields[0].shape == "choice"

    @property
    def long(self) -> bool:
        """More than a line: shown when asked for."""
        return len(self.fields) > 1 or (self.single and self.fields[0].shape == "text")

    @property
    def refused(self) -> bool:
        return not is_good(self)


def form(kind: str, fixed: Fixed | None = None, items: tuple[Option, ...] = ()) -> Form:
    """What to ask for a fact of this kind: its required fields, and those the duty leaves a choice in."""
    return _form(kind, tuple((name, tuple(wanted)) for name, wanted in (fixed or {}).items()), items, get_language())


@lru_cache(maxsize=4096)
def _form(
    kind: str, wants: tuple[tuple[str, tuple[Any, ...]], ...], items: tuple[Option, ...], _language: str | None
) -> Form:
    """The same form for the same duty, in one language."""
    fixed, asked = dict(wants), []
    for name, info in fact_words.fields(kind):
        wanted = fixed.get(name, ())
        if len(wanted) != 1 and (info.is_required() or name in fixed):
            asked.append(_question(name, info, [str(value) for value in wanted]))
    return Form(kind, tuple(asked), items=items)


def read(kind: str, entered: Mapping[str, str], fixed: Fixed | None = None) -> tuple[dict[str, Any], Form]:
    """What was entered as the fact's data, and the form again: with errors beside the fields where it will not do."""
    fixed, asked = fixed or {}, form(kind, fixed)
    values = {question.name: entered.get(question.name, "").strip() for question in asked.fields}
    data: dict[str, Any] = {name: wanted[0] for name, wanted in fixed.items() if len(wanted) == 1}
    data |= {
        question.name: _plain(question, values[question.name]) for question in asked.fields if values[question.name]
    }
    lists = {name for name, info in fact_words.fields(kind) if is_list(info.annotation)}
    data |= {name: [value] for name, value in data.items() if name in lists}
    errors = _errors(kind, data)
    fields = tuple(replace(q, value=values[q.name], error=errors.pop(q.name, "")) for q in asked.fields)
    return data, replace(asked, fields=fields, errors=tuple(errors.values()))


def marked(data: dict[str, Any], answered: Form, items: Sequence[Option], failed: Sequence[str]) -> Form:
    """Put the items of a checklist found wanting into a fact's data, in the checklist's order; the form with them."""
    wanting = tuple(item.value for item in items if item.value in failed)
    if wanting:
        data["failed"] = list(wanting)
    return replace(answered, items=tuple(items), failed=wanting)


def replaced(question: Question, value: str, error: str = "") -> Question:
    """The question with what was entered, and what is wrong with it."""
    return replace(question, value=value, error=error)


def is_good(answered: Form) -> bool:
    return not answered.errors and not any(question.error for question in answered.fields)


def _question(name: str, info: FieldInfo, wanted: list[str]) -> Question:
    label, unit = fact_words.field_label(info, name), fact_words.field_unit(info)
    inner = fact_words.inner(info.annotation)
    if inner is bool:
        return Question(name, label, "choice", options=(Option("true", gettext("yes")), Option("false", gettext("no"))))
    if words := fact_words.options(info.annotation):
        allowed = tuple(Option(word, fact_words.option_word(word)) for word in words if not wanted or word in wanted)
        return Question(name, label, "choice", options=allowed)
    if wanted:
        return Question(
            name, label, "choice", options=tuple(Option(word, fact_words.option_word(word)) for word in wanted)
        )
    if inner in (int, float):
        return Question(name, label, "number", unit=unit, whole=inner is int)
    kinds = {date: "date", datetime: "datetime-local"}
    return Question(name, label, "text", input=kinds.get(inner, "text"))


def _options(words: Iterable[str]) -> tuple[Option, ...]:
    return tuple(Option(word, fact_words.option_word(word)) for word in words)


def _plain(question: Question, text: str) -> Any:
    """Text as JSON would hold it; Chinese full-width digits and decimal points are read too."""
    if question.shape == "number":
        narrow = text.translate(_NARROW)
        try:
            return int(narrow) if question.whole else Decimal(narrow)
        except (ValueError, InvalidOperation):
            return text
    if question.shape == "choice" and text in ("true", "false"):
        return text == "true"
    return text


_NARROW = str.maketrans("０１２３４５６７８９．。，,", "0123456789....")


def _errors(kind: str, data: Mapping[str, Any]) -> dict[str, str]:
    """Field to what is wrong with it, in the reader's language."""
    try:
        KINDS[kind].model_validate(data)
    except ValidationError as error:
        return {str(problem["loc"][0]) if problem["loc"] else "": _sentence(problem) for problem in error.errors()}
    return {}


def _sentence(problem: Any) -> str:
    limits = problem.get("ctx", {})
    match problem["type"]:
        case "missing":
            return gettext("Fill this in.")
        case "greater_than_equal":
            return gettext("At least %(limit)s. Check the number.") % {"limit": limits["ge"]}
        case "less_than_equal":
            return gettext("At most %(limit)s. Check the number.") % {"limit": limits["le"]}
        case "int_parsing" | "float_parsing" | "int_type" | "float_type" | "int_from_float":
            return gettext("Enter a number, digits only.")
        case "literal_error":
            return gettext("Choose one of the options.")
        case _:
            return gettext("This cannot be read. Check what was entered.")
