"""Staff among patients: who worked there or was exposed, how long they are watched, who was not measured today."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import id_or, new_id
from bulou.no_miss.treatment import staff
from bulou.no_miss.treatment.hospitals import ROLES
from bulou.no_miss.treatment.staff import Watched
from bulou.web import fact_words
from bulou.web.access import COMMAND_ROLES, Request, page
from bulou.web.desk.wards import ZONES
from bulou.web.field import questions
from bulou.web.lists import views
from bulou.web.lists.asked import Asked
from bulou.web.lists.plain import local
from bulou.web.lists.spec import Column, Filter, List, Page, Word, options, register
from bulou.web.looking import look_at_list

CELL = "lists/cells/staff_{}.html".format
MAY = COMMAND_ROLES | frozenset(ROLES) | {"health_bureau"}
ASKS: Mapping[str, tuple[str, Mapping[str, tuple[Any, ...]], Any]] = {
    "shift": (staff.WORKED, {}, _("Record a shift among patients")),
    "exposed": (staff.EXPOSED, {"words": ()}, _("Record an exposure")),
}
FEVER = 37.3
EXPOSURES = ("needle", "splash", "breach", "unprotected")


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody watched, with the names around them."""

    row: Watched
    hospital: str

    @property
    def name(self) -> str:
        return self.row.name or gettext("name not shown")

    @property
    def zone(self) -> Any:
        return ZONES.get(self.row.zone)

    @property
    def protection(self) -> str:
        return fact_words.option_word(self.row.protection) if self.row.protection else ""

    @property
    def exposure(self) -> str:
        return fact_words.option_word(self.row.exposure) if self.row.exposure else ""

    @property
    def is_fever(self) -> bool:
        return self.row.celsius is not None and self.row.celsius >= FEVER


def _shown(rows: Sequence[Watched]) -> list[Shown]:
    units = directory.unit_names({row.unit for row in rows})
    return [Shown(row, units.get(row.unit, "") if row.unit else "") for row in rows]


def _asked(asked: Asked) -> dict[str, Any]:
    return {"unmeasured": asked.values["unmeasured"] == "1", "exposed": asked.values["exposed"]}


def _stream(asked: Asked, account: Account, full: bool) -> Iterator[Watched]:
    after: str | None = ""
    while after is not None:
        rows, after = staff.page(after, 1000, **_asked(asked))
        yield from rows


def _exposures() -> list[tuple[str, Word, str]]:
    return options((name, fact_words.option_word(name)) for name in EXPOSURES)


STAFF = register(
    List(
        name="staff",
        title=_("Staff among patients"),
        columns=(
            Column("who", _("Who"), CELL("who"), fixed=True, css="lead", says=lambda one: one.name, sort=True),
            Column("shift", _("Last shift"), CELL("shift"), says=lambda one: local(one.row.worked), sort=True),
            Column("exposure", _("Exposure"), CELL("exposure"), says=lambda one: one.exposure, sort=True),
            Column("today", _("Today"), CELL("today"), fixed=True, says=lambda one: one.row.celsius, sort=True),
            Column(
                "until",
                _("Watched until"),
                CELL("until"),
                css="nowrap",
                says=lambda one: local(one.row.until),
                sort=True,
            ),
        ),
        read=lambda asked, account, after, limit: Page(*staff.page(after, limit, **_asked(asked))),
        shown=_shown,
        stream=_stream,
        more=(Column("hospital", _("Hospital"), "", says=lambda one: one.hospital),),
        personal=lambda one: True,
        key=lambda one: str(one.row.person),
        filters=(
            Filter("unmeasured", _("Not measured today"), "flag", chips=True, icon="temperature"),
            Filter("exposed", _("Exposure"), "choice", _exposures, all_word=_("Any")),
        ),
        native=("until",),
        css="staff-rows",
        empty=_("Nobody is watched now"),
        empty_help=_("Whoever worked among patients or was exposed is watched for fourteen days."),
    )
)


@page
def listed(request: Request) -> HttpResponse:
    """The list, and beneath it shifts and exposures put down. Whoever lists people is on record."""
    return _show(request)


@require_POST
@page
def act(request: Request) -> HttpResponse:
    """A shift or an exposure of somebody on file. 403 for a role it is not for."""
    if request.user.role not in MAY:
        raise PermissionDenied
    name = request.POST.get("act", "")
    if name not in ASKS:
        raise Http404
    kind, asks, _word = ASKS[name]
    entered = {key.removeprefix("data."): str(value) for key, value in request.POST.items()}
    data, form = questions.read(kind, entered, asks)
    if not questions.is_good(form):
        return _show(request, {name: form}, status=422)
    try:
        staff.record(_id(request, "person"), kind, data, by=request.user, id=_id(request, "id"))
    except BulouError as error:
        messages.error(request, error.to(get_language() or "zh"))
    else:
        messages.success(request, gettext("Recorded; they are watched for fourteen days."))
    return HttpResponseRedirect(reverse("staff"))


def _show(request: Request, forms: Mapping[str, Any] | None = None, status: int = 200) -> HttpResponse:
    asked = views.read(request, STAFF)
    if answer := look_at_list(request, "staff watched", request.user.area, is_own=request.user.role in MAY):
        return answer
    find = request.GET.get("find", "").strip() or request.POST.get("find", "").strip()
    may = request.user.role in MAY
    people = directory.people_find(find, area=request.user.area, limit=8) if find and may else []
    more: dict[str, Any] = {
        "may": may,
        "find": find,
        "people": [(one, _tellings(f"{n}", forms or {})) for n, one in enumerate(people)],
        "id": new_id(),
    }
    answer = views.show(request, asked, "desk/staff.html", **more)
    answer.status_code = status
    return answer


def _tellings(key: str, forms: Mapping[str, Any]) -> list[tuple[str, Any, Any, str]]:
    """What can be put down of somebody found: the act, its word, its form, and what its fields are called."""
    return [
        (name, word, forms.get(name) or questions.form(kind, asks), f"{name}-{key}")
        for name, (kind, asks, word) in ASKS.items()
    ]


def _id(request: Request, name: str) -> UUID:
    return id_or(request.POST.get(name, ""), Http404)
