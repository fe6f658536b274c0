"""What a person may send in on their own page, each read into facts in their own name."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext

from bulou.kernel.facts import Fact
from bulou.operations.support.models import HelpNeed
from bulou.operations.support.services import own as fact
from bulou.web.needs import CODES, TOLD
from bulou.web.resident.own import OwnFile

SYMPTOMS = ("fever", "cough", "fatigue", "sore_throat", "dyspnoea", "diarrhoea", "myalgia", "headache")
COLDEST, HOTTEST = 30.0, 45.0
LONGEST = 500
"""Characters of what somebody writes."""
_TAIL = (1 << 62) - 1
"""The bits of an id that say no time."""
_DOTS = str.maketrans("０１２３４５６７８９．。，,", "0123456789....")


@dataclass(frozen=True, slots=True)
class Entered:
    """What was sent in: the facts it is, or what is wrong with it."""

    facts: Sequence[Fact] = ()
    error: str = ""


def health(own: OwnFile, form: QueryDict) -> Entered:
    """Temperature and symptoms, or that there are none; one of them at least."""
    text = form.get("celsius", "").strip().translate(_DOTS)
    symptoms = [code for code in form.getlist("symptom") if code in SYMPTOMS]
    if not (text or symptoms or form.get("well")):
        return Entered(error=gettext("Enter your temperature, or say how you feel."))
    try:
        celsius = float(text) if text else None
    except ValueError:
        celsius = 0.0
    if celsius is not None and not COLDEST <= celsius <= HOTTEST:
        return Entered(error=gettext("A temperature lies between 30 and 45 ℃, such as 36.5."))
    if symptoms and form.get("well"):
        return Entered(error=gettext("You marked symptoms and also that you have none. Take one of them back."))
    made: list[tuple[str, dict[str, Any]]] = []
    if celsius is not None:
        made.append(("temperature.read", {"celsius": celsius, "setting": "own_page"}))
    if symptoms or form.get("well"):
        made.append(("symptoms.reported", {"symptoms": symptoms}))
    return _facts(own, form, made)


def ask(own: OwnFile, form: QueryDict) -> Entered:
    """A need, in words where they help."""
    need = form.get("need", "")
    if need not in CODES:
        return Entered(error=gettext("Choose what you need."))
    data = {"need": need, "channel": "own_page"} | _words(form, "words")
    return _facts(own, form, [("help.requested", data)])


def met(own: OwnFile, form: QueryDict) -> Entered:
    """A need of one's own is met."""
    return _of_need(own, form, "help.closed", {"confirmed": "own_page"})


def unmet(own: OwnFile, form: QueryDict) -> Entered:
    """What was said to be done is not."""
    return _of_need(own, form, "help.unmet", {})


def appeal(own: OwnFile, form: QueryDict) -> Entered:
    """What speaks against the isolation."""
    if own.stay is None:
        return Entered(error=gettext("You are in no isolation, so there is nothing to appeal against."))
    said = _words(form, "reason")
    return _facts(own, form, [("appeal.filed", said)]) if said else Entered(error=gettext("Say why, in your words."))


def history(own: OwnFile, form: QueryDict) -> Entered:
    """Where somebody of the family was, or whom they met; the community is asked to follow it up."""
    data = {name: value for name in _HISTORY for value in _words(form, name).values()}
    days = {name: form.get(name, "").strip() for name in ("left_at", "arrived_at")}
    if not data.get("member") or not (data.get("from_area") or data.get("contacts")):
        return Entered(error=gettext("Say who it is about, and where they were or whom they met."))
    try:
        good = all(parse_date(day) for day in days.values() if day)
    except ValueError:
        good = False
    if not good:
        return Entered(error=gettext("Write the days as 2020-02-10."))
    told = data | {name: day for name, day in days.items() if day}
    asked = {"need": TOLD, "channel": "own_page", "words": " ".join(data.values())[:LONGEST]}
    return _facts(own, form, [("history.told", told), ("help.requested", asked)])


ACTS: Mapping[str, Callable[[OwnFile, QueryDict], Entered]] = {
    "health": health,
    "ask": ask,
    "met": met,
    "unmet": unmet,
    "appeal": appeal,
    "history": history,
}
_HISTORY = ("member", "relation", "from_area", "contacts", "told_unit")


def _of_need(own: OwnFile, form: QueryDict, kind: str, data: Mapping[str, Any]) -> Entered:
    found = next((one.need for one in own.needs if str(one.need.id) == form.get("request")), None)
    if found is None or found.state == "closed":
        return Entered(error=gettext("This request is closed already, or is not yours."))
    return _facts(own, form, [(kind, {"request": str(found.id), "need": found.need} | dict(data))], found)


def _facts(
    own: OwnFile, form: QueryDict, made: Sequence[tuple[str, Mapping[str, Any]]], need: HelpNeed | None = None
) -> Entered:
    """The facts; their ids follow from the form's and what it says: sent twice it is one, changed it is another."""
    try:
        id = UUID(form.get("id", ""))
    except ValueError:
        return Entered(error=gettext("This page is too old. Open it again; nothing was recorded."))
    area = need.area if need else own.area
    return Entered([fact(kind, own.person, area, data, id=fact_id(id, kind, data)) for kind, data in made])


def fact_id(form: UUID, kind: str, data: Mapping[str, Any]) -> UUID:
    """An id of the form's own time, so that facts of one instant keep their order; its tail is of what is said."""
    said = uuid5(form, f"{kind} {json.dumps(data, sort_keys=True)}").int & _TAIL
    return UUID(int=form.int & ~_TAIL | said)


def _words(form: QueryDict, name: str) -> dict[str, str]:
    """What somebody wrote, without what no database keeps."""
    text = form.get(name, "").replace("\0", "").strip()[:LONGEST]
    return {name: text} if text else {}
