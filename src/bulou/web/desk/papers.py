"""The papers of an isolation: order and certificate, as PDF and Word, and the page that verifies them."""

from uuid import UUID

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from bulou.directory import selectors as directory
from bulou.directory.identity import mask_name
from bulou.directory.scope import everywhere
from bulou.kernel.errors import BulouError
from bulou.no_miss.isolation import orders
from bulou.no_miss.isolation.orders import Order
from bulou.web.access import Request, page
from bulou.web.desk.isolation import STATES
from bulou.web.looking import look_at_person
from bulou.web.paper import printing, versions, wording
from bulou.web.paper.wording import Named

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
    kind, (issuer, area) = wording.kind_of(found), _issuer(found.by)
    who = Named(person.name, person.sex, person.id_number)
    data = wording.paper(who, found, issuer) | {"office": versions.words(area or person.area), "address": address}
    try:
        if form == "pdf":
            made = printing.pdf("paper", data, address)
        else:
            made = printing.word(versions.template(kind, area or person.area), data, kind)
    except BulouError as error:
        return HttpResponse(error.to(get_language() or "zh"), content_type="text/plain; charset=utf-8", status=422)
    name = f"{kind}-{str(fact)[-12:]}.{form}"
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


def _issuer(by: str | None) -> tuple[str, str]:
    """The name and area of the unit that issued a paper; empty where no unit did."""
    unit = directory.unit(UUID(by.removeprefix("unit:"))) if by and by.startswith("unit:") else None
    return (unit.name, unit.area) if unit else ("", "")
