"""Entries from phones at odds with what happened meanwhile, beside it; the page where somebody decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.ledger import selectors as ledger
from bulou.web import fact_words, rows, words
from bulou.web.access import Request, commands, page
from bulou.web.field import rulings
from bulou.web.field.sync import intake
from bulou.web.field.sync.entries import read_file
from bulou.web.looking import look_at_list
from bulou.web.models import FieldEntry, FieldRuling

PAGE, RULED = 50, 20
LARGEST = 4 * 1024 * 1024
"""Bytes of a rescue file."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one side says: the data in words, when, by whom. `phone_at` where the phone's clock said otherwise."""

    data: Sequence[tuple[str, str]]
    at: datetime
    by: str
    phone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """One entry with why it is here, the fact it is at odds with (where there is one), and what was ruled."""

    id: UUID
    title: str
    name: str
    url: str
    area_name: str
    why: str
    received_at: datetime
    mine: Side
    theirs: Side | None
    may: bool
    ruling: str = ""
    ruled_by: str = ""


@page
def conflicts(request: Request) -> HttpResponse:
    """The conflicts of the account's area; of one's own unit alone where one commands nothing. Nine queries."""
    look_at_list(request, "conflicts", request.user.area, is_own=True)
    waiting, total = _waiting(request.user)
    ruled = {one.entry: one for one in FieldRuling.objects.order_by("-at")[:RULED]}
    settled = list(_own(request.user).filter(id__in=ruled).order_by("-received_at"))
    shown = _shown([*waiting, *settled], ruled, request.user)
    context = {
        "waiting": shown[: len(waiting)],
        "settled": shown[len(waiting) :],
        "total": total,
        "more": total - len(waiting),
        "commands": commands(request.user),
    }
    return render(request, "field/conflicts.html", context)


@require_POST
@page
def rule(request: Request, id: UUID) -> HttpResponse:
    """Decide one conflict: mine, theirs or both."""
    entry = _own(request.user).filter(id=id).first()
    if entry is None:
        raise Http404
    if not rulings.may(request.user, entry):
        raise PermissionDenied
    ruling, note = request.POST.get("ruling", ""), request.POST.get("note", "").strip()
    problem = rulings.settle(entry, ruling, by=request.user, note=note)
    if problem:
        messages.error(request, problem.to(get_language() or "zh"))
    else:
        messages.success(request, gettext("Decided; what was recorded and who decided is on record."))
    return HttpResponseRedirect(reverse("conflicts"))


@require_POST
@page
def take_file(request: Request) -> HttpResponse:
    """Take in what a phone saved to a file because it could not upload; as if it had."""
    file = request.FILES.get("file")
    try:
        if file is None or (file.size or 0) > LARGEST:
            raise ValueError("no file, or too large")
        uploads = read_file(file.read())
    except ValueError:
        messages.error(request, gettext("This is not a file saved by My list on a phone. Nothing was taken."))
        return HttpResponseRedirect(reverse("conflicts"))
    results = [one.result for upload in uploads for one in intake.take(upload, clock.now())]
    said = gettext("%(stored)d stored, %(already)d known before, %(conflict)d in conflict, %(refused)d refused.")
    messages.success(request, said % {name: results.count(name) for name in intake.RESULTS})
    return HttpResponseRedirect(reverse("conflicts"))


def _own(account: Account) -> "QuerySet[FieldEntry]":
    found = FieldEntry.objects.exclude(reason="")
    return found if commands(account) else found.filter(unit=account.unit_id)


def _waiting(account: Account) -> tuple[list[FieldEntry], int]:
    """The oldest conflicts nobody has ruled on, and how many there are."""
    waiting = _own(account).exclude(id__in=FieldRuling.objects.values("entry")).order_by("received_at", "id")
    return list(waiting[:PAGE]), waiting.count()


def _shown(entries: Sequence[FieldEntry], ruled: Mapping[UUID, FieldRuling], account: Account) -> list[Conflict]:
    facts = ledger.facts_by_id([entry.against for entry in entries if entry.against])
    people = {entry.account for entry in entries} | {one.account for one in ruled.values()}
    people |= {by for _, by in facts.values() if by}
    accounts = {one.pk: one for one in Account.objects.filter(pk__in=people)}
    units = directory.unit_contacts({entry.unit for entry in entries} | {one.unit_id for one in accounts.values()})
    authors = {pk: f"{one.username} · {units[one.unit_id].name}" for pk, one in accounts.items()}
    names = directory.names(_named(entries, list(facts.values())))
    areas = directory.area_names({code for one in entries for code in (one.area, one.area[: rows.VILLAGE])})

    def of(entry: FieldEntry) -> Conflict:
        kept = facts.get(entry.against) if entry.against else None
        one = ruled.get(entry.id)
        skewed = abs((entry.phone_at - entry.at).total_seconds()) >= rulings.NOTABLE
        phone_at = timezone.localtime(entry.phone_at) if skewed else None
        data = fact_words.pairs(entry.kind, entry.data, names)
        mine = Side(data, timezone.localtime(entry.at), authors.get(entry.account, ""), phone_at)
        return Conflict(
            id=entry.id,
            title=words.kind_title(entry.kind),
            name=names.get(entry.subject) or rows.kind_word(entry.subject),
            url=rows.file_url(entry.subject),
            area_name=rows.place_name(entry.area, areas),
            why=rulings.why(entry.reason),
            received_at=timezone.localtime(entry.received_at),
            mine=mine,
            theirs=_theirs(kept, names, authors) if kept else None,
            may=rulings.may(account, entry),
            ruling=rulings.said(one.ruling) if one else "",
            ruled_by=authors.get(one.account, "") if one else "",
        )

    return [of(entry) for entry in entries]


def _theirs(kept: intake.Kept, names: Mapping[str, str], authors: Mapping[UUID, str]) -> Side:
    fact, by = kept
    who = authors.get(by, "") if by else names.get(fact.by or "", "")
    return Side(fact_words.pairs(fact.kind, fact.data, names), timezone.localtime(fact.at), who)


def _named(entries: Sequence[FieldEntry], facts: Iterable[intake.Kept]) -> set[str]:
    """Everything whose name the page says."""
    data = [entry.data for entry in entries] + [dict(fact.data) for fact, _ in facts]
    by = {fact.by for fact, _ in facts if fact.by}
    return {entry.subject for entry in entries} | set(fact_words.references(data)) | by
