"""Templates of papers: what counts in an area, what it has of its own, a look before it counts, and the way back.

The system administrator changes them, the others read. Every version and every choice is on record with who and when.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from bulou.kernel.errors import BulouError
from bulou.web import places
from bulou.web.access import Request, administrator_page, area_asked, recent_authentication, record
from bulou.web.account import paper_words
from bulou.web.models import PaperVersion
from bulou.web.paper import example, fields, filling, office, printing, versions
from bulou.web.paper.fields import KINDS, OFFICE, PAPERS
from bulou.web.paper.inspecting import LARGEST
from bulou.web.paper.versions import OURS, OWN

CHANGING = frozenset({"system_administrator"})
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS = {"template": DOCX, "word": DOCX, "pdf": "application/pdf"}


@administrator_page
def papers(request: Request) -> HttpResponse:
    """Every kind with what counts in the area. Fourteen queries with the frame's."""
    area, picker = _area(request, "paper-templates")
    context = {"standing": paper_words.standing(area, picker.names), "area": area, **picker.context()}
    return render(request, "account/papers.html", context)


@administrator_page
def one(request: Request, kind: str) -> HttpResponse:
    """One kind: what counts, the area's versions, the chosen one looked at; a POST adds a version. 404 for no kind."""
    if kind not in KINDS:
        raise Http404
    if request.method != "POST":
        return _shown(request, kind)
    _changing(request)
    area = _area_of(request)
    try:
        kept, is_new = _sent_words(request, area) if kind == OFFICE else _sent_file(request, area, kind)
    except BulouError as error:
        return _shown(request, kind, problem=error)
    if is_new:
        record(request, "paper", area=area, subject=_subject(area), purpose=f"{kind} keep {kept.digest[:8]}")
    said = (
        gettext("Kept. Look at it, then put it in force.")
        if is_new
        else gettext("This was kept before; nothing was added.")
    )
    messages.success(request, said)
    return _to(kind, area, kept.id)


@require_POST
@administrator_page
@recent_authentication
def choose(request: Request, kind: str) -> HttpResponse:
    """Put a version in force, or ours, or leave it to the area above; on record. 404 for what the area has not."""
    _changing(request)
    area, way = _area_of(request), request.POST.get("way", "")
    if kind not in KINDS or way not in versions.WAYS:
        raise Http404
    found = _version(request.POST.get("version", ""), kind, area) if way == OWN else None
    if way == OWN and (found is None or found.area != area):
        raise Http404
    versions.choose(area, kind, way, by=request.user, version=found.id if found else None)
    what = f"{kind} {way} {found.digest[:8]}" if found else f"{kind} {way}"
    record(request, "paper", area=area, subject=_subject(area), purpose=what)
    messages.success(request, gettext("In force from now on: every paper printed from here on is made with it."))
    return _to(kind, area)


@require_POST
@administrator_page
def look(request: Request) -> HttpResponse:
    """The office's words as they are being written, on an example; nothing is kept. What does not fit is said."""
    try:
        given = office.read(request.POST)
    except BulouError as error:
        return render(request, "account/paper_look.html", {"problems": error.problems, "titles": fields.OFFICE_WORDS})
    return render(request, "account/paper_look.html", {"sheets": _sheets(given)})


@administrator_page
def file(request: Request, kind: str, version: str, form: str) -> HttpResponse:
    """A version as a file: the template itself, or an example as Word or PDF. `version`: an id, or `ours`."""
    area = area_asked(request, request.GET.get("area"))
    found = None if version == OURS else _version(version, kind, area)
    if (
        kind not in KINDS
        or form not in FORMS
        or (found is None and version != OURS)
        or (kind == OFFICE and form == "template")
    ):
        raise Http404
    paper = kind if kind in PAPERS else fields.ORDER
    given = versions.words_of(found) if found and kind == OFFICE else versions.words(area)
    template = versions.file_of(found) if found and kind in PAPERS else printing.stock()
    data = example.example(paper, given)
    try:
        if form == "pdf":
            made = printing.pdf("paper", data, example.ADDRESS)
        else:
            made = template if form == "template" else printing.word(template, data, paper)
    except BulouError as error:
        return HttpResponse(error.to(get_language() or "zh"), content_type="text/plain; charset=utf-8", status=422)
    ending = "pdf" if form == "pdf" else "docx"
    headers = {"Content-Disposition": f'attachment; filename="{kind}-{form}-{version[-8:]}.{ending}"'}
    return HttpResponse(made, content_type=FORMS[form], headers=headers)


def _shown(request: Request, kind: str, *, problem: BulouError | None = None) -> HttpResponse:
    """One kind, with a version looked at: the one asked for, else the one in force."""
    area, picker = _area(request, "paper-template", kind)
    history, choices = versions.history(area, kind), versions.choices(area, kind)
    standing = paper_words.standing(area, picker.names)
    now = standing[KINDS.index(kind)]
    asked = _version(request.GET.get("version", ""), kind, area) if request.GET.get("version") else None
    seen = asked or (_version(str(now.found.version), kind, area) if now.found.version else None)
    given = versions.words_of(seen) if seen and kind == OFFICE else versions.words(area)
    entered = request.POST.dict() if problem else office.written(given)
    context = {
        "kind": kind,
        "area": area,
        "now": now,
        "standing": standing,
        "seen": seen,
        "is_asked": asked is not None and asked.id != now.found.version,
        "may_choose": seen is not None and seen.area == area,
        "versions": paper_words.lines(history, choices, now),
        "may_change": request.user.role in CHANGING,
        "problem": problem.to(get_language() or "zh") if problem and kind != OFFICE else "",
        "problems": problem.problems if problem and kind == OFFICE else (),
        "most": LARGEST // (1024 * 1024),
        "fields": fields.titles(kind) if kind in PAPERS else {},
        "words": _form(entered, problem) if kind == OFFICE else (),
        **(_looked_at(seen, kind, given) if kind in PAPERS else {"sheets": _sheets(given)}),
        **picker.context(),
    }
    name = "account/paper_office.html" if kind == OFFICE else "account/paper.html"
    return render(request, name, context, status=422 if problem else 200)


def _looked_at(seen: PaperVersion | None, kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in an example made with a version: its words by part, and which fields it does without."""
    try:
        made = filling.fill(versions.file_of(seen) if seen else printing.stock(), example.example(kind, given), kind)
    except BulouError as error:
        return {"spoilt": error.to(get_language() or "zh")}
    titles = fields.titles(kind)
    return {"said": list(filling.paragraphs(made.content)), "lacking": [(one, titles[one]) for one in made.lacking]}


def _sheets(given: Mapping[str, Any]) -> list[str]:
    return printing.pictures("paper", example.example(fields.ORDER, given), example.ADDRESS)


def _form(entered: Mapping[str, str], problem: BulouError | None) -> list[dict[str, Any]]:
    wrong = {one.field: one.text.to(get_language() or "zh") for one in problem.problems} if problem else {}
    return [
        {
            "name": name,
            "title": title,
            "value": entered.get(name, ""),
            "lines": most,
            "problem": wrong.get(name, ""),
        }
        for name, title in fields.OFFICE_WORDS.items()
        for most, _longest in (office.LONGEST[name],)
    ]


def _sent_file(request: Request, area: str, kind: str) -> tuple[PaperVersion, bool]:
    """The file of a form, tried on an example before it is kept."""
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile) or not sent.size:
        raise BulouError.of("paper.none", "请先选择 Word 文件（.docx）。", "Choose a Word file (.docx) first.")
    content = sent.read(LARGEST + 1)
    filling.fill(content, example.example(kind, versions.words(area)), kind)
    return versions.keep(area, kind, by=request.user, name=sent.name or "", content=content)


def _sent_words(request: Request, area: str) -> tuple[PaperVersion, bool]:
    return versions.keep(area, OFFICE, by=request.user, given=office.read(request.POST))


def _version(text: str, kind: str, area: str) -> PaperVersion | None:
    """The version an address names; 404 where it is none an area may look at."""
    try:
        found = versions.version(UUID(text), kind, area)
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def _area_of(request: Request) -> str:
    return area_asked(request, request.POST.get("area") or request.GET.get("area"))


def _area(request: Request, name: str, *args: str) -> tuple[str, places.Picker]:
    area = _area_of(request)
    return area, places.picker(request.user, area, lambda code: f"{reverse(name, args=args)}?area={code}")


def _subject(area: str) -> str:
    return f"area:{area}" if area else ""


def _changing(request: Request) -> None:
    if request.user.role not in CHANGING:
        raise PermissionDenied


def _to(kind: str, area: str, version: UUID | None = None) -> HttpResponse:
    query = f"?area={area}" + (f"&version={version}" if version else "")
    return HttpResponseRedirect(reverse("paper-template", args=[kind]) + query)
