"""Trends: what the registers of monitoring count day by day, with what stands out; and a line for each register."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bulou.directory import selectors as directory
from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id
from bulou.no_miss.monitoring import selectors, services
from bulou.no_miss.monitoring.models import Entry
from bulou.no_miss.monitoring.register import REGISTERS
from bulou.oversight.analysis.thresholds import Level, levels
from bulou.web import fact_words, links, places, rows
from bulou.web.access import Request, area_asked, page
from bulou.web.drawing import Scale, columns
from bulou.web.field import questions
from bulou.web.field.questions import Form
from bulou.web.words import Sign, kind_title, signs

DAYS, BEFORE, LATEST = 28, 14, 8
"""Days drawn, days before them that their limits need, lines listed."""
PERSONAL = "person:"
ALSO: Mapping[str, questions.Fixed] = {"syndrome.counted": {"seen": ()}, "environment.sampled": {"positive": ()}}
"""Numbers that may be left empty, and are asked for all the same."""
SERIES = signs(
    Sign("influenza_like_illness", _("Influenza-like illness"), "virus"),
    Sign("unknown_pneumonia", _("Pneumonia of unknown cause"), "stethoscope"),
    Sign("severe_pneumonia", _("Severe pneumonia"), "stethoscope"),
    Sign("fever", _("Fever at the clinics"), "temperature"),
    Sign("fever_medicine.sold", _("Packs against fever and cough sold"), "flask"),
    Sign("environment.sampled", _("Positive samples of the environment"), "test-pipe"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One day drawn: where its bar stands and how high it is, the limit above it, and the lines behind it."""

    level: Level
    x: float
    width: float
    y: float
    height: float
    limit_y: float | None
    url: str


@dataclass(frozen=True, slots=True)
class Curve:
    """One series drawn, zero-based. `above`: the days that stand out; `top` is what the highest line stands for."""

    sign: Sign
    bars: Sequence[Bar]
    above: Sequence[Level]
    top: int
    total: int
    silent: int
    ticks: Sequence[tuple[float, str]]
    url: str

    @property
    def is_usual(self) -> bool:
        """Reported on most days, so that a day without a report says something."""
        return self.silent * 2 < len(self.bars)

    @property
    def summary(self) -> str:
        n = len(self.above)
        return ngettext("%(n)d day above its limit", "%(n)d days above their limits", n) % {"n": n}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a register in words. Who bought something is not named: that is a look, and the list is one."""

    entry: Entry
    name: str
    url: str
    said: str


@page
def trend(request: Request) -> HttpResponse:
    """The curves of an area. 403 and 404 for the area as everywhere."""
    return _show(request)


@require_POST
@page
def add(request: Request) -> HttpResponse:
    """A line of a register, of one's own unit; then the lines of that unit. 404 for what is no register."""
    kind = request.POST.get("kind", "")
    if kind not in REGISTERS:
        raise Http404
    data, form = questions.read(kind, request.POST, ALSO.get(kind))
    if not questions.is_good(form):
        return _show(request, form, status=422)
    by = request.user
    try:
        services.count(kind, f"unit:{by.unit_id}", by.area, data, by=by, id=UUID(request.POST.get("id", "")))
    except ValueError as error:
        raise Http404 from error
    except BulouError as error:
        messages.error(request, error.to(get_language() or "zh"))
    else:
        messages.success(request, gettext("On the register."))
    return HttpResponseRedirect(links.address("monitoring", ours="1"))


def _show(request: Request, answered: Form | None = None, status: int = 200) -> HttpResponse:
    area = area_asked(request, request.GET.get("area"))
    now = clock.now()
    last = timezone.localdate(now)
    first = last - timedelta(days=DAYS - 1)
    found = curves(area, first, last)
    entries = selectors.latest(area, now, LATEST)
    picker = places.picker(request.user, area, lambda code: links.address("trend", area=code))
    context = {
        "curves": found,
        "lines": _lines(entries),
        "all_url": links.address("monitoring", area=area),
        "forms": forms(answered),
        "answered": answered.kind if answered else "",
        "first": first,
        "last": last,
        "id": new_id(),
        **picker.context(),
    }
    return render(request, "desk/trend.html", context, status=status)


def curves(area: str, first: date, last: date) -> list[Curve]:
    """The series of an area that were ever counted, those that stand out first. One query."""
    start = datetime.combine(first - timedelta(days=BEFORE), time(), timezone.get_current_timezone())
    end = start + timedelta(days=(last - first).days + BEFORE + 1)
    counted: dict[str, dict[date, tuple[int, int]]] = defaultdict(dict)
    for one in selectors.counts(area, start, end):
        counted[one.key][one.day] = (one.n, one.of)
    drawn = [_curve(area, sign, levels(counted[key], first, last)) for key, sign in SERIES.items() if counted.get(key)]
    return sorted(drawn, key=lambda curve: -len(curve.above))


def forms(answered: Form | None = None) -> list[tuple[str, str, Form]]:
    """A form for each register, with its title; the one that was answered with what was entered."""
    asked = {kind: questions.form(kind, ALSO.get(kind)) for kind in REGISTERS}
    asked |= {answered.kind: answered} if answered else {}
    return [(kind, kind_title(kind), _eased(form)) for kind, form in asked.items()]


def _eased(form: Form) -> Form:
    """The form, saying which of its fields may be left empty."""
    free = ALSO.get(form.kind, {})
    return replace(form, fields=tuple(replace(one, must=one.name not in free) for one in form.fields))


def behind(area: str, key: str, first: date, last: date) -> str:
    """The list of exactly the lines that make up what a series counts from one day to another."""
    which = {"kind": key} if key in REGISTERS else {"kind": "syndrome.counted", "item": key}
    which |= {"found": "1"} if key == "environment.sampled" else {}
    return links.address("monitoring", area=area, **which, since=first.isoformat(), until=last.isoformat())


def _curve(area: str, sign: Sign, found: Sequence[Level]) -> Curve:
    top = max([1, *(level.n or 0 for level in found), *(int(level.limit or 0) + 1 for level in found)])
    picture = Scale(top)
    bars = []
    for level, span in zip(found, columns(len(found)), strict=True):
        block = picture.block(level.n or 0)
        limit = picture.y(level.limit) if level.limit is not None else None
        lines = behind(area, sign.name, level.day, level.day)
        bars.append(Bar(level, span.x, span.width, block.y, block.height, limit, lines))
    return Curve(
        sign,
        bars,
        [level for level in found if level.is_above],
        top,
        sum(level.n or 0 for level in found),
        sum(level.n is None for level in found),
        [(bar.x, f"{bar.level.day:%m-%d}") for bar in bars[::7]],
        behind(area, sign.name, found[0].day, found[-1].day),
    )


def _lines(entries: Sequence[Entry]) -> list[Line]:
    names = directory.names({entry.subject for entry in entries if not entry.subject.startswith(PERSONAL)})
    return [
        Line(
            entry,
            names.get(entry.subject) or rows.kind_word(entry.subject),
            rows.file_url(entry.subject),
            _said(entry.kind, entry.data, names),
        )
        for entry in entries
    ]


def _said(kind: str, data: Mapping[str, object], names: Mapping[str, str]) -> str:
    open_to_all = {key: value for key, value in data.items() if key != "buyer"}
    return " · ".join(f"{label} {value}" for label, value in fact_words.pairs(kind, open_to_all, names))
