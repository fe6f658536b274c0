"""A patient on one page: the course, the plan, the experts, who is left at home, the move, the discharge."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bulou.custody import selectors as custody
from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.directory.purposes import purpose_of
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import id_or, new_id
from bulou.ledger import selectors as ledger
from bulou.ledger.selectors import FactRow
from bulou.no_miss.treatment import care, device_acts, device_board, ward_board
from bulou.no_miss.treatment.courses import GRAVE
from bulou.no_miss.treatment.hospitals import ROLES
from bulou.no_miss.treatment.models import BedStay, Episode
from bulou.web import fact_words, rows
from bulou.web.access import COMMAND_ROLES, Request, page
from bulou.web.desk.wards import DEVICE_TROUBLES, DEVICES
from bulou.web.field import questions
from bulou.web.looking import OF_CASES, look

Form = Mapping[str, str]
CLINIC = COMMAND_ROLES | frozenset(ROLES) | {"health_bureau"}
EXPERTS = CLINIC | {"expert_group", "provincial_expert_group", "treatment_group"}
NEAR = CLINIC | {"village_committee", "town_government", "township_clinic", "cdc", "isolation_site"}
"""Who looks after people at home: asks who is left there, hands over, visits the recovered."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A fact that is recorded as it is filled in: its kind, what is asked beyond the required, who may."""

    kind: str
    asks: Mapping[str, tuple[Any, ...]]
    roles: frozenset[str]
    word: Any
    icon: str


TELLINGS: Mapping[str, Telling] = {
    "grade": Telling("severity.changed", {}, CLINIC, _("Change the grade"), "stethoscope"),
    "report": Telling(
        "episode.reported", {"stage": ("first", "severity", "outcome")}, CLINIC, _("Record a report"), "speakerphone"
    ),
    "plan": Telling(
        "treatment.planned", {"plan": (), "chinese_medicine": ()}, CLINIC, _("Plan of treatment"), "file-text"
    ),
    "consult": Telling(
        "expert.consulted",
        {"conclusion": (), "level": (), "advice": ()},
        EXPERTS,
        _("Expert consultation"),
        "users-group",
    ),
    "assess": Telling(
        "discharge.assessed",
        {"imaging_improved": (), "test_gap_hours": ()},
        CLINIC,
        _("Assess for discharge"),
        "clipboard-check",
    ),
    "visit": Telling("convalescent.visited", {"outcome": ()}, NEAR, _("Record a visit"), "home"),
    "died": Telling("episode.died", {"outcome": ()}, CLINIC, _("Record a death"), "minus"),
}
WHILE_ILL = ("grade", "report", "plan", "consult", "assess", "died")
AFTERWARDS = ("visit", "report")
SHOWN = ("treatment.planned", "expert.consulted", "episode.reported", "discharge.assessed", "convalescent.visited")
"""What is told of on the page, besides the grades, the latest first."""


@page
def patient(request: Request, id: UUID) -> HttpResponse:
    """The page. 404 for a case out of scope; the look is on record, for a purpose."""
    return _show(request, _episode(id))


@require_POST
@page
def act(request: Request, id: UUID) -> HttpResponse:
    """One of the acts of the page. 403 for a role it is not for, 404 for no act."""
    found, name = _episode(id), request.POST.get("act", "")
    try:
        if telling := TELLINGS.get(name):
            _allow(request.user, telling.roles)
            entered = {key.removeprefix("data."): str(value) for key, value in request.POST.items()}
            data, form = questions.read(telling.kind, entered, telling.asks)
            if not questions.is_good(form):
                return _show(request, found, forms={name: form}, status=422)
            care.tell(telling.kind, id, data, by=request.user, id=_id(request.POST, "id"))
            said = gettext("Recorded.")
        else:
            roles, do = _ACTS.get(name) or _none()
            _allow(request.user, roles)
            said = do(id, request.POST, request.user)
    except BulouError as error:
        return _show(request, found, error.to(get_language() or "zh"), status=409)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("care", args=[id]))


def _none() -> Any:
    raise Http404


def _allow(account: Account, roles: frozenset[str]) -> None:
    if account.role not in roles:
        raise PermissionDenied


def _episode(id: UUID) -> Episode:
    found = Episode.objects.filter(id=id).first()
    if found is None:
        raise Http404
    return found


def _show(
    request: Request, found: Episode, problem: str = "", *, forms: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    subject, role = f"episode:{found.pk}", request.user.role
    duties = ledger.duties_of(subject)
    ours = request.method == "POST" or found.unit == request.user.unit_id or purpose_of(role) in OF_CASES
    if answer := look(request, subject, found.area, duties, is_live=ours):
        return answer
    facts = [fact for fact in ledger.facts_of(subject) if fact.effective and fact.at <= clock.now()]
    file = directory.person_file(found.person) if found.person else None
    names = TELLINGS if found.ended_at is None else {}
    wanted = [name for name in (WHILE_ILL if names else AFTERWARDS) if role in TELLINGS[name].roles]
    stay = BedStay.objects.select_related("bed__ward").filter(episode=found.pk, ended_at=None).first()
    context = {
        "episode": found,
        "person": file,
        "title": file.name if file else found.number or gettext("name not shown"),
        "grades": _grades(facts),
        "told": _told(facts),
        "stay": stay,
        **_devices(found, stay, may=role in CLINIC),
        "check": care.check(found) if found.ended_at is None else None,
        "tellings": [
            (name, TELLINGS[name], (forms or {}).get(name) or questions.form(TELLINGS[name].kind, TELLINGS[name].asks))
            for name in wanted
        ],
        "pressing": rows.shown([row for row in duties if row.state in ("missed", "open")]),
        "home": _home(file) if file else [],
        "asked": care.asked(found),
        "hospitals": _hospitals(request.user, found) if role in NEAR and found.ended_at is None else [],
        "holder": _holder(found),
        "may_clinic": role in CLINIC,
        "may_near": role in NEAR,
        "me": request.user.pk,
        "problem": problem,
        "id": new_id(),
    }
    return render(request, "desk/care.html", context, status=status)


def _devices(found: Episode, stay: BedStay | None, *, may: bool) -> dict[str, Any]:
    """What the patient is on, what they could be put on, and whether they are critical and on nothing."""
    on = device_board.of_patient(found.person or found.pk)
    kinds = {tile.kind for tile in on}
    free = device_board.free(stay.unit) if may and stay and stay.unit else []
    return {
        "on": [(tile, DEVICES[tile.kind], tile.on[0]) for tile in on],
        "free_devices": [(id, DEVICES[kind], number, ward) for id, kind, number, ward in free if kind not in kinds],
        "is_bare": stay is not None and ward_board.is_bare(found.pk),
        "device_troubles": DEVICE_TROUBLES,
    }


def _grades(facts: list[FactRow]) -> list[tuple[str, bool, Any]]:
    """The severity from grade to grade: word, whether it is grave, since when."""
    found: list[tuple[str, bool, Any]] = []
    for fact in sorted(facts, key=lambda fact: fact.at):
        grade = str(fact.data.get("severity") or "")
        word = fact_words.option_word(grade) if grade else ""
        if word and (not found or found[-1][0] != word):
            found.append((word, grade in GRAVE, fact.at))
    return found


def _told(facts: list[FactRow]) -> list[tuple[str, Any, list[tuple[str, str]]]]:
    """Plans, consultations, reports, assessments and visits, the latest first."""
    known = [fact for fact in sorted(facts, key=lambda fact: fact.at, reverse=True) if fact.kind in SHOWN]
    return [(fact.kind, fact.at, fact_words.pairs(fact.kind, fact.data, {})) for fact in known]


def _home(person: directory.PersonFile) -> list[tuple[Any, bool]]:
    """The others of the household, those likely to need care first."""
    others = [one for one in person.household.members if one.id != person.id] if person.household else []
    marked = [(one, care.need_of(one.age) != "care") for one in others]
    return sorted(marked, key=lambda pair: not pair[1])


def _hospitals(account: Account, found: Episode) -> list[Any]:
    """Where the patient may be taken: the designated hospitals in sight, else that which answers for the area."""
    units = directory.units(account.area, role=ROLES[0], limit=50)
    if not units and (owner := directory.owner(ROLES[0], found.area)):
        units = directory.units_by_id([owner])
    return [one for one in units if one.id != found.unit or not _is_in(found)]


def _is_in(found: Episode) -> bool:
    return found.admitted_at is not None and found.ended_at is None


def _holder(found: Episode) -> Any:
    held = custody.holders([found.person]).get(found.person) if found.person else None
    return rows.owners([held.unit]).get(held.unit) if held and held.unit else None


def _dependants(episode: UUID, form: Any, by: Account) -> str:
    others = form.get("others", "").strip()
    people = [UUID(one) for one in form.getlist("dependant")]
    count = care.ask_dependants(
        episode,
        people,
        by=by,
        others=int(others) if others.isdecimal() and len(others) < 3 else 0,
        words=form.get("words", "").strip(),
        id=_id(form, "id"),
    )
    if count:
        return gettext("Recorded; a need is open for each of the %(n)d people left at home.") % {"n": count}
    return gettext("Recorded: nobody is left at home in need of care.")


def _transfer(episode: UUID, form: Form, by: Account) -> str:
    care.transfer(episode, _id(form, "to"), by=by, reason=form.get("reason", "").strip(), id=_id(form, "id"))
    return gettext("The hospital is asked to take the patient.")


def _discharge(episode: UUID, form: Form, by: Account) -> str:
    outcome = form.get("outcome", "")
    if outcome not in ("recovered", "improved", "transferred", "other"):
        raise _incomplete()
    care.discharge(episode, by=by, outcome=outcome, id=_id(form, "id"))
    return gettext("The discharge is recorded; the bed is to be disinfected.")


def _ask_early(episode: UUID, form: Form, by: Account) -> str:
    reason = form.get("reason", "").strip()
    if not reason:
        raise _incomplete()
    care.ask_early(episode, reason, by=by, id=_id(form, "id"))
    return gettext("The request is recorded. Another account must agree within a day.")


def _agree_early(episode: UUID, form: Form, by: Account) -> str:
    care.agree_early(episode, _id(form, "request"), by=by, id=_id(form, "id"))
    return gettext("Agreed. The patient may go within a day.")


def _attach(episode: UUID, form: Form, by: Account) -> str:
    use = device_acts.attach(episode, _id(form, "device"), by=by, id=_id(form, "id"))
    return gettext("The patient is on %(device)s.") % {"device": use.device.number if use.device else ""}


def _free(episode: UUID, form: Form, by: Account) -> str:
    reason = form.get("reason", "").strip()
    device = device_acts.free(episode, _id(form, "device"), by=by, reason=reason, id=_id(form, "id"))
    return gettext("The patient is off %(device)s, which is to be disinfected.") % {"device": device.number}


_ACTS: Mapping[str, tuple[frozenset[str], Callable[[UUID, Any, Account], str]]] = {
    "dependants": (NEAR, _dependants),
    "transfer": (NEAR, _transfer),
    "discharge": (CLINIC, _discharge),
    "ask-early": (CLINIC, _ask_early),
    "agree-early": (EXPERTS, _agree_early),
    "attach": (CLINIC, _attach),
    "free": (CLINIC, _free),
}


def _id(form: Form, name: str) -> UUID:
    return id_or(form.get(name, ""), _incomplete)


def _incomplete() -> BulouError:
    return BulouError.of(
        "form.incomplete",
        "有一项没有填好（选一家医院、转归，理由不能空），没有登记。",
        "Something is not filled in (a hospital, an outcome, a reason); nothing was recorded.",
    )
