"""Imports: a file comes in, its headings are matched, it is rehearsed, taken in, and may be undone."""

import io
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from bulou.exchange.imports import blank, reading, returned, selectors, services, tasks
from bulou.exchange.imports.guards import PIECE, too_large
from bulou.exchange.imports.happenings import Sender
from bulou.exchange.imports.kinds import Kind, kind, kinds
from bulou.exchange.imports.models import UNDER_WAY, ImportBatch, ImportFile
from bulou.exchange.imports.refusing import bad_file
from bulou.exchange.jobs import services as jobs
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import KINDS
from bulou.web.access import Request, page
from bulou.web.desk import import_words
from bulou.web.looking import look_at_list

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE = 1_000
"""Rows up to which a run is done while the page waits; more is a job."""
SAMPLES = 3


@page
def new(request: Request) -> HttpResponse:
    """Send a file, or paste cells. What is refused is told on the same page; what was pasted is still there."""
    given: dict[str, Any] = {"kind": request.GET.get("kind", "people")}
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in ("kind", "pasted", "whole")}
        try:
            file = _received(request)
        except BulouError as error:
            return render(request, "desk/import_new.html", _choice(given, error), status=422)
        whole = "?whole=1" if given["whole"] else ""
        return HttpResponseRedirect(reverse("import-file", args=[file.id]) + whole)
    return render(request, "desk/import_new.html", _choice(given))


@page
def headings(request: Request, id: UUID) -> HttpResponse:
    """Which heading means which field, with examples from the file: a look at whom it lists.

    Posted: what somebody said is remembered, and the file rehearsed.
    """
    file = selectors.file(id)
    if file is None:
        raise Http404
    whole, is_own = bool(request.GET.get("whole") or request.POST.get("whole")), file.account == request.user.pk
    if asked := look_at_list(request, f"import {id}", file.area, is_own=is_own or request.method == "POST"):
        return asked
    try:
        with services.file_open(file) as path:
            table = reading.read(path, file.name, whole=whole)
            if request.method == "POST":
                return _rehearse(request, file, table, whole=whole)
            mapping = services.mapping_recall(request.user.unit_id, file.area, file.kind, table)
            return render(request, "desk/import_headings.html", _matching(file, table, mapping, whole=whole))
    except BulouError as error:
        return render(request, "desk/import_new.html", _choice({"kind": file.kind}, error), status=422)


@page
def batch(request: Request, id: UUID) -> HttpResponse:
    """One run: what became of its rows, what is wrong, what changes. The look is on record."""
    services.settle()
    found = _batch(id)
    if asked := _look(request, found, "view"):
        return asked
    if found.job and found.state in UNDER_WAY:
        return HttpResponseRedirect(reverse("job", args=[found.job]))
    return render(request, "desk/import.html", import_words.page_of(found))


@require_POST
@page
def take_in(request: Request, id: UUID) -> HttpResponse:
    """Take in a file that was rehearsed."""
    rehearsed = _batch(id)
    if not rehearsed.rehearsal or rehearsed.state != "done":
        raise Http404
    whole = bool(rehearsed.options.get("whole"))
    try:
        with services.file_open(rehearsed.file) as path:
            table = reading.read(path, rehearsed.file.name, whole=whole)
            return _start(request, rehearsed.file, table, rehearsal=False, options=rehearsed.options)
    except BulouError as error:
        return _back(request, id, error)


@require_POST
@page
def go_on(request: Request, id: UUID) -> HttpResponse:
    """Go on with a run that ended before its file did, behind its last row; its file must be kept."""
    found = _batch(id)
    try:
        if not getattr(found, "kept", False):
            raise bad_file("gone", "原文件没有保留，请重新上传。", "the file was not kept: send it again.")
        services.go_on(found)
    except BulouError as error:
        return _back(request, id, error)
    return _as_job(request, found)


@require_POST
@page
def undo(request: Request, id: UUID) -> HttpResponse:
    """Take a whole import back."""
    found = _batch(id)
    try:
        services.undo(found, by=request.user.pk, unit=request.user.unit_id)
    except BulouError as error:
        messages.error(request, error.to(get_language() or "zh"))
    else:
        messages.success(request, gettext("The import was undone."))
    return HttpResponseRedirect(reverse("import", args=[id]))


@page
def refused(request: Request, id: UUID) -> HttpResponse:
    """The refused rows in a file like the one that was sent."""
    found = _batch(id)
    if asked := _look(request, found, "export"):
        return asked
    try:
        with services.file_open(found.file) as path:
            table = reading.read(path, found.file.name, whole=True)
            name = f"{Path(found.file.name).stem}.errors{returned.ending(table)}"
            target = path.with_name(name)
            returned.write(table, found, target, get_language() or "zh")
            written = _held(target)
    except BulouError as error:
        return _back(request, id, error)
    return _download(written, name)


@page
def template(request: Request, name: str) -> HttpResponse:
    """A workbook to fill in."""
    what = _kind(name)
    return _download(io.BytesIO(blank.workbook(what, get_language() or "zh")), f"{name}.xlsx")


def _received(request: Request) -> ImportFile:
    """The file that was sent, or the cells that were pasted, on record. BulouError where it cannot be read."""
    what, sent, pasted = request.POST.get("kind", ""), request.FILES.get("file"), request.POST.get("pasted", "")
    with TemporaryDirectory(prefix="bulou-import-") as folder:
        name = Path(sent.name or "").name if isinstance(sent, UploadedFile) else "pasted.tsv"
        path = Path(folder) / f"sent{Path(name).suffix.lower()}"
        if isinstance(sent, UploadedFile):
            if (sent.size or 0) > services.MOST_KEPT:
                raise too_large(sent.size or 0, services.MOST_KEPT)
            with path.open("wb") as target:
                for chunk in sent.chunks():
                    target.write(chunk)
        else:
            path.write_text(pasted, "utf-8")
        reading.read(path, name, whole=bool(request.POST.get("whole")))
        return services.file_keep(path, name, what, _sender(request))


def _rehearse(request: Request, file: ImportFile, table: reading.Table, *, whole: bool) -> HttpResponse:
    mapping = {heading: request.POST.get(f"map.{place}", "") for place, heading in enumerate(table.headings) if heading}
    stated = {name[4:]: str(value) for name, value in request.POST.items() if name.startswith("set.") and value}
    try:
        made = _start(
            request, file, table, rehearsal=True, options={"mapping": mapping, "stated": stated, "whole": whole}
        )
    except BulouError as error:
        context = _matching(file, table, mapping, whole=whole, stated=stated)
        return render(request, "desk/import_headings.html", context | {"problem": _said(error)}, status=422)
    services.mapping_remember(request.user.unit_id, file.area, file.kind, table, mapping)
    return made


def _start(
    request: Request, file: ImportFile, table: reading.Table, *, rehearsal: bool, options: Mapping[str, Any]
) -> HttpResponse:
    """Do a small run at once; a large one becomes a job, whose page shows how far it is."""
    run = services.begin(file, table, _sender(request), rehearsal=rehearsal, options=options)
    if table.total <= AT_ONCE:
        for _ in run.go():
            pass
        return HttpResponseRedirect(reverse("import", args=[run.batch.id]))
    return _as_job(request, run.batch)


def _as_job(request: Request, batch: ImportBatch) -> HttpResponse:
    title = import_words.job_title(batch)
    job = jobs.enqueue(tasks.take_in, account=request.user, area=batch.area, title=title, batch=str(batch.id))
    services.give_job(batch, job)
    return HttpResponseRedirect(reverse("job", args=[job]))


def _choice(given: Mapping[str, Any], error: BulouError | None = None) -> dict[str, Any]:
    others = sorted(KINDS.items(), key=lambda pair: pair[0])
    return {
        "given": given,
        "kinds": list(kinds().values()),
        "others": [(name, data.title) for name, data in others],
        "problem": _said(error) if error else "",
        "most": services.MOST_KEPT // (1024 * 1024),
    }


def _matching(
    file: ImportFile,
    table: reading.Table,
    mapping: Mapping[str, str],
    *,
    whole: bool,
    stated: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What the page of headings shows: each with examples and the field it seems to mean."""
    what = kind(file.kind)
    guessed = services.guessed(file.kind, table) | dict(mapping)
    rows = [row for _, (_, row) in zip(range(SAMPLES), table.rows(), strict=False)]
    columns = [
        {
            "place": place,
            "heading": heading,
            "field": guessed.get(heading, ""),
            "samples": [import_words.sample(row[place]) for row in rows if place < len(row)],
        }
        for place, heading in enumerate(table.headings)
        if heading
    ]
    missing = [column for column in what.columns if column.required and column.field not in guessed.values()]
    return {
        "file": file,
        "kind": what,
        "columns": columns,
        "missing": [(column, (stated or {}).get(column.field, "")) for column in missing],
        "remembered": bool(mapping),
        "rows": table.total,
        "whole": whole,
    }


def _sender(request: Request) -> Sender:
    user = request.user
    return Sender(user.area, user.unit_id, user.pk, user.unit.synthetic)


def _batch(id: UUID) -> ImportBatch:
    found = selectors.batch(id)
    if found is None:
        raise Http404
    return found


def _kind(name: str) -> Kind:
    with suppress(BulouError):
        return kind(name)
    raise Http404


def _back(request: Request, id: UUID, error: BulouError) -> HttpResponse:
    """Back to the run, with why nothing was done."""
    messages.error(request, _said(error))
    return HttpResponseRedirect(reverse("import", args=[id]))


def _look(request: Request, found: ImportBatch, act: Any) -> HttpResponse | None:
    is_own = found.unit == request.user.unit_id
    return look_at_list(request, f"import {found.id}", found.area, is_own=is_own, act=act)


def _held(path: Path) -> IO[bytes]:
    """A file's content after its folder is gone: a short one in memory, a long one open while somebody reads it."""
    return io.BytesIO(path.read_bytes()) if path.stat().st_size <= PIECE else path.open("rb")


def _download(content: IO[bytes], name: str) -> HttpResponse:
    kind = "text/csv; charset=utf-8" if name.endswith(".csv") else WORKBOOK
    return cast(HttpResponse, FileResponse(content, as_attachment=True, filename=name, content_type=kind))


def _said(error: BulouError) -> str:
    return error.to(get_language() or "zh")
