"""A plan as a picture: which facts open which duties, how long they leave, and whose job they are."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from bulou.kernel import clock
from bulou.plan.chapters import Chapter, chapters, number
from bulou.plan.diff import pace
from bulou.plan.models import Plan
from bulou.plan.prose import due
from bulou.plan.rules import Rule, Variant, rules
from bulou.plan.standing import all_standing
from bulou.web import words
from bulou.web.access import Request, page
from bulou.web.desk.reader import plan_or_404
from bulou.web.words import Sign, say

LEGIBLE = 60
"""Duties up to which each is drawn; more are drawn as their chapters, unless each is asked for."""
NONE = "none"
SHOWN = 18
"""Kinds of facts and roles drawn by themselves where duties are drawn by chapter; the rest are one box."""
_DRAWN = ("name", "label", "column", "url", "count")
_WITHIN = (timedelta(hours=2), timedelta(hours=12), timedelta(days=1), timedelta(days=3), timedelta(days=7))


@dataclass(frozen=True, slots=True)
class Stroke:
    """One duty as the picture and the table have it."""

    rule: Rule
    chapter: int
    title: str
    due: str
    opens: str
    must: str
    role: str
    sign: Sign
    url: str
    follows: int
    """How many duties of the plan the fact that discharges this one opens."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What part of the plan is looked at, as the address says."""

    chapter: str
    no_miss: str
    role: str
    fact: str
    find: str
    each: bool

    @classmethod
    def read(cls, request: Request) -> "Asked":
        def given(name: str) -> str:
            return request.GET.get(name, "")[:80].strip()

        chapter, no_miss, role = given("chapter"), given("no_miss"), given("role")
        return cls(chapter, no_miss, role, given("fact"), given("find"), each=given("each") == "1")

    def keeps(self, stroke: Stroke) -> bool:
        rule, text = stroke.rule, f"{stroke.title} {stroke.rule.title.zh} {stroke.rule.clause} {stroke.rule.id}"
        return (
            self.chapter in ("", str(stroke.chapter))
            and self.no_miss in ("", rule.no_miss or NONE)
            and self.role in ("", rule.role)
            and self.fact in ("", rule.when.kind)
            and self.find.casefold() in text.casefold()
        )

    def address(self, path: str, **changes: str) -> str:
        given = {
            "chapter": self.chapter,
            "no_miss": self.no_miss,
            "role": self.role,
            "fact": self.fact,
            "find": self.find,
            "each": "1" if self.each else "",
        } | changes
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{path}?{query}" if query else path


@page
def picture(request: Request, plan: str) -> HttpResponse:
    """The plan drawn, narrowed as asked; the same as a table below."""
    found, asked, day = plan_or_404(plan), Asked.read(request), timezone.localdate(clock.now())
    strokes = _strokes(found, day)
    kept = [stroke for stroke in strokes if asked.keeps(stroke)]
    each = asked.each or len(kept) <= LEGIBLE
    context = {
        "plan": found,
        "asked": asked,
        "total": len(strokes),
        "strokes": kept,
        "each": each,
        "other_way": asked.address(request.path, each="" if asked.each else "1"),
        "legible": LEGIBLE,
        "whole": request.path,
        "drawing": drawing(kept, chapters(found), asked, request.path, each=each),
        "choices": _choices(found, strokes),
        "day": day,
    }
    return render(request, "desk/picture.html", context)


def _strokes(plan: Plan, day: date) -> list[Stroke]:
    """The plan's own duties in the order of the document."""
    ours = [rule for rule in all_standing(rules(plan), day) if rule.plan == plan.id]
    opened = Counter(rule.when.kind for rule in ours)
    places = {clause.clause: number(clause) for clause in plan.clauses}
    return [
        Stroke(
            rule=rule,
            chapter=places[rule.clause],
            title=say(rule.title),
            due=say(due(rule.variants[0])),
            opens=words.kind_title(rule.when.kind),
            must=words.kind_title(rule.must.kind),
            role=words.role_title(rule.role),
            sign=words.no_miss_sign(rule.no_miss),
            url=reverse("clause", args=[plan.id, rule.clause]),
            follows=opened[rule.must.kind],
        )
        for rule in ours
    ]


def drawing(
    strokes: Sequence[Stroke], found: Sequence[Chapter], asked: Asked, path: str, *, each: bool
) -> dict[str, Any]:
    """Columns of boxes and the lines between them: facts, duties (or their chapters), deadlines, roles."""
    pen = _Pen(asked, path, {chapter.number: say(chapter.heading) for chapter in found}, each)
    if not each:
        pen.fold(strokes)
    boxes: dict[str, dict[str, Any]] = {}
    lines: Counter[tuple[str, str]] = Counter()
    for stroke in strokes:
        way = list(pen.way(stroke))
        for box in way:
            boxes.setdefault(box["name"], box | {"count": 0})["count"] += 1
        lines.update((one["name"], other["name"]) for one, other in pairwise(way))
    columns = Counter(box["column"] for box in boxes.values())
    middle = gettext("Duty") if each else gettext("Chapter")
    return {
        "boxes": [{part: box[part] for part in _DRAWN} for box in sorted(boxes.values(), key=lambda box: box["order"])],
        "lines": [{"source": one, "target": other, "value": value} for (one, other), value in lines.items()],
        "heads": [gettext("What happens"), middle, gettext("How long"), gettext("Whose job")],
        "duties": gettext("duties"),
        "rows": max(columns.values(), default=0),
        "strokes": len(strokes),
    }


@dataclass
class _Pen:
    """Draws duties as boxes: each by itself, or as its chapter with rare facts and roles folded into one box."""

    asked: Asked
    path: str
    headings: Mapping[int, str]
    each: bool
    rare: frozenset[str] = frozenset()

    def fold(self, strokes: Iterable[Stroke]) -> None:
        rows = list(strokes)
        counted = (Counter(stroke.rule.when.kind for stroke in rows), Counter(stroke.rule.role for stroke in rows))
        self.rare = frozenset(name for counts in counted for name, _n in counts.most_common()[SHOWN:])

    def way(self, stroke: Stroke) -> Iterator[dict[str, Any]]:
        """The boxes one duty goes through, from what opens it to who owes it."""
        rule = stroke.rule
        yield self._box("opens", rule.when.kind, stroke.opens, self.asked.address(self.path, fact=rule.when.kind))
        if self.each:
            yield self._box("duty", rule.id, stroke.title, stroke.url)
            yield self._box("due", stroke.due, stroke.due, order=pace(rule.variants[0]))
        else:
            inside = self.asked.address(self.path, chapter=str(stroke.chapter))
            yield self._box("duty", str(stroke.chapter), self.headings[stroke.chapter], inside)
            yield self._box("due", band := _band(rule.variants[0]), band, order=pace(rule.variants[0]))
        yield self._box("role", rule.role, stroke.role, self.asked.address(self.path, role=rule.role))

    def _box(self, column: str, name: str, label: str, url: str = "", order: timedelta = timedelta()) -> dict[str, Any]:
        """A box; those of one `order` stand as the document has them, the folded ones last."""
        if name in self.rare:
            name, label, url, order = "", gettext("others"), "", timedelta.max
        return {"name": f"{column} {name}", "label": label, "column": column, "url": url, "order": order}


def _band(terms: Variant) -> str:
    """A deadline roughly, so that many duties make few boxes."""
    if terms.slots:
        return gettext("on certain days") if terms.on else gettext("every day")
    length = terms.within if terms.within is not None else terms.period or timedelta()
    limit = next((limit for limit in _WITHIN if length <= limit), None)
    if terms.within is not None:
        return gettext("within %s") % words.span(limit) if limit else gettext("longer than a week")
    if length <= timedelta(days=1):
        return gettext("every day")
    return gettext("weekly or more often") if length <= timedelta(days=7) else gettext("less than weekly")


def _choices(plan: Plan, strokes: Iterable[Stroke]) -> dict[str, list[tuple[str, object, int]]]:
    """What each filter offers: value, word, how many duties it has."""
    rows = list(strokes)
    in_chapter = Counter(stroke.chapter for stroke in rows)
    families = Counter(stroke.rule.no_miss for stroke in rows)
    roles = Counter((stroke.rule.role, stroke.role) for stroke in rows)
    facts = Counter((stroke.rule.when.kind, stroke.opens) for stroke in rows)
    signs = (*words.NO_MISSES.values(), words.ORGANISATION)
    return {
        "chapters": [
            (str(one.number), say(one.heading), in_chapter[one.number])
            for one in chapters(plan)
            if in_chapter[one.number]
        ],
        "families": [(s.name or NONE, s.word, families[s.name]) for s in signs if families[s.name]],
        "roles": sorted(((name, word, n) for (name, word), n in roles.items()), key=lambda row: -row[2]),
        "facts": sorted(((name, word, n) for (name, word), n in facts.items()), key=lambda row: -row[2]),
    }
