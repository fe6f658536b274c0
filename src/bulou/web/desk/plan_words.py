"""Clauses in words: what opens a duty, by when, by whom; and the other forms a clause can take."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bulou.directory.roles import ROLES
from bulou.kernel.facts import KINDS
from bulou.kernel.text import Text
from bulou.plan import forms, models
from bulou.plan.conditions import comparisons
from bulou.plan.parameters import TIME_UNITS, Parameter, Parameters, period, references
from bulou.plan.prose import Names, names
from bulou.web import fact_words, words
from bulou.web.words import kind_title, role_title, say

FORM_SIGNS = words.signs(
    words.Sign("duties", _("Duty"), "clock"),
    words.Sign("checklist", _("Checklist"), "clipboard-check"),
    words.Sign("guard", _("Guard"), "shield-half"),
    words.Sign("criterion", _("Criterion"), "scale"),
    words.Sign("target", _("Target"), "target"),
    words.Sign("groups", _("Work group"), "users-group"),
    words.Sign("register", _("Register"), "id"),
    words.Sign("shows", _("Screen"), "eye"),
    words.Sign("principle", _("Principle"), "quote"),
)
_COMPARED = {
    "gt": _("above %s"),
    "gte": _("%s or above"),
    "lt": _("below %s"),
    "lte": _("%s or below"),
    "ne": _("not %s"),
}


@cache
def titles() -> dict[str, Text]:
    """Titles in both languages of kinds, fields and roles, and of the option words people say for codes."""
    with translation.override("zh-hans"):
        said = {code: fact_words.option_word(code) for code in fact_words.vocabulary()}
    words_of = {code: Text(zh=zh, en=code.replace("_", " ")) for code, zh in said.items()}
    hyphened = {code.replace("_", "-"): text for code, text in words_of.items()}
    return {**hyphened, **words_of, **names(KINDS, ROLES)}


@dataclass(frozen=True, slots=True)
class FormShown:
    """One form of a clause: its heading, a sentence, terms with their values, and items."""

    icon: str
    title: str
    text: str = ""
    pairs: Sequence[tuple[str, str]] = ()
    items: Sequence[str] = ()


@dataclass(frozen=True)
class Reader:
    """Reads the expressions of a plan with the parameter values in force on a day.

    `own` are the words the plan gives its own things by (`plan.own_words`).
    """

    scope: Parameters
    day: date
    own: Names = field(default_factory=dict)
    used: dict[str, Parameter] = field(default_factory=dict)

    def value(self, expression: Any) -> Any:
        """A literal as it is, `$name` as the value in force (the parameter noted as used), lists spread."""
        if isinstance(expression, list):
            return [item for part in expression for item in _listed(self.value(part))]
        names = references(expression)
        if not names:
            return expression
        name = names.pop()
        self.used[name] = self.scope[name]
        return self.scope[name].at(self.day)

    def word(self, value: Any) -> str:
        """A value as people say it: by the plan's own word, the vocabulary's, or as it is."""
        title = (self.own.get(value) or titles().get(value)) if isinstance(value, str) else None
        return say(title) if title else fact_words.said(value, {})

    def length(self, expression: str) -> timedelta:
        """A literal period or a parameter that is one, as a length of time."""
        names = references(expression)
        return period(self.value(expression), self.scope[next(iter(names))].unit if names else "")

    def span(self, expression: str) -> str:
        length = self.length(expression)
        return words.span(length) if length else gettext("at once")

    def data(self, kind: str | None, where: dict[str, Any]) -> str:
        """The conditions on a fact's data: `Body temperature 37.3 or above`."""
        labels = dict(fact_words.fields(kind)) if kind and kind in KINDS else {}
        parts = []
        for name, test in where.items():
            label = fact_words.field_label(labels[name], name) if name in labels else name
            for operator, operand in comparisons(name, test):
                values = [self.word(value) for value in _listed(self.value(operand))]
                said = gettext(" or ").join(values)
                parts.append(f"{label} {_COMPARED[operator] % said if operator in _COMPARED else said}")
        return gettext(", ").join(parts)

    def fact(self, kind: str | None, where: dict[str, Any]) -> str:
        """A fact with its conditions: `Temperature read (Body temperature 37.3 or above)`."""
        title, data = kind_title(kind or ""), self.data(kind, where)
        return gettext("%(fact)s (%(data)s)") % {"fact": title, "data": data} if data else title


def shown(clause: models.Clause, reader: Reader) -> list[FormShown]:
    """Every form of a clause, in words, with the numbers in force on the reader's day."""
    return [*_duties(clause, reader), *_others(clause, reader)]


def _duties(clause: models.Clause, reader: Reader) -> Iterator[FormShown]:
    for duty in clause.duties:
        yield FormShown("clock", say(duty.title or clause.title), pairs=tuple(_terms(duty, reader)))


def _terms(duty: models.Duty, reader: Reader) -> Iterator[tuple[str, str]]:
    yield gettext("When"), reader.fact(duty.when.fact, duty.when.where)
    if duty.until:
        yield gettext("Until"), _until(duty.until, reader)
    if duty.level:
        yield gettext("At level"), gettext("%s or graver") % words.LEVELS[duty.level.at_least]
    if duty.within is not None:
        yield gettext("Within"), reader.span(duty.within)
    if duty.every:
        yield gettext("How often"), _every(duty.every, reader)
    yield gettext("Must happen"), reader.fact(duty.must.fact, duty.must.where)
    if duty.late:
        yield gettext("Late at most"), reader.span(duty.late)
    yield gettext("Whose job"), role_title(duty.by)
    for tell in duty.tell:
        wording = gettext("%(role)s, when %(span)s overdue")
        if not reader.length(tell.after):
            wording = gettext("%(role)s, as soon as it is overdue")
        yield gettext("Then tell"), wording % {"span": reader.span(tell.after), "role": role_title(tell.role)}


def _until(until: models.Until, reader: Reader) -> str:
    ends = [reader.fact(until.fact, until.where)] if until.fact else []
    if until.after:
        ends.append(gettext("%s after it began") % reader.span(until.after))
    return gettext(" or, if sooner, ").join(ends)


def _every(every: models.Every, reader: Reader) -> str:
    if every.period:
        return gettext("every %s") % reader.span(every.period)
    slots = gettext(" and ").join(str(slot).replace("/", "–") for slot in _listed(reader.value(every.day)))
    if every.on is None:
        return gettext("every day %s") % slots
    days = gettext(", ").join(str(day) for day in _listed(reader.value(every.on)))
    return gettext("on days %(days)s after the start, %(slots)s") % {"days": days, "slots": slots}


def _others(clause: models.Clause, reader: Reader) -> Iterator[FormShown]:
    if checklist := clause.checklist:
        every = gettext("every %s") % reader.span(checklist.every)
        items = [say(Text(zh=item.zh, en=item.en)) for item in checklist.items]
        yield FormShown("clipboard-check", say(checklist.title), every, items=items)
    if guard := clause.guard:
        text = gettext("“%s” may be recorded only when:") % kind_title(guard.act)
        yield FormShown("shield-half", gettext("Guard"), text, items=[say(need.text) for need in guard.requires])
    if criterion := clause.criterion:
        yield FormShown("scale", say(criterion.of), items=[say(need.text) for need in criterion.requires])
    if target := clause.target:
        value = gettext(", ").join(str(part) for part in _listed(reader.value(target.value)))
        by = f" · {gettext('by %s') % target.by.isoformat()}" if target.by else ""
        yield FormShown("target", say(target.of), f"{say(target.quantity)} {value} {target.unit}{by}")
    yield from map(_group, clause.groups)
    if register := clause.register_:
        categories = gettext(", ").join(map(reader.word, _listed(register.category)))
        fields = [reader.word(name) for name in register.fields]
        yield FormShown("id", say(register.title), categories, [(gettext("Fields"), gettext(", ").join(fields))])
    for show in clause.shows:
        title = gettext("Owed: its screen is still to be built") if show.room else gettext("Carried by a screen")
        yield FormShown("eye", title, reader.word(show.screen))
    if clause.principle:
        yield FormShown("quote", gettext("Principle, nothing to execute"), say(clause.principle.why))


def _group(group: forms.Group) -> FormShown:
    pairs = [(gettext("Lead"), role_title(group.lead))]
    for title, roles in ((gettext("Deputies"), group.deputies), (gettext("Members"), group.members)):
        if roles:
            pairs.append((title, gettext(", ").join(map(role_title, roles))))
    return FormShown("users-group", say(group.title), pairs=pairs, items=[say(text) for text in group.functions])


def quantity(value: Any, unit: str) -> str:
    """A parameter's value with its unit: a length of time, a slot, a word of a vocabulary or a number."""
    if unit == "period" or unit in TIME_UNITS:
        return words.span(period(value, unit))
    if unit == "slot":
        return str(value).replace("/", "–")
    if isinstance(value, str):
        return fact_words.option_word(value)
    return f"{value} {_UNITS.get(unit, unit)}".strip()


_UNITS = {"degC": "℃", "1": ""}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
