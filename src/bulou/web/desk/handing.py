"""A paper handed over: who signed for it or refused to, when and by whom, and the scan of it where there is one."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from bulou.directory.crypto import vault
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import id_or
from bulou.no_miss.isolation import handing, orders
from bulou.no_miss.isolation.handing import Outcome
from bulou.web.access import Request, page
from bulou.web.desk.isolation import incomplete, person_or_404, show
from bulou.web.looking import look_at_person, note_act
from bulou.web.models import PaperScan

LARGEST = 8 * 1024 * 1024
"""Bytes of a scan: a photograph of a phone in full."""
FORMS = {"jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}
"""What a scan may be, by how it begins; what it calls itself does not count."""
TYPES = {"jpeg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}
COLUMN = "scan"


@require_POST
@page
def hand_over(request: Request, id: UUID, fact: UUID) -> HttpResponse:
    """Record it, with the scan, both or neither. 404 for no paper of theirs; what is missing is said, and kept."""
    person = person_or_404(id)
    note_act(request, f"person:{id}", person.area)
    if orders.record_of(id).paper(fact) is None:
        raise Http404
    form = request.POST
    outcome = form.get("outcome", "")
    given = {name: form.get(name, "").strip() for name in ("signer", "witness", "note")}
    try:
        made = id_or(form.get("id", ""), incomplete)
        if outcome not in ("signed", "refused_to_sign"):
            raise incomplete()
        sent, area = _scan(request), handing.area_of(id, request.user)
        with transaction.atomic():
            handing.hand_over(id, area, fact, cast(Outcome, outcome), by=request.user, id=made, **given)
            if sent:
                _keep(request, id, made, area, *sent)
    except BulouError as error:
        return show(request, person, error.to(get_language() or "zh"), 409)
    messages.success(request, gettext("Recorded: the paper was handed over."))
    return HttpResponseRedirect(reverse("isolation", args=[id]))


@page
def scan(request: Request, id: UUID, fact: UUID) -> HttpResponse:
    """The scan of a signed paper; the look is on record. 404 where there is none in sight."""
    person = person_or_404(id)
    found = PaperScan.objects.filter(pk=fact, person=id).first()
    if found is None:
        raise Http404
    if asked := look_at_person(request, id, person.area):
        return asked
    content = vault().unseal_bytes(found.content, found.pk, COLUMN)
    headers = {"Content-Disposition": f'attachment; filename="signed-{str(fact)[-12:]}.{found.form}"'}
    return HttpResponse(content, content_type=TYPES[found.form], headers=headers)


def _scan(request: Request) -> tuple[str, bytes] | None:
    """The form and bytes of what was sent along; None where nothing was."""
    sent = request.FILES.get("scan")
    if not isinstance(sent, UploadedFile) or not sent.size:
        return None
    content = sent.read(LARGEST + 1)
    form = next((name for name, begins in FORMS.items() if content.startswith(begins)), "")
    if not form or len(content) > LARGEST:
        most = LARGEST // (1024 * 1024)
        raise BulouError.of(
            "paper.scan",
            f"扫描件须是 {most} MB 以内的 JPEG、PNG 或 PDF，没有登记；已填的还在，请重新选择文件。",
            f"A scan is a JPEG, PNG or PDF of up to {most} MB. Nothing was recorded, and what you entered is here: "
            "choose the file again.",
            field="scan",
        )
    return form, content


def _keep(request: Request, person: UUID, made: UUID, area: str, form: str, content: bytes) -> None:
    """Under the fact's own id, so that the same form sent twice keeps one."""
    sealed = vault().seal_bytes(content, made, COLUMN)
    given = {"area": area, "person": person, "form": form, "content": sealed, "account": request.user.pk}
    PaperScan.objects.bulk_create([PaperScan(id=made, **given)], ignore_conflicts=True)
