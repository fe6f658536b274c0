"""What can be done in a room: each act reads its form, does it, and says what was done."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Literal, cast, get_args
from uuid import UUID

from django.utils.translation import gettext

from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import id_or
from bulou.no_miss.isolation import releasing, selectors, services
from bulou.no_miss.isolation.release import Reason
from bulou.no_miss.isolation.room_board import RoomTile

Form = Mapping[str, str]
LONGEST = 365
Act = Callable[[RoomTile, Form, Account], str]


def _admit(tile: RoomTile, form: Form, by: Account) -> str:
    """Into the room: from outside, or from among those here who have no room yet."""
    person, id = _id(form, "person"), _id(form, "id")
    if selectors.is_here(person, tile.place):
        services.move(person, tile.place, by=by, id=id)
    else:
        services.admit(person, tile.place, by=by, days=_days(form, "days"), grounds=form.get("grounds", ""), id=id)
    return gettext("The person is in room %(room)s.") % {"room": tile.number}


def _reserve(tile: RoomTile, form: Form, by: Account) -> str:
    hours = _days(form, "hours") or 4
    services.reserve(tile.place, _id(form, "person"), by=by, until=clock.now() + timedelta(hours=hours))
    return gettext("Room %(room)s is kept.") % {"room": tile.number}


def _let_go(tile: RoomTile, form: Form, by: Account) -> str:
    services.let_go(tile.place, by=by)
    return gettext("Room %(room)s is kept no longer.") % {"room": tile.number}


def _move(tile: RoomTile, form: Form, by: Account) -> str:
    stay = services.move(_id(form, "person"), _id(form, "to"), by=by, reason=form.get("reason", ""), id=_id(form, "id"))
    number = stay.room.number if stay.room else ""
    return gettext("The person is in room %(room)s now; %(left)s is to be disinfected.") % {
        "room": number,
        "left": tile.number,
    }


def _clean(kind: Literal["routine", "terminal"]) -> Act:
    def act(tile: RoomTile, form: Form, by: Account) -> str:
        services.clean(tile.place, kind, by=by, agent=form.get("agent", ""), id=_id(form, "id"))
        if kind == "terminal":
            return gettext("Room %(room)s has had terminal disinfection and is free.") % {"room": tile.number}
        return gettext("Routine disinfection of room %(room)s is recorded.") % {"room": tile.number}

    return act


def _break(tile: RoomTile, form: Form, by: Account) -> str:
    services.take_out_of_use(tile.place, _words(form, "reason"), by=by, id=_id(form, "id"))
    return gettext("Room %(room)s is out of use.") % {"room": tile.number}


def _repair(tile: RoomTile, form: Form, by: Account) -> str:
    services.put_back_into_use(tile.place, by=by, id=_id(form, "id"))
    return gettext("Room %(room)s is in use again.") % {"room": tile.number}


def _release(tile: RoomTile, form: Form, by: Account) -> str:
    reason = form.get("reason", "completed")
    if reason not in get_args(Reason):
        raise _not_filled_in()
    follow = _days(form, "follow_up_days")
    releasing.end(_id(form, "person"), by=by, reason=cast(Reason, reason), follow_up_days=follow, id=_id(form, "id"))
    return gettext("The isolation has ended; room %(room)s is to be disinfected.") % {"room": tile.number}


def _ask_early(tile: RoomTile, form: Form, by: Account) -> str:
    releasing.ask_to_go_early(_id(form, "person"), _words(form, "reason"), by=by, id=_id(form, "id"))
    return gettext("The request is recorded. Another account must agree within a day.")


def _agree_early(tile: RoomTile, form: Form, by: Account) -> str:
    releasing.agree_to_go_early(_id(form, "person"), _id(form, "request"), by=by, id=_id(form, "id"))
    return gettext("Agreed. The person may go within a day.")


def _extend(tile: RoomTile, form: Form, by: Account) -> str:
    days = _days(form, "days") or 0
    change = releasing.shorten if form.get("way") == "shorten" else releasing.extend
    if not days:
        raise _not_filled_in()
    change(_id(form, "person"), days, _words(form, "reason"), by=by, id=_id(form, "id"))
    return gettext("The end of the isolation is changed.")


def _ask_share(tile: RoomTile, form: Form, by: Account) -> str:
    services.ask_to_share(_id(form, "person"), _id(form, "with"), _words(form, "reason"), by=by, id=_id(form, "id"))
    return gettext("The request to share is recorded. Another account must agree.")


def _agree_share(tile: RoomTile, form: Form, by: Account) -> str:
    services.agree_to_share(_id(form, "person"), _id(form, "request"), by=by, id=_id(form, "id"))
    return gettext("Agreed. The person may be put into this room.")


ACTS: Mapping[str, Act] = {
    "admit": _admit,
    "reserve": _reserve,
    "let-go": _let_go,
    "move": _move,
    "clean": _clean("routine"),
    "disinfect": _clean("terminal"),
    "break": _break,
    "repair": _repair,
    "release": _release,
    "ask-early": _ask_early,
    "agree-early": _agree_early,
    "change-end": _extend,
    "ask-share": _ask_share,
    "agree-share": _agree_share,
}


def _id(form: Form, name: str) -> UUID:
    return id_or(form.get(name, ""), _not_filled_in)


def _days(form: Form, name: str) -> int | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    if not text.isdecimal() or not 0 < int(text) <= LONGEST:
        raise _not_filled_in()
    return int(text)


def _words(form: Form, name: str) -> str:
    text = form.get(name, "").strip()
    if not text:
        raise _not_filled_in()
    return text


def _not_filled_in() -> BulouError:
    return BulouError.of(
        "form.incomplete",
        "有一项没有填好（选一个人或房间，天数为 1 到 365，理由不能空），没有登记。",
        "Something is not filled in (a person or room, days from 1 to 365, a reason); nothing was recorded.",
    )
