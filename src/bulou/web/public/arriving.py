"""Who has come declares it themselves: where to, where from, who, on three small pages, and takes a receipt away.

There is no account. Nothing about a person is ever shown back, nor whether they are known here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import segno
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bulou.directory import selectors as directory
from bulou.directory.models import IdKind
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.areas import ancestry, is_area_code
from bulou.kernel.errors import BulouError
from bulou.no_miss.screening import declaring, selectors
from bulou.no_miss.screening.arrivals import WAITING
from bulou.web import fact_words, links
from bulou.web.words import Sign, signs

SALT = "bulou.arrival"
ABROAD = "abroad"
MODES = ("rail", "air", "coach", "road", "water", "foot", "other")
KINDS = (
    (IdKind.RESIDENT, _("Resident identity card")),
    (IdKind.PASSPORT, _("Passport")),
    (IdKind.HK_MACAU_PERMIT, _("Permit of residents of Hong Kong or Macao")),
    (IdKind.TAIWAN_PERMIT, _("Permit of residents of Taiwan")),
    (IdKind.FOREIGN_PERMANENT, _("Permanent residence card of foreigners")),
    (IdKind.OTHER, _("Another document")),
)
STATES = signs(
    Sign("waiting", _("Waiting for the community"), "clock"),
    Sign("here", _("Confirmed: here"), "check"),
    Sign("not_here", _("Not found here"), "user-question"),
    Sign("gone_on", _("Has gone on"), "arrow-right"),
)
VILLAGE, COUNTY = 12, 6
FOUND = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """An area found by its name, with what it lies in, and where choosing it leads."""

    name: str
    within: str
    url: str


def arrive(request: HttpRequest) -> HttpResponse:
    """Three steps, each a page of its own that works without scripts: the community, the origin, the form."""
    area, origin = _area(request, "area", VILLAGE), request.GET.get("from", "")
    if not area:
        return _search(request, "area", gettext("Where have you come to?"), VILLAGE, {})
    if origin != ABROAD and not (origin := _area(request, "from", 2)):
        return _search(request, "from", gettext("Where did you come from?"), 2, {"area": area})
    if request.method == "POST":
        return _declare(request, area, origin)
    return _form(request, area, origin, {})


def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """How far a declaration is, for whoever holds its receipt: a number, a community, a state, nothing else."""
    try:
        id = UUID(signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError) as error:
        raise Http404 from error
    found = declaring.receipt(id)
    if found is None:
        raise Http404
    made, person = found
    with everywhere():
        state = selectors.arrival_of(person, max(made.said_at, clock.now()))
        path = directory.area_path(made.area)
    address = request.build_absolute_uri(reverse("arrival-receipt", args=[token]))
    context = {
        "made": made,
        "sign": STATES[state[0] if state else WAITING],
        "answered_at": state[1] if state else None,
        "where": " ".join(step.name for step in path if step.code)[-60:],
        "mark": segno.make(address, error="m").svg_data_uri(scale=5, border=2),
    }
    return render(request, "public/receipt.html", context)


def _area(request: HttpRequest, name: str, least: int) -> str:
    """A code of the address; empty where it is none, or too large an area."""
    code = request.GET.get(name, "")
    return code if is_area_code(code) and len(code) >= least else ""


def _search(request: HttpRequest, name: str, question: str, least: int, kept: Mapping[str, str]) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:30]
    with everywhere():
        most = VILLAGE if least == VILLAGE else COUNTY
        found = directory.areas_find(text, least=least, most=most, limit=FOUND)
        names = directory.area_names({code for one in found for code in ancestry(one.code)})
    context = {
        "question": question,
        "step": 1 if name == "area" else 2,
        "text": text,
        "kept": kept.items(),
        "found": [
            Choice(
                one.name,
                " ".join(names.get(code, "") for code in ancestry(one.code)[:-1]),
                links.address("arrive", **kept, **{name: one.code}),
            )
            for one in found
        ],
        "abroad_url": links.address("arrive", **kept, **{"from": ABROAD}) if name == "from" else "",
    }
    return render(request, "public/arrive_where.html", context)


def _declare(request: HttpRequest, area: str, origin: str) -> HttpResponse:
    given = {name: request.POST.get(name, "").strip()[:200] for name in FIELDS}
    try:
        made = declaring.declare(_read(given, area, origin), origin=request.META.get("REMOTE_ADDR") or "")
    except BulouError as error:
        often = any(problem.code == "declaration.often" for problem in error.problems)
        return _form(request, area, origin, given, error, 429 if often else 422)
    return HttpResponseRedirect(reverse("arrival-receipt", args=[signing.dumps(str(made.id), salt=SALT)]))


FIELDS = ("name", "id_kind", "id_number", "phone", "address", "arrived_at", "mode", "vehicle")


def _read(given: Mapping[str, str], area: str, origin: str) -> declaring.Declared:
    """What was filled in. BulouError for a time that is none, or a choice that is not offered."""
    try:
        arrived = datetime.fromisoformat(given["arrived_at"])
    except ValueError as error:
        raise BulouError.of(
            "declaration.when", "请填到达的日期和时间。", "Fill in the day and time of arrival.", field="arrived_at"
        ) from error
    if given["id_kind"] not in IdKind.values or given["mode"] not in ("", *MODES):
        raise BulouError.of("declaration.choice", "请从所列各项中选择。", "Choose one of the options.", field="id_kind")
    said = {name: given[name] for name in ("name", "id_kind", "id_number", "phone", "mode", "vehicle", "address")}
    arrived = arrived if arrived.tzinfo else arrived.replace(tzinfo=clock.SHANGHAI)
    return declaring.Declared(area=area, from_area="" if origin == ABROAD else origin, arrived_at=arrived, **said)


def _form(
    request: HttpRequest,
    area: str,
    origin: str,
    given: Mapping[str, str],
    error: BulouError | None = None,
    status: int = 200,
) -> HttpResponse:
    with everywhere():
        names = directory.area_names({*ancestry(area), *ancestry(origin if origin != ABROAD else "")})
    problems = error.problems if error else ()
    language = request.LANGUAGE_CODE if hasattr(request, "LANGUAGE_CODE") else "zh"
    said = {problem.field: problem.to(language) for problem in problems}
    context: dict[str, Any] = {
        "where": " ".join(names.get(code, "") for code in ancestry(area)),
        "whence": gettext("abroad") if origin == ABROAD else " ".join(names.get(c, "") for c in ancestry(origin)),
        "again_url": reverse("arrive"),
        "address": request.get_full_path(),
        "given": {"arrived_at": f"{timezone.localtime(clock.now()):%Y-%m-%dT%H:%M}"} | dict(given),
        "errors": said,
        "other": [problem.to(language) for problem in problems if problem.field not in FIELDS],
        "kinds": KINDS,
        "modes": [(mode, fact_words.option_word(mode)) for mode in MODES],
    }
    return render(request, "public/arrive.html", context, status=status)
