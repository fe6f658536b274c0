"""Why a duty stands as it does: the clause, the facts, the arithmetic, and who was told."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from bulou.directory import selectors as directory
from bulou.ledger import selectors as ledger
from bulou.ledger import shelf
from bulou.ledger.selectors import Told
from bulou.web import rows, timeline
from bulou.web.access import Request, page
from bulou.web.looking import look


@page
def why(request: Request, key: str) -> HttpResponse:
    """One duty, explained; one about a person is a look at them, and recorded. 404 outside the account's area."""
    found = ledger.why(key)
    if found is None:
        raise Http404
    row = found.row
    if asked := look(request, row.subject, row.area, [row]):
        return asked
    (shown,) = rows.shown([row])
    rests_on = {fact.id for fact in (found.opened_by, found.discharged_by) if fact}
    context = {
        "why": found,
        "row": row,
        "shown": shown,
        "mine": row.owner == request.user.unit_id,
        "days": timeline.days(found.facts, keys=rests_on),
        "clause": shelf.clause(row.plan, row.clause),
        "told": _told(found.told),
    }
    return render(request, "command_room/why.html", context)


def _told(told: Sequence[Told]) -> list[dict[str, Any]]:
    """Who was told that it is overdue, by name of the unit, or of the role where no unit holds it."""
    names = directory.unit_names(notice.unit for notice in told)
    return [
        {"name": names.get(notice.unit, "") if notice.unit else "", "role": notice.role, "at": notice.at}
        for notice in told
    ]
