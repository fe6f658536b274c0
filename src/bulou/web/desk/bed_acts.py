"""What can be done with a bed: each act reads its form, does it, and says what was done."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext

from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import id_or
from bulou.no_miss.treatment import services
from bulou.no_miss.treatment.ward_board import BedTile

Form = Mapping[str, str]
Act = Callable[[BedTile, Form, Account], str]
HOURS = 4


def _admit(tile: BedTile, form: Form, by: Account) -> str:
    services.admit(_id(form, "episode"), tile.place, by=by, id=_id(form, "id"))
    return gettext("The patient is in bed %(bed)s.") % {"bed": tile.number}


def _reserve(tile: BedTile, form: Form, by: Account) -> str:
    services.reserve(tile.place, _id(form, "person"), by=by, until=clock.now() + timedelta(hours=HOURS))
    return gettext("Bed %(bed)s is kept.") % {"bed": tile.number}


def _let_go(tile: BedTile, form: Form, by: Account) -> str:
    services.let_go(tile.place, by=by)
    return gettext("Bed %(bed)s is kept no longer.") % {"bed": tile.number}


def _move(tile: BedTile, form: Form, by: Account) -> str:
    to = _id(form, "to")
    stay = services.move(_id(form, "episode"), to, by=by, reason=form.get("reason", ""), id=_id(form, "id"))
    number = stay.bed.number if stay.bed else ""
    return gettext("The patient is in bed %(bed)s now; %(left)s is to be disinfected.") % {
        "bed": number,
        "left": tile.number,
    }


def _disinfect(tile: BedTile, form: Form, by: Account) -> str:
    services.clean(tile.place, by=by, agent=form.get("agent", ""), id=_id(form, "id"))
    return gettext("Bed %(bed)s has had terminal disinfection and is free.") % {"bed": tile.number}


def _break(tile: BedTile, form: Form, by: Account) -> str:
    services.take_out_of_use(tile.place, words(form, "reason"), by=by, id=_id(form, "id"))
    return gettext("Bed %(bed)s is out of use.") % {"bed": tile.number}


def _repair(tile: BedTile, form: Form, by: Account) -> str:
    services.put_back_into_use(tile.place, by=by, id=_id(form, "id"))
    return gettext("Bed %(bed)s is in use again.") % {"bed": tile.number}


ACTS: Mapping[str, Act] = {
    "admit": _admit,
    "reserve": _reserve,
    "let-go": _let_go,
    "move": _move,
    "disinfect": _disinfect,
    "break": _break,
    "repair": _repair,
}


def _id(form: Form, name: str) -> UUID:
    return id_or(form.get(name, ""), not_filled_in)


def words(form: Form, name: str) -> str:
    """A field that must be filled in. BulouError where it is empty."""
    text = form.get(name, "").strip()
    if not text:
        raise not_filled_in()
    return text


def not_filled_in() -> BulouError:
    return BulouError.of(
        "form.incomplete",
        "有一项没有填好（选一个病例或床位，理由不能空），没有登记。",
        "Something is not filled in (a case or a bed, a reason); nothing was recorded.",
    )
