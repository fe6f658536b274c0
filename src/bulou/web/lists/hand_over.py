"""Many people handed over at once: a request each, in the name of whoever holds them; one trip in one vehicle."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from bulou.custody import selectors as custody
from bulou.custody.chain import OPENED
from bulou.directory import selectors as directory
from bulou.directory.models import Account, Unit
from bulou.kernel.areas import contains
from bulou.kernel.ids import id_of, new_id
from bulou.web.field.questions import Option, Question
from bulou.web.lists.acts import Effect, Planned, ask
from bulou.web.lists.spec import Word

RECEIVERS = ("isolation_site", "fever_clinic", "designated_hospital", "hospital", "transport_team", "village_committee")
"""Roles a person can be handed to."""
CARRIER = "transport_team"
TRAVEL = ("vehicle", "crew", "carrier")
"""What makes several people one trip, where any of it is said."""


@dataclass(frozen=True)
class HandOver:
    """Ask a unit to take each person. The holder is the sender: one's own unit, or one in one's area.

    Three queries more than the receivers take.

    Who is in nobody's hands is in one's own from the request on. Whom a unit elsewhere holds, it must hand over itself.
    Several people of one vehicle are on one trip, each with a handover of their own.
    """

    word: Word
    row: Callable[[Any], tuple[str, str, str, str]]
    name: str = "hand-over"
    icon: str = "truck"

    def may(self, account: Account) -> bool:
        return True

    def plan(self, rows: Sequence[Any], entered: Mapping[str, str] | None, account: Account) -> Planned:
        data, form = ask(OPENED, entered, _questions(account), {"from": "", "trip": ""})
        hands = _Hands.of([self.row(one) for one in rows], account)
        effects = []
        for one in rows:
            key, name, subject, area = self.row(one)
            unit = hands.holder(subject)
            said = {**data, "from": f"unit:{unit.pk}"}
            refused = hands.refused(subject, unit, str(data.get("to", "")))
            effects.append(Effect(key, name, area, subject, OPENED, said, refused, by=f"unit:{unit.pk}"))
        return Planned(form, _together(effects))


@dataclass(frozen=True)
class _Hands:
    """Whose hands some people are in, and to whom they are being handed over already."""

    account: Account
    units: Mapping[UUID, Unit]
    held: Mapping[UUID, custody.Held]
    under_way: Mapping[UUID, UUID]
    seen: set[str]

    @classmethod
    def of(cls, rows: Sequence[tuple[str, str, str, str]], account: Account) -> "_Hands":
        people = [id for _key, _name, subject, _area in rows if (id := id_of(subject, "person"))]
        held, under_way = custody.holders(people), custody.under_way(people)
        units = Unit.objects.in_bulk({one.unit for one in held.values() if one.unit} | set(under_way.values()))
        return cls(account, units, held, under_way, set())

    def holder(self, subject: str) -> Unit:
        """Who hands the person over: whoever holds them, else one's own unit."""
        held = self.held.get(UUID(subject.removeprefix("person:")))
        return self.units.get(held.unit, self.account.unit) if held and held.unit else self.account.unit

    def refused(self, subject: str, holder: Unit, to: str) -> str:
        """Why a person cannot be handed over by this account; empty where they can."""
        if subject in self.seen:
            return gettext("This person is in the selection already.")
        self.seen.add(subject)
        receiver = self.units.get(self.under_way.get(UUID(subject.removeprefix("person:")), holder.pk))
        if receiver and receiver.pk != holder.pk:
            return gettext("Is being handed over to %(unit)s already.") % {"unit": receiver.name}
        if holder.pk != self.account.unit_id and not contains(self.account.area, holder.area_id):
            return gettext("%(unit)s holds this person; only they can hand them over.") % {"unit": holder.name}
        if to == f"unit:{holder.pk}":
            return gettext("%(unit)s holds this person already.") % {"unit": holder.name}
        return ""


def _together(effects: Sequence[Effect]) -> list[Effect]:
    """The effects; one trip where several travel in a vehicle that was named."""
    going = [effect for effect in effects if not effect.refused]
    if len(going) < 2 or not any(name in going[0].data for name in TRAVEL):
        return list(effects)
    trip = {"trip": str(new_id())}
    return [effect if effect.refused else replace(effect, data={**effect.data, **trip}) for effect in effects]


def _questions(account: Account) -> list[Question]:
    """To whom people can be handed (units of the account's county that can hold them), and how they travel."""
    county = account.area[: len("320412")]
    held = {unit.id: unit for role in RECEIVERS for unit in directory.units(county, role=role, limit=100)}
    found = sorted(held.values(), key=lambda unit: unit.name)
    drives = {unit.id for unit in found if CARRIER in dict(unit.roles)}
    chosen = tuple(Option(f"unit:{unit.id}", unit.name) for unit in found if unit.id != account.unit_id)
    drivers = tuple(Option(f"unit:{unit.id}", unit.name) for unit in found if unit.id in drives)
    return [
        Question("to", gettext("To which unit"), "choice", options=chosen),
        Question("vehicle", gettext("Vehicle"), "text", must=False),
        Question("crew", gettext("Crew"), "text", must=False),
        *([Question("carrier", gettext("Carried by"), "choice", options=drivers, must=False)] if drivers else []),
    ]
