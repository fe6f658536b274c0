"""How an isolation site stands, beside its rooms: open or not, checks, team, what guests asked for; and its acts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.directory.selectors import UnitRow
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import id_or, new_id
from bulou.no_miss.isolation import acts, opening, selectors, site_state
from bulou.no_miss.isolation.selectors import Located
from bulou.operations.support import selectors as support
from bulou.operations.support import services as helping
from bulou.operations.support.models import HelpNeed
from bulou.web import fact_words
from bulou.web.access import Request, commands, page

SHOWN = 50
POSTS: Mapping[str, Any] = {
    "head": _("Head of the site"),
    "police": _("Police officer"),
    "doctor": _("Doctor"),
    "nurse": _("Nurse"),
    "cdc": _("CDC officer"),
    "psychologist": _("Psychologist"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a guest asked for and has not confirmed yet: in which room, since when, whether it was brought."""

    need: HelpNeed
    guest: Located
    room: str
    word: str

    @property
    def is_brought(self) -> bool:
        return self.need.state == "delivered"


def context(site: UnitRow) -> dict[str, Any]:
    """What the panel shows. Four queries, five where guests asked for something."""
    state = site_state.state(site.id, site.area, clock.now())
    return {
        "state": state,
        "posts": [(post, POSTS[post.post]) for post in state.posts],
        "asked_for": _asked(site.id),
        "form_id": str(new_id()),
    }


def _asked(site: UUID) -> Sequence[Asked]:
    """The open needs of the guests, the longest waiting first. One query, and another where there are needs."""
    found = support.found("", state="open").filter(subject__in=selectors.here(site))
    needs = support.page_of(found, after="", limit=SHOWN)
    guests = selectors.located(site, (_person(need) for need in needs)) if needs else {}
    return [
        Asked(need, guest, guest.room or "–", fact_words.option_word(need.need))
        for need in needs
        if (guest := guests.get(_person(need)))
    ]


def _person(need: HelpNeed) -> UUID:
    return UUID(need.subject.removeprefix("person:"))


@require_POST
@page
def act(request: Request, id: UUID) -> HttpResponse:
    """One of the panel's acts. 403 for whoever does not run the site, 404 for no act or no site."""
    site = directory.unit(id)
    done = _ACTS.get(request.POST.get("act", ""))
    if site is None or done is None or not site.area.startswith(request.user.area):
        raise Http404
    if request.user.unit_id != site.id and not commands(request.user):
        raise PermissionDenied
    try:
        messages.success(request, done(site, request.POST, request.user))
    except BulouError as error:
        messages.error(request, error.to(get_language() or "zh"))
    return HttpResponseRedirect(f"{reverse('rooms')}?site={site.id}")


def _brought(site: UnitRow, form: QueryDict, by: Account) -> str:
    helping.deliver(_id(form, "need"), by=by, id=_id(form, "id"))
    return gettext("Recorded as brought; it closes when the person has confirmed.")


def _fill(site: UnitRow, form: QueryDict, by: Account) -> str:
    post, name = form.get("post", ""), form.get("name", "").strip()
    if post not in POSTS or not name:
        raise _incomplete()
    data = {"post": post, "name": name} | acts.given(phone=form.get("phone", "").strip())
    acts.record(acts.fact(site_state.FILLED, f"unit:{site.id}", site.area, data, by, _id(form, "id")), by)
    return gettext("The post is filled.")


def _check(site: UnitRow, form: QueryDict, by: Account) -> str:
    name = form.get("checklist", "")
    known = next((one for one in site_state.checklists(site.area) if one.checklist == name), None)
    if known is None:
        raise _incomplete()
    failed = [item.item for item in known.items if item.item in form.getlist("failed")]
    data = {"checklist": name} | ({"failed": failed} if failed else {})
    acts.record(acts.fact(site_state.CHECKED, f"unit:{site.id}", site.area, data, by, _id(form, "id")), by)
    return gettext("The check is recorded.")


def _open(site: UnitRow, form: QueryDict, by: Account) -> str:
    opening.open_site(site, by=by, note=form.get("note", "").strip(), id=_id(form, "id"))
    return gettext("The site is open.")


def _close(site: UnitRow, form: QueryDict, by: Account) -> str:
    reason = form.get("reason", "").strip()
    if not reason:
        raise _incomplete()
    opening.close_site(site, reason, by=by, id=_id(form, "id"))
    return gettext("The site is closed: nobody can be taken in.")


Act = Callable[[UnitRow, QueryDict, Account], str]
_ACTS: Mapping[str, Act] = {
    "brought": _brought,
    "fill": _fill,
    "check": _check,
    "open": _open,
    "close": _close,
}


def _id(form: QueryDict, name: str) -> UUID:
    return id_or(form.get(name, ""), _incomplete)


def _incomplete() -> BulouError:
    return BulouError.of(
        "form.incomplete",
        "有一项没有填好（岗位和姓名、清单，或停用原因），没有登记。",
        "Something is not filled in (a post and a name, a checklist, or why it closes); nothing was recorded.",
    )
