"""My unit's handovers: what to accept, load, receive and settle, one tap for one person or for a whole car.

Every act makes one fact a person; what cannot be taken is said person by person, the rest is kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bulou.custody import cards
from bulou.custody import selectors as custody
from bulou.custody.selectors import HandoverRow
from bulou.kernel import clock
from bulou.kernel.areas import contains
from bulou.kernel.facts import Fact
from bulou.kernel.ids import id_of, ids_of, new_id
from bulou.ledger import services as ledger
from bulou.web import handovers, links
from bulou.web.access import Request, page
from bulou.web.handovers import Shown
from bulou.web.lists.hand_over import CARRIER
from bulou.web.looking import look_at_list, note_act

HELD = 5_000
"""People a unit holds among whom a card is looked up."""


@dataclass(frozen=True, slots=True)
class Button:
    """One thing to do with a group. `asks` are the fields beside it: name, label, whether it must be filled in."""

    act: str
    word: str | Promise
    icon: str
    asks: tuple[tuple[str, str | Promise, bool], ...] = ()


REASON = (("reason", _("Reason"), True),)
ACCEPT = Button("accepted", _("Accept"), "check")
REFUSE = Button("refused", _("Cannot take"), "x", REASON)
DEPART = Button(
    "departed", _("They have left"), "truck", (("vehicle", _("Vehicle"), False), ("crew", _("Crew"), False))
)
RECEIVE = Button("received", _("They are here"), "home-shield")
SETTLE = Button("settled", _("Room and carer settled"), "clipboard-check")
CANCEL = Button("cancelled", _("Call off"), "minus", REASON)
BUTTONS = {button.act: button for button in (ACCEPT, REFUSE, DEPART, RECEIVE, SETTLE, CANCEL)}
MINE: Mapping[tuple[str, str], tuple[Button, ...]] = {
    ("receiver", "requested"): (ACCEPT, REFUSE),
    ("receiver", "accepted"): (RECEIVE, REFUSE),
    ("receiver", "departed"): (RECEIVE, REFUSE),
    ("receiver", "received"): (SETTLE,),
    ("sender", "requested"): (CANCEL,),
    ("sender", "accepted"): (DEPART, CANCEL),
    ("sender", "departed"): (CANCEL,),
    ("carrier", "accepted"): (DEPART,),
}
"""What one side may do at each stage; the first is the thing to do."""
_ORDER = [("receiver", "departed"), ("receiver", "requested"), ("receiver", "received"), ("carrier", "accepted")]


@dataclass(frozen=True, slots=True)
class Group:
    """People of one handover of one kind: the same side, stage, counterpart and car; of a trip, whoever sent them."""

    id: UUID
    side: str
    stage: str
    people: Sequence[Shown]
    buttons: Sequence[Button]

    @property
    def first(self) -> Shown:
        return self.people[0]

    @property
    def mine(self) -> bool:
        """True where it is one's own turn."""
        return bool(self.buttons) and self.buttons[0] is not CANCEL

    @property
    def over(self) -> int:
        return sum(one.over is not None for one in self.people)

    @property
    def senders(self) -> list[str]:
        """Who sent them, each once."""
        return list(dict.fromkeys(one.sender.name for one in self.people))


def side_of(request: Request, row: HandoverRow) -> str:
    """Which side of a handover the account's unit is on."""
    unit = request.user.unit_id
    return "receiver" if row.receiver == unit else "sender" if row.sender == unit else "carrier"


def open_here(request: Request) -> list[HandoverRow]:
    """The open handovers of the account's unit; of a transport team also those of its area that wait for a car."""
    carries = request.user.area if request.user.role == CARRIER else None
    return custody.open_of_unit(request.user.unit_id, carries_in=carries)


@page
def mine(request: Request) -> HttpResponse:
    """The open handovers of the account's unit, one's own turn first; `of` names one person scanned."""
    look_at_list(request, "handovers", request.user.area, is_own=True)
    found = open_here(request)
    only = request.GET.get("of", "")
    kept = [row for row in found if str(row.person) == only] or found
    groups = grouped(request, handovers.shown(kept, handovers.limits(request.user.area)))
    context = {
        "turns": [group for group in groups if group.mine],
        "others": [group for group in groups if not group.mine],
        "only": bool(only) and kept is not found,
        "total": len(found),
    }
    return render(request, "field/handovers.html", context)


def grouped(request: Request, found: Iterable[Shown]) -> list[Group]:
    """The handovers as groups that one tap does, the most urgent first."""

    def kind(one: Shown) -> tuple[str, ...]:
        row = one.row
        together = str(row.trip or row.sender)
        return side_of(request, row), row.stage, together, str(row.receiver), row.vehicle

    made = []
    for (side, stage, *_rest), people in groupby(sorted(found, key=kind), kind):
        each = sorted(people, key=lambda one: (one.row.stage_at, one.name))
        made.append(Group(new_id(), side, stage, each, MINE.get((side, stage), ())))
    return sorted(made, key=_urgency)


def _urgency(group: Group) -> tuple[int, Any]:
    turn = (group.side, group.stage)
    return _ORDER.index(turn) if turn in _ORDER else len(_ORDER), group.first.row.stage_at


@require_POST
@page
def act(request: Request) -> HttpResponse:
    """One link for every person chosen. The form's id makes a second sending the same facts."""
    button = BUTTONS.get(request.POST.get("act", ""))
    chosen = ids_of(request.POST.getlist("h"))
    found = {row.id: row for row in open_here(request)}
    trip = id_of(request.POST.get("trip", ""))
    back = HttpResponseRedirect(reverse("trip", args=[trip]) if trip else reverse("handovers"))
    if button is None or not chosen:
        messages.error(request, gettext("Choose at least one person; nothing was recorded."))
        return back
    data = {name: text for name, *_ in button.asks if (text := request.POST.get(name, "").strip())}
    missing = [str(label) for name, label, must in button.asks if must and name not in data]
    if missing:
        messages.error(request, gettext("Fill in: %(fields)s. Nothing was recorded.") % {"fields": ", ".join(missing)})
        return back
    rows = [found[id] for id in chosen if id in found]
    _say(request, rows, _record(request, button, rows, data), len(chosen))
    if button is DEPART:
        _say_who_stays(request, found.values(), rows)
    return back


def _record(request: Request, button: Button, rows: Sequence[HandoverRow], data: Mapping[str, str]) -> dict[str, str]:
    """Problems by handover. A person outside one's area is recorded where one is."""
    account, now = request.user, clock.now()
    form = id_of(request.POST.get("id", "")) or new_id()
    facts = {str(uuid5(form, f"{button.act} {row.id}")): row for row in rows}
    if button is DEPART and len(rows) > 1 and not any(row.trip for row in rows):
        data = {**data, "trip": str(form)}
    receipt = ledger.record(
        [
            Fact(
                id,
                f"handover.{button.act}",
                f"person:{row.person}",
                row.area if contains(account.area, row.area) else account.area,
                now,
                f"unit:{account.unit_id}",
                dict(data),
            )
            for id, row in facts.items()
        ],
        area=account.area,
        account=account.pk,
    )
    language = get_language() or "zh"
    return {str(facts[one.id].id): one.problem.to(language) for one in receipt.refused}


def _say(request: Request, rows: Sequence[HandoverRow], problems: Mapping[str, str], chosen: int) -> None:
    done = len(rows) - len(problems)
    if done:
        said = ngettext("%(n)d person recorded.", "%(n)d people recorded.", done) % {"n": done}
        messages.success(request, said)
    named = {str(one.row.id): one.name for one in handovers.shown(rows, handovers.limits(request.user.area))}
    for id, problem in problems.items():
        messages.error(request, f"{named[id]}: {problem}")
    if chosen > len(rows):
        messages.error(request, gettext("Some are no longer open with your unit; nothing was recorded for them."))


def _say_who_stays(request: Request, found: Iterable[HandoverRow], gone: Sequence[HandoverRow]) -> None:
    """Whoever of a trip was not in the vehicle stays with the sender; it is said at once."""
    trips, left = {row.trip for row in gone if row.trip}, {row.id for row in gone}
    stay = [row for row in found if row.trip in trips and row.stage == "accepted" and row.id not in left]
    if stay:
        said = ngettext(
            "%(n)d person did not travel and stays in the sender's hands.",
            "%(n)d people did not travel and stay in the sender's hands.",
            len(stay),
        )
        messages.warning(request, said % {"n": len(stay)})


@page
def scan(request: Request) -> HttpResponse:
    """A card read by the camera or typed: on to that person's handover, or their file where one holds them."""
    given = request.GET.get("code", "")
    if not given:
        return render(request, "field/scan.html", {})
    found = open_here(request)
    person = cards.find(given, dict.fromkeys(row.person for row in found))
    if person:
        note_act(request, f"person:{person}", request.user.area)
        return HttpResponseRedirect(links.address("handovers", of=str(person)))
    held = cards.find(given, custody.held_by(request.user.unit_id, limit=HELD))
    if held:
        return HttpResponseRedirect(reverse("person", args=[held]))
    return render(request, "field/scan.html", {"code": given[: cards.LENGTH + 4], "unknown": True}, status=404)
