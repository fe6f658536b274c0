"""A plan as a booklet: everything in it on one page, made to be printed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bulou.directory import selectors as directory
from bulou.kernel import clock
from bulou.plan.chapters import chapters
from bulou.plan.models import Clause, Plan
from bulou.plan.own_words import own_words
from bulou.web.access import Request, page
from bulou.web.desk import plan_words, reader
from bulou.web.words import say


@dataclass(frozen=True, slots=True)
class Part:
    """One clause with everything it asks, in words."""

    clause: Clause
    forms: list[plan_words.FormShown]


@dataclass(frozen=True, slots=True)
class Section:
    """One chapter, on pages of its own."""

    number: int
    title: str
    parts: list[Part]


@page
def booklet(request: Request, plan: str) -> HttpResponse:
    """The whole plan with the numbers in force today: cover, contents, chapters, numbers with their references."""
    found, day = reader.plan_or_404(plan), timezone.localdate(clock.now())
    words_of = plan_words.Reader(found.scope, day, own_words(found))
    names = directory.area_names([found.area]) if found.area else {}
    context = {
        "plan": found,
        "day": day,
        "area_name": names.get(found.area, found.area),
        "sections": list(_sections(found, words_of)),
        "numbers": list(_numbers(found, day)),
        "bases": found.family[:-1],
    }
    return render(request, "desk/booklet.html", context)


def _sections(found: Plan, words_of: plan_words.Reader) -> Iterator[Section]:
    for chapter in chapters(found):
        parts = [Part(clause, plan_words.shown(clause, words_of)) for clause in chapter.clauses]
        yield Section(chapter.number, say(chapter.heading), parts)


def _numbers(found: Plan, day: date) -> Iterator[dict[str, Any]]:
    """Every number of the plan as it stands, whether a clause in force names it or not."""
    every = plan_words.Reader(found.scope, day)
    for name in sorted(found.parameters):
        if any(start <= day for start in found.parameters[name].values):
            every.value(f"${name}")
            yield reader.number(every, name)
