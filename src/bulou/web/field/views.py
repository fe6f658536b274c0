"""My list: today's duties of my unit, each done with one tap, and the tap taken back."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST

from bulou.directory.roles import ROLES
from bulou.kernel import clock
from bulou.kernel.facts import WITHDRAWN, Fact
from bulou.ledger import selectors as ledger
from bulou.ledger import services
from bulou.ledger.selectors import DutyRow
from bulou.web.access import Request, page
from bulou.web.field import my_list as lists
from bulou.web.field import questions
from bulou.web.field.sync.said import said
from bulou.web.frame import unit_title
from bulou.web.looking import look_at_list


@page
@gzip_page
def my_list(request: Request) -> HttpResponse:
    """Today's duties of the account's unit, by household and place."""
    look_at_list(request, "my", request.user.area, is_own=True)
    now = clock.now()
    rows = ledger.my_list(request.user.unit_id, now)
    listed = lists.gather(rows, now)
    context = {
        "groups": listed.groups,
        "beginning": listed.beginning,
        "progress": lists.progress(rows, now),
        "unit_name": unit_title(request.user.unit),
        "role": ROLES[request.user.role].title,
        "phone_words": said(),
        "today": timezone.localtime(now),
    }
    return render(request, "field/my_list.html", context)


@require_POST
@page
def record(request: Request) -> HttpResponse:
    """Record the fact that discharges a duty of this unit. The form's id is the fact's, so sending twice is once."""
    now = clock.now()
    key = request.POST.get("key", "")
    row = _mine(request, key)
    if row is None:
        return _answer(request, key, gettext("This duty is no longer on your list; nothing was recorded."))
    entered = {name.removeprefix("data."): str(value) for name, value in request.POST.items()}
    asked = lists.fixed(row, now)
    data, form = questions.read(row.must, entered, asked)
    form = questions.marked(data, form, lists.items(row, asked), request.POST.getlist("failed"))
    if not questions.is_good(form):
        return _answer(request, key, form=form, status=422)
    fact = Fact(request.POST.get("id", ""), row.must, row.subject, row.area, now, f"unit:{request.user.unit_id}", data)
    receipt = services.record([fact], area=request.user.area, account=request.user.pk)
    if receipt.refused:
        problem = receipt.refused[0].problem
        return _answer(request, key, problem.to(get_language() or "zh"), status=409)
    return _answer(request, key, undo=fact.id)


@require_POST
@page
def undo(request: Request) -> HttpResponse:
    """Take back a fact this unit has just recorded: the fact stays, and another says that it did not happen."""
    key, fact_id = request.POST.get("key", ""), request.POST.get("fact", "")
    row = _mine(request, key)
    unit = f"unit:{request.user.unit_id}"
    ours = row and any(str(fact.id) == fact_id and fact.by == unit for fact in ledger.facts_of(row.subject))
    if row is None or not ours:
        return _answer(request, key, gettext("This can no longer be taken back here; nothing was changed."), status=409)
    reason = {"reason": gettext("Recorded by mistake")}
    withdrawal = Fact(
        request.POST.get("id", ""), WITHDRAWN, row.subject, row.area, clock.now(), unit, reason, supersedes=fact_id
    )
    receipt = services.record([withdrawal], area=request.user.area, account=request.user.pk)
    problem = receipt.refused[0].problem.to(get_language() or "zh") if receipt.refused else ""
    return _answer(request, key, problem, status=409 if problem else 200)


def _mine(request: Request, key: str) -> DutyRow | None:
    """The duty, where this account's unit owes it."""
    found = ledger.duty(key)
    return found[0] if found and found[0].owner == request.user.unit_id else None


def _rows(request: Request, key: str) -> list[DutyRow]:
    """The list as it stands, with the duty just acted on though it may have left the list by being done."""
    rows = ledger.my_list(request.user.unit_id, clock.now())
    acted_on = _mine(request, key) if key and all(row.key != key for row in rows) else None
    return [*rows, *([acted_on] if acted_on else [])]


def _answer(
    request: Request,
    key: str,
    error: str = "",
    *,
    form: questions.Form | None = None,
    undo: str = "",
    status: int = 200,
) -> HttpResponse:
    """The household with the duty in it, as it now stands; without HTMX the whole list again."""
    if not request.htmx:
        if error or form:
            messages.error(request, error or gettext("Nothing was recorded: check what was entered."))
        return HttpResponseRedirect(reverse("my"))
    now, place = clock.now(), request.POST.get("group", "")
    rows = _rows(request, key)
    group = next(iter(lists.gather(rows, now, only=place).groups), None)
    if group is not None:
        tasks = tuple(_said(task, key, error, form, undo) for task in group.tasks)
        group = replace(group, tasks=tasks)
    progress = lists.progress(rows, now)
    context = {"group": group, "place": place, "error": error, "progress": progress, "oob": True}
    return render(request, "field/answer.html", context, status=status)


def _said(task: lists.Task, key: str, error: str, form: questions.Form | None, undo: str) -> lists.Task:
    """The task that was acted on, with its outcome; every other as it is."""
    if not task.is_about(key):
        return task
    if task.form and error:
        return replace(task, form=replace(task.form, errors=(error,)))
    return replace(task, form=form if form and task.form else task.form, undo=undo)
