"""The course of a need: asked, taken up, brought, confirmed. Pure and small; what is stored is held to it.

Nothing is closed on the word of whoever saw to it. A need is met when the person says so on their own page, or says so
to an account other than those that saw to it. What else claims to close a need only says that something was brought.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

State = Literal["asked", "accepted", "delivered", "unmet", "closed"]
KINDS = (
    "help.requested",
    "help.answered",
    "help.assigned",
    "help.referred",
    "help.delivered",
    "help.unmet",
    "help.closed",
)


@dataclass(frozen=True, slots=True)
class Happened:
    """A fact that counts, as far as needs are concerned. `account`: who was signed in, None where nobody was."""

    id: str
    kind: str
    at: datetime
    area: str
    by: str | None
    data: Mapping[str, Any] = field(default_factory=dict)
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """One request and how far it is. `hands`: the accounts that saw to it, none of which may confirm it."""

    id: str
    subject: str
    area: str
    need: str
    words: str
    channel: str
    asked_at: datetime
    asked_by: str | None
    state: State = "asked"
    unit: str | None = None
    volunteer: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    delivered_at: datetime | None = None
    delivered_by: str | None = None
    unmet: int = 0
    closed_at: datetime | None = None
    how: str = ""
    hands: tuple[str, ...] = ()


def needs_of(subject: str, facts: Iterable[Happened]) -> list[Need]:
    """The needs of a person or an area as their facts have them, in the order in which they were asked."""
    found: dict[str, Need] = {}
    for fact in sorted(facts, key=lambda fact: (fact.at, fact.id)):
        if fact.kind == "help.requested":
            found[fact.id] = _asked(subject, fact)
        else:
            for need in meant(found.values(), fact.data):
                found[need.id] = _STEPS[fact.kind](need, fact)
    return list(found.values())


def meant(needs: Iterable[Need], data: Mapping[str, Any]) -> list[Need]:
    """The open needs a fact is about: the one it names, else every one of its kind."""
    request, code = data.get("request"), data.get("need")
    still = [need for need in needs if need.state != "closed"]
    if request:
        return [need for need in still if need.id == request]
    return [need for need in still if code in (None, need.need)]


def confirms(need: Need, by: str | None, account: str | None) -> bool:
    """True where it is the person who says so, or an account that did not see to the need itself."""
    if account is None:
        return by == need.subject
    return bool(need.hands) and account not in need.hands


def _asked(subject: str, fact: Happened) -> Need:
    said = fact.data
    words, channel = str(said.get("words", "")), str(said.get("channel", ""))
    return Need(fact.id, subject, fact.area, str(said.get("need", "")), words, channel, fact.at, fact.by)


def _answered(need: Need, fact: Happened) -> Need:
    if need.state not in ("asked", "unmet"):
        return need
    first = need.answered_at or fact.at
    return replace(_handled(need, fact), state="accepted", answered_at=first, answered_by=need.answered_by or fact.by)


def _assigned(need: Need, fact: Happened) -> Need:
    return replace(_answered(need, fact), volunteer=str(fact.data.get("volunteer", "")).removeprefix("person:"))


def _referred(need: Need, fact: Happened) -> Need:
    """Whoever takes it over has still to say so."""
    return replace(need, state="asked", unit=str(fact.data.get("to", "")).removeprefix("unit:"), volunteer=None)


def _delivered(need: Need, fact: Happened) -> Need:
    answered = need if need.answered_at else replace(need, answered_at=fact.at, answered_by=fact.by)
    return replace(_handled(answered, fact), state="delivered", delivered_at=fact.at, delivered_by=fact.by)


def _unmet(need: Need, fact: Happened) -> Need:
    return replace(need, state="unmet", unmet=need.unmet + 1, delivered_at=None, delivered_by=None)


def _closed(need: Need, fact: Happened) -> Need:
    if not confirms(need, fact.by, fact.account):
        return _delivered(need, fact)
    how = "own_page" if fact.by == need.subject else str(fact.data.get("confirmed", "call"))
    return replace(need, state="closed", closed_at=fact.at, how=how)


def _handled(need: Need, fact: Happened) -> Need:
    is_new = fact.account is not None and fact.account not in need.hands
    return replace(need, hands=(*need.hands, fact.account or "")) if is_new else need


_STEPS: Mapping[str, Callable[[Need, Happened], Need]] = {
    "help.answered": _answered,
    "help.assigned": _assigned,
    "help.referred": _referred,
    "help.delivered": _delivered,
    "help.unmet": _unmet,
    "help.closed": _closed,
}
