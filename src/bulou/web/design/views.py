"""The design system on one page: every component once, in the reader's own mode."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bulou.web import words
from bulou.web.access import Request, page
from bulou.web.command_room.board import Pillar
from bulou.web.design import samples
from bulou.web.field.my_list import Progress


@dataclass(frozen=True, slots=True)
class Ink:
    """One colour of the house by its token, and what it is for."""

    name: str
    word: str | Promise


INKS = (
    Ink("ink", _("Text")),
    Ink("ink-2", _("Quieter text")),
    Ink("ink-3", _("Quietest text")),
    Ink("brand", _("Links and buttons")),
    Ink("due", _("Due")),
    Ink("done", _("Done")),
    Ink("late", _("Late")),
    Ink("missed", _("Missed")),
    Ink("unowned", _("No owner")),
    Ink("waived", _("Waived")),
    Ink("void", _("Void")),
)


@page
def design(request: Request) -> HttpResponse:
    """Every component once: cards, numbers, states, times, lists, forms, timelines, charts, errors, print."""
    messages.success(request, _("Recorded."))
    messages.error(request, _("Not kept: the server did not answer. What you entered is still here; try again."))
    sign = words.NO_MISSES["monitoring"]
    curve = samples.curve()
    context = {
        "inks": INKS,
        "states": samples.STATES,
        "duties": samples.duties(),
        "column": Pillar(sign, samples.COUNTS, samples.COUNTS, {}),
        "counts": samples.COUNTS,
        "form": samples.form(),
        "days": samples.days(),
        "progress": Progress(12, 20),
        "links": samples.links(),
        "curve": curve,
        "map": samples.area_map(),
        "curve_rows": list(zip(curve["days"], curve["onset"], curve["confirmed"], strict=True)),
        "levels": ("I", "II", "III", "IV"),
        **samples.listed(request.GET, request.user),
    }
    return render(request, "design/design.html", context)
