"""The papers of an isolation: order and certificate, as PDF and Word, and the page that verifies them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from bulou.directory import selectors as directory
from bulou.directory.identity import mask_name
from bulou.directory.scope import everywhere
from bulou.directory.selectors import PersonFile
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.no_miss.isolation import orders
from bulou.no_miss.isolation.orders import Order, Release
from bulou.web import fact_words
from bulou.web.access import Request, page
from bulou.web.desk.isolation import STATES, WHERE
from bulou.web.looking import look_at_person
from bulou.web.paper import printing

SALT = "bulou.paper"
KINDS = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


@page
def paper(request: Request, id: UUID, fact: UUID, form: str) -> HttpResponse:
    """An order or a certificate as a file. 404 for what is not there or not in sight; the look is on record."""
    person = directory.person_file(id)
    if person is None or form not in KINDS:
        raise Http404
    found = orders.record_of(id).paper(fact)
    if found is None:
        raise Http404
    if asked := look_at_person(request, id, person.area):
        return asked
    address = request.build_absolute_uri(reverse("verify", args=[signing.dumps([str(id), str(fact)], salt=SALT)]))
    data = _order(person, found) if isinstance(found, Order) else _release(person, found)
    try:
        is_pdf = form == "pdf"
        made = printing.pdf("paper", data, address) if is_pdf else printing.word("paper", data | {"address": address})
    except BulouError as error:
        return HttpResponse(error.to(get_language() or "zh"), content_type="text/plain; charset=utf-8", status=422)
    name = f"{'order' if isinstance(found, Order) else 'release'}-{str(fact)[-12:]}.{form}"
    response = HttpResponse(made, content_type=KINDS[form])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Whether a printed paper is one of ours and still stands; for whoever holds it, so without a name in full."""
    try:
        person, fact = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return render(request, "desk/verify.html", {"paper": None}, status=404)
    with everywhere():
        found, known = orders.paper(UUID(person), UUID(fact)), directory.person(UUID(person))
    if found is None or known is None:
        return render(request, "desk/verify.html", {"paper": None}, status=404)
    is_order = isinstance(found, Order)
    context = {
        "paper": found,
        "is_order": is_order,
        "name": mask_name(known.name),
        "at": found.at if isinstance(found, Order) else found.ended,
        "state": STATES[found.state if isinstance(found, Order) else "withdrawn" if found.is_withdrawn else "in_force"],
    }
    return render(request, "desk/verify.html", context)


def _order(person: PersonFile, found: Order) -> dict[str, Any]:
    begun = timezone.localtime(found.at)
    first = found.counted_from or begun.date()
    where = str(WHERE.get(found.kind, found.kind))
    term = gettext("%(days)s days, counted from %(first)s") % {"days": found.days or 14, "first": first}
    lines = [
        *_who(person),
        (gettext("Isolation"), where),
        (gettext("Term"), term),
        (gettext("Grounds"), found.grounds or "–"),
        (gettext("Legal basis"), found.basis or "–"),
    ]
    said = [
        gettext("You are to stay where this order says until the term ends or the order is lifted."),
        gettext("It ends no later than the term. It may be made longer only on new grounds, told to you in writing."),
        gettext("You may appeal to whoever issued it; an answer is due within three days. Appealing costs nothing."),
    ]
    return _paper(gettext("Order of isolation for medical observation"), found.number, lines, said, found.by, found.at)


def _release(person: PersonFile, found: Release) -> dict[str, Any]:
    begun, ended = timezone.localtime(found.begun), timezone.localtime(found.ended)
    lines = [
        *_who(person),
        (gettext("Isolation"), str(WHERE.get(found.kind, "–"))),
        (gettext("From"), f"{begun:%Y-%m-%d %H:%M}"),
        (gettext("Until"), f"{ended:%Y-%m-%d %H:%M}"),
        (gettext("Reason"), fact_words.option_word(found.reason) if found.reason else "–"),
    ]
    said = [gettext("The isolation for medical observation of the person named has ended.")]
    if found.follow_up_days:
        said.append(gettext("Health is followed up at home for %(days)s days.") % {"days": found.follow_up_days})
    return _paper(gettext("Certificate of release from isolation"), "", lines, said, found.by, found.ended)


def _who(person: PersonFile) -> list[tuple[str, str]]:
    sex = fact_words.option_word(person.sex) if person.sex != "unknown" else "–"
    return [
        (gettext("Name"), person.name),
        (gettext("Sex"), sex),
        (gettext("Identity number"), person.id_number or "–"),
    ]


def _paper(
    title: str, number: str, lines: list[tuple[str, str]], said: list[str], by: str | None, at: datetime
) -> dict[str, Any]:
    unit = (by or "").removeprefix("unit:")
    printed = timezone.localtime(clock.now())
    names = directory.unit_names([unit] if unit and by and by.startswith("unit:") else [])
    return {
        "language": "en" if (get_language() or "zh").startswith("en") else "zh",
        "title": title,
        "number": number,
        "lines": [{"label": label, "value": value} for label, value in lines],
        "paragraphs": said,
        "issuer": next(iter(names.values()), ""),
        "date": f"{timezone.localtime(at):%Y-%m-%d}",
        "verify": gettext("Scan to verify. Printed %(at)s") % {"at": f"{printed:%Y-%m-%d %H:%M}"},
    }
