"""Cases: the line list, the epidemic curve, and one case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bulou.directory import selectors as directory
from bulou.directory.purposes import purpose_of
from bulou.kernel import clock
from bulou.ledger import selectors as ledger
from bulou.no_miss.treatment import episodes
from bulou.no_miss.treatment import selectors as treatment
from bulou.no_miss.treatment.episodes import Case, Day, Totals
from bulou.no_miss.treatment.selectors import Patient
from bulou.web import fact_words
from bulou.web.access import Request, page
from bulou.web.desk import files
from bulou.web.lists import views
from bulou.web.lists.asked import Asked
from bulou.web.lists.spec import PAGE, Column, Filter, List, Page, Word, options, register
from bulou.web.looking import OF_CASES, look

COUNTY = 6
"""A case is shown at its county: the first digits of its area."""
SEVERITIES = ("mild", "moderate", "severe", "critical")


@dataclass(frozen=True, slots=True)
class CaseLink:
    """Another case this one hangs on, or that hangs on it."""

    url: str
    number: str
    relation: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the line list, in words."""

    case: Case
    number: str
    url: str
    person_name: str
    sex: str
    age: int | None
    severity: str
    status: str
    area_name: str
    links: tuple[CaseLink, ...]


def _severity(line: Line) -> int | None:
    return SEVERITIES.index(line.case.severity) if line.case.severity in SEVERITIES else None


def _severities() -> list[tuple[str, Word, str]]:
    return options((name, fact_words.option_word(name)) for name in SEVERITIES)


CELL = "lists/cells/case_{}.html".format
COLUMNS = (
    Column(
        "number",
        _("Case"),
        CELL("number"),
        lambda line: line.number,
        sort=lambda line: episodes.by_number(line.case),
        fixed=True,
        css="lead",
    ),
    Column("sex", _("Sex"), CELL("sex"), lambda line: line.sex, sort=True),
    Column("age", _("Age"), CELL("age"), lambda line: line.age, sort=True),
    Column(
        "onset",
        _("First symptom"),
        CELL("onset"),
        lambda line: line.case.onset,
        sort=True,
        css="nowrap",
    ),
    Column(
        "confirmed",
        _("Confirmed"),
        CELL("confirmed"),
        lambda line: line.case.confirmed,
        sort=True,
        css="nowrap",
    ),
    Column(
        "source",
        _("Source of infection"),
        CELL("source"),
        lambda line: line.case.source,
        sort=True,
    ),
    Column(
        "links",
        _("Linked to"),
        CELL("links"),
        lambda line: " ".join(link.number for link in line.links),
        css="bare",
    ),
    Column("severity", _("Severity"), CELL("severity"), lambda line: line.severity, sort=_severity, css="nowrap"),
    Column(
        "area", _("Area"), CELL("area"), lambda line: line.area_name, sort=lambda line: line.case.area, css="nowrap"
    ),
)
CASES = register(
    List(
        name="cases",
        title=_("Cases"),
        columns=COLUMNS,
        read=lambda asked, account, after, limit: _page(asked, _lines(treatment.cases(clock.now())), after, limit),
        key=lambda line: line.case.episode,
        more=(
            Column("name", _("Name"), "", lambda line: line.person_name),
            Column("status", _("Status"), "", lambda line: line.status),
        ),
        personal=lambda line: True,
        filters=(
            Filter("find", _("Find"), help=_("Case number or source")),
            Filter("severity", _("Severity"), "choice", _severities, all_word=_("Every severity")),
            Filter("area", _("Area"), "hidden", icon="map-pin"),
            Filter("others", _("Suspected or excluded"), "hidden"),
        ),
        native=("number", *(f"{sign}{column.name}" for column in COLUMNS if column.sort for sign in ("", "-"))),
        css="case-rows",
        row_css=lambda line: "later" if line.case.later else "",
        empty=_("No case answers to this filter"),
    )
)


@page
def line_list(request: Request) -> HttpResponse:
    """Every case in the account's area, those later than the clock greyed and counted apart, and the curve."""
    cases = treatment.cases(clock.now())
    lines = _lines(cases)
    asked = views.read(request, CASES)
    days = episodes.curve(cases)
    totals = episodes.totals(cases)
    more = {
        "now": clock.now(),
        "totals": totals,
        "curve": _series(days),
        "curve_summary": _summary(days, totals),
        "curve_rows": days,
        "others": asked.values["others"],
        "switch": asked.address(others="" if asked.values["others"] else "1"),
        "case_areas": sorted({(line.case.area[:COUNTY], line.area_name) for line in lines}),
    }
    found = _page(asked, lines, asked.after, PAGE)
    return views.show(request, asked, "desk/cases.html", found=found, **more)


def _page(asked: Asked, lines: Iterable[Line], after: str, limit: int) -> Page:
    """The lines that answer, in the order asked for; `after` is how many went before."""
    values = asked.values
    find, severity, others = values["find"].casefold(), values["severity"], bool(values["others"])

    def keeps(line: Line) -> bool:
        fits = (not severity or line.case.severity == severity) and line.case.area.startswith(values["area"])
        text = f"{line.number} {line.case.source}".casefold()
        return fits and line.case.is_case is not others and find in text

    kept = replace(asked, sort=asked.sort or "number").sorted([line for line in lines if keeps(line)])
    start = int(after) if after.isdecimal() and len(after) < 7 else 0
    return Page(kept[start : start + limit], str(start + limit) if len(kept) > start + limit else None)


@page
def case(request: Request, id: UUID) -> HttpResponse:
    """One case: what is known of it, the cases it hangs on and that hang on it, its duties and facts."""
    subject = f"episode:{id}"
    cases = {one.episode: one for one in treatment.cases(clock.now())}
    found = cases.get(subject)
    if found is None:
        raise Http404
    duties = ledger.duties_of(subject)
    ours = not found.outcome and purpose_of(request.user.role) in OF_CASES
    if asked := look(request, subject, found.area, duties, is_live=ours):
        return asked
    lines = {line.case.episode: line for line in _lines(list(cases.values()))}
    line = lines[subject]
    following = [(one, link) for one in cases.values() for link in one.links if link.episode == subject]
    context = files.file_context(subject, known=duties) | {
        "name": line.number,
        "line": line,
        "area_name": line.area_name,
        "person_url": reverse("person", args=[found.person.partition(":")[2]]) if line.person_name else "",
        "linked_from": [_case_link(one.episode, link.relation, cases) for one, link in following],
    }
    return render(request, "desk/case.html", context)


def _lines(cases: Sequence[Case]) -> list[Line]:
    """Every case in words: two queries, for the people and for the areas."""
    by_episode = {one.episode: one for one in cases}
    patients = treatment.patients(cases)
    areas = directory.area_names({one.area[:COUNTY] for one in cases})
    today = timezone.localdate(clock.now())
    return [_line(one, by_episode, patients.get(one.person), areas, today) for one in cases]


def _line(
    case: Case, cases: Mapping[str, Case], patient: Patient | None, areas: Mapping[str, str], today: date
) -> Line:
    return Line(
        case=case,
        number=_number(case),
        url=_url(case.episode),
        person_name=patient.name if patient else "",
        sex=fact_words.option_word(patient.sex) if patient else "",
        age=patient.age(today) if patient else None,
        severity=fact_words.option_word(case.severity) if case.severity else "",
        status=fact_words.option_word(case.outcome or case.status),
        area_name=areas.get(case.area[:COUNTY], case.area),
        links=tuple(_case_link(link.episode, link.relation, cases) for link in case.links if link.episode in cases),
    )


def _case_link(episode: str, relation: str, cases: Mapping[str, Case]) -> CaseLink:
    return CaseLink(_url(episode), _number(cases[episode]), fact_words.said(relation, {}))


def _number(case: Case) -> str:
    return case.number or gettext("no number yet")


def _url(episode: str) -> str:
    return reverse("case", args=[episode.partition(":")[2]])


def _series(days: Sequence[Day]) -> dict[str, Any]:
    """What the chart draws."""
    today = timezone.localdate(clock.now()).isoformat()
    labels = [day.day.isoformat() for day in days]
    return {
        "days": labels,
        "onset": [day.onset for day in days],
        "confirmed": [day.confirmed for day in days],
        "now": today if today in labels else None,
        "names": {"onset": gettext("First symptom"), "confirmed": gettext("Confirmed"), "now": gettext("now")},
    }


def _summary(days: Sequence[Day], totals: Totals) -> str:
    """The curve in one sentence, for those who do not see it."""
    if not days:
        return gettext("No cases yet.")
    peak = max(days, key=lambda day: day.confirmed)
    wording = gettext("%(n)d confirmed from %(first)s to %(last)s; most, %(most)d, on %(peak)s.")
    ends = {"first": days[0].day.isoformat(), "last": days[-1].day.isoformat(), "peak": peak.day.isoformat()}
    return wording % {"n": totals.confirmed, "most": peak.confirmed, **ends}
