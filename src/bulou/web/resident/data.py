"""The page about one's own data: what is kept, who looked, and what one may ask; opened by the link of the own page."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.operations.support import answering, own_pages
from bulou.operations.support.rights import ASKED
from bulou.operations.support.services import own as fact
from bulou.web.resident import closing, kept
from bulou.web.resident.acts import LONGEST, fact_id
from bulou.web.resident.kept import KeptFile
from bulou.web.rights import SIGNS, right_word

DONE = {
    "phone": _("The new number is on file. Whoever looks after you rings it from now on."),
    "correction": _("Your request is recorded. Above it stands who answers it and by when."),
    "copy": _("Your request is recorded. Above it stands who answers it and by when."),
    "erasure": _("Your request is recorded. Above it stands who answers it and by when."),
}


def page(request: HttpRequest, token: str) -> HttpResponse:
    """What is kept about whoever has the link, or what they ask; each opening is counted and on record."""
    act = request.POST.get("act", "") if request.method == "POST" else "open"
    opened = own_pages.open_by(
        token, ip=request.META.get("REMOTE_ADDR") or None, act=act if act in (*_ACTS, "open") else "unknown"
    )
    if opened.state != "open" or opened.person is None:
        return closing.closed(request, opened.state)
    with everywhere():
        file = kept.read(opened.person, clock.now())
        if file is None:
            return closing.gone(request, opened.person)
        if request.method != "POST":
            return _show(request, file)
        try:
            _ACTS.get(act, _nothing)(file, request.POST)
        except BulouError as error:
            return _show(request, file, {act: error.to(get_language() or "zh")}, 422)
        return HttpResponseRedirect(f"{request.path}?done={act}#{'contact' if act == 'phone' else 'asked'}", status=303)


def _phone(file: KeptFile, form: QueryDict) -> None:
    answering.correct_phone(file.person, file.area, form.get("phone", "")[:40], id=_id(form, "phone", {}))


def _ask(right: str) -> Callable[[KeptFile, QueryDict], None]:
    """Asks for a right of one's own, once until it is answered."""

    def asked(file: KeptFile, form: QueryDict) -> None:
        words = form.get("words", "").replace("\0", "").strip()[:LONGEST]
        if right == "correction" and not words:
            raise BulouError.of(
                "rights.words",
                "请写明哪里不对、应当是什么；没有登记。",
                "Say what is wrong, and what it should be; nothing was recorded.",
                field="words",
            )
        id = _id(form, right, {"words": words})
        if (standing := file.open_request(right)) and standing.row.id != id:
            raise BulouError.of(
                "rights.asked_already",
                "您已经提出过这项请求，还没有办结；没有重复登记。",
                "You have asked for this already and it is not settled; it was not recorded twice.",
            )
        data = {"right": right} | ({"words": words} if words else {})
        for refusal in ledger.record([fact(ASKED, file.person, file.area, data, id=id)]).refused:
            if refusal.problem.code != "fact.conflict":
                raise BulouError(refusal.problem)

    return asked


def _nothing(file: KeptFile, form: QueryDict) -> None:
    raise BulouError.of("rights.unknown", "没有这项操作；没有登记。", "There is no such act; nothing was recorded.")


_ACTS: Mapping[str, Callable[[KeptFile, QueryDict], None]] = {
    "phone": _phone,
    "correction": _ask("correction"),
    "copy": _ask("copy"),
    "erasure": _ask("erasure"),
}


def _id(form: QueryDict, act: str, data: Mapping[str, str]) -> UUID:
    """The id of what is sent in: the same form sent twice is one, changed it is another."""
    try:
        return fact_id(UUID(form.get("id", "")), act, data)
    except ValueError:
        raise BulouError.of(
            "rights.too_old",
            "页面已经过期，没有登记。请重新打开本页。",
            "This page is too old. Open it again; nothing was recorded.",
        ) from None


def _show(
    request: HttpRequest, file: KeptFile, errors: Mapping[str, str] | None = None, status: int = 200
) -> HttpResponse:
    done = request.GET.get("done", "")
    context: dict[str, Any] = {
        "kept": file,
        "done": DONE.get(done, "") if not errors else "",
        "errors": errors or {},
        "problem": next(iter(errors.values())) if errors else "",
        "entered": request.POST if errors else {},
        "asked": [(one, right_word(one.row.right), SIGNS[one.row.state]) for one in file.requests],
        "may": {right: file.open_request(right) is None for right in ("copy", "erasure")},
        "id": str(new_id()),
    }
    return render(request, "resident/data.html", context, status=status)
