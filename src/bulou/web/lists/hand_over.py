"""Many people handed over at once: a request each, in the name of whoever holds them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from bulou.custody import selectors as custody
from bulou.custody.chain import OPENED
from bulou.directory.models import Account, Unit
from bulou.kernel.areas import contains
from bulou.web.field import questions
from bulou.web.lists.acts import Effect, Planned, ask
from bulou.web.lists.spec import Word


@dataclass(frozen=True)
class HandOver:
    """Ask a unit to take each person. The holder is the sender: one's own unit, or one in one's area. Two queries more.

    Who is in nobody's hands is in one's own from the request on. Whom a unit elsewhere holds, it must hand over itself.
    """

    word: Word
    row: Callable[[Any], tuple[str, str, str, str]]
    asks: Callable[[Account], Sequence[questions.Question]]
    name: str = "hand-over"
    icon: str = "truck"

    def may(self, account: Account) -> bool:
        return True

    def plan(self, rows: Sequence[Any], entered: Mapping[str, str] | None, account: Account) -> Planned:
        data, form = ask(OPENED, entered, self.asks(account), {"from": ""})
        held = custody.holders(one.row.id for one in rows)
        units = Unit.objects.in_bulk({one.unit for one in held.values() if one.unit})
        effects = []
        for one in rows:
            key, name, subject, area = self.row(one)
            holder = held.get(one.row.id)
            unit = units.get(holder.unit, account.unit) if holder and holder.unit else account.unit
            said = {**data, "from": f"unit:{unit.pk}"}
            refused = _refused(unit, account, str(data.get("to", "")))
            effects.append(Effect(key, name, area, subject, OPENED, said, refused, by=f"unit:{unit.pk}"))
        return Planned(form, effects)


def _refused(unit: Unit, account: Account, to: str) -> str:
    """Why a person cannot be handed over by this account."""
    if unit.pk != account.unit_id and not contains(account.area, unit.area_id):
        return gettext("%(unit)s holds this person; only they can hand them over.") % {"unit": unit.name}
    if to == f"unit:{unit.pk}":
        return gettext("%(unit)s holds this person already.") % {"unit": unit.name}
    return ""
