"""Two plans side by side: what the second changes, adds and drops."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bulou.kernel import clock
from bulou.ledger import shelf
from bulou.plan.comparison import Ask, Comparison, Pair, compare
from bulou.plan.diff import ParameterDiffers
from bulou.plan.models import Plan
from bulou.plan.own_words import own_words
from bulou.plan.prose import due
from bulou.web import links, words
from bulou.web.access import Request, page
from bulou.web.desk import plan_words
from bulou.web.words import Sign, say

ANY = "any"
NONE = "none"
"""How organisation, the duties of no no-miss, travels in addresses."""


@dataclass(frozen=True, slots=True)
class Row:
    """A duty only one of the plans has."""

    clause: str
    title: str
    must: str
    due: str
    role: str
    sign: Sign


@dataclass(frozen=True, slots=True)
class Chip:
    """A no-miss to narrow the page to, with how many rows it has."""

    word: object
    icon: str
    number: int
    url: str
    current: bool


@page
def side_by_side(request: Request) -> HttpResponse:
    """Any two plans of the shelf, both named in the address. 404 for one that is not there."""
    plans = {plan.id: plan for plan in shelf.every_plan()}
    left, right = (_chosen(plans, request.GET.get(side)) for side in ("left", "right"))
    context: dict[str, Any] = {"plans": list(plans.values()), "left": left, "right": right}
    if left and right:
        family = request.GET.get("no_miss", ANY)
        context |= _compared(left, right, family)
    return render(request, "desk/compare.html", context)


def _chosen(plans: dict[str, Plan], name: str | None) -> Plan | None:
    if name and name not in plans:
        raise Http404
    return plans[name] if name else None


def _compared(left: Plan, right: Plan, family: str) -> dict[str, Any]:
    day = timezone.localdate(clock.now())
    titles = plan_words.titles() | own_words(left) | own_words(right)
    found = compare(left, right, titles, day)
    pairs, added, dropped = _of(found.changed, family), _of(found.added, family), _of(found.dropped, family)
    stricter = Counter(change.stricter for pair in found.changed for change in pair.changes)
    return {
        "day": day,
        "found": found,
        "stricter": stricter,
        "chips": _chips(found, left, right, family),
        "changed": pairs,
        "added": [_row(ask) for ask in added],
        "dropped": [_row(ask) for ask in dropped],
        "same": _of(found.same, family),
        "parameters": [_number(parameter) for parameter in found.parameters],
        "narrowed": family != ANY,
        "swapped": links.address("compare-plans", left=right.id, right=left.id),
    }


def _of(rows: Sequence[Any], family: str) -> list[Any]:
    return [row for row in rows if family in (ANY, _family(row))]


def _family(row: Pair | Ask) -> str:
    rule = row.right.rule if isinstance(row, Pair) else row.rule
    return rule.no_miss or NONE


def _chips(found: Comparison, left: Plan, right: Plan, family: str) -> list[Chip]:
    rows: Iterable[Pair | Ask] = (*found.changed, *found.added, *found.dropped)
    counts = Counter(map(_family, rows))
    both = {"left": left.id, "right": right.id}

    def chip(name: str, sign: Sign) -> Chip:
        url = links.address("compare-plans", **both, no_miss=name)
        return Chip(sign.word, sign.icon, counts[name], url, name == family)

    every = (*words.NO_MISSES.values(), Sign(NONE, words.ORGANISATION.word, words.ORGANISATION.icon))
    return [chip(sign.name, sign) for sign in every if counts[sign.name]]


def _row(ask: Ask) -> Row:
    rule = ask.rule
    return Row(
        clause=rule.clause,
        title=say(rule.title),
        must=words.kind_title(rule.must.kind),
        due=say(due(rule.variants[0])),
        role=words.role_title(rule.role),
        sign=words.no_miss_sign(rule.no_miss),
    )


def _number(parameter: ParameterDiffers) -> dict[str, Any]:
    return {
        "title": parameter.title,
        "since": parameter.since,
        "left": parameter.left,
        "right": parameter.right,
    }
