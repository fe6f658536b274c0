"""Cases: the line list, the epidemic curve, and one case."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bulou.directory import selectors as directory
from bulou.kernel import clock
from bulou.no_miss.treatment import episodes
from bulou.no_miss.treatment import selectors as treatment
from bulou.no_miss.treatment.episodes import Case, Day, Totals
from bulou.no_miss.treatment.selectors import Patient
from bulou.web import fact_words, links
from bulou.web.access import Request, page, record_look
from bulou.web.desk import files

HEADS: Sequence[tuple[str, str | Promise]] = (
    ("number", _("Case")),
    ("sex", _("Sex")),
    ("age", _("Age")),
    ("onset", _("First symptom")),
    ("confirmed", _("Confirmed")),
    ("source", _("Source of infection")),
    ("", _("Linked to")),
    ("severity", _("Severity")),
    ("area", _("Area")),
)
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


SORTS: Mapping[str, Callable[[Line], Any]] = {
    "number": lambda line: episodes.by_number(line.case),
    "sex": lambda line: line.sex,
    "age": lambda line: line.age if line.age is not None else -1,
    "onset": lambda line: line.case.onset or date.max,
    "confirmed": lambda line: line.case.confirmed or date.max,
    "source": lambda line: line.case.source,
    "severity": lambda line: SEVERITIES.index(line.case.severity) if line.case.severity in SEVERITIES else -1,
    "area": lambda line: line.case.area,
}


@page
def line_list(request: Request) -> HttpResponse:
    """Every case in the account's area, those later than the clock greyed and counted apart, and the curve."""
    cases = treatment.cases(clock.now())
    lines = _lines(cases)
    asked = _Asked.read(request)
    days = episodes.curve(cases)
    totals = episodes.totals(cases)
    context = {
        "now": clock.now(),
        "totals": totals,
        "curve": _series(days),
        "curve_summary": _summary(days, totals),
        "curve_rows": days,
        "heads": asked.heads(),
        "rows": asked.chosen(lines),
        "asked": asked,
        "switch": asked.address(others="" if asked.others else "1"),
        "severities": [(name, fact_words.option_word(name)) for name in SEVERITIES],
        "case_areas": sorted({(line.case.area[:COUNTY], line.area_name) for line in lines}),
    }
    return render(request, "desk/cases.html", context)


@page
def case(request: Request, id: UUID) -> HttpResponse:
    """One case: what is known of it, the cases it hangs on and that hang on it, its duties and facts."""
    subject = f"episode:{id}"
    cases = {one.episode: one for one in treatment.cases(clock.now())}
    found = cases.get(subject)
    if found is None:
        raise Http404
    record_look(request, subject, found.area)
    lines = {line.case.episode: line for line in _lines(list(cases.values()))}
    line = lines[subject]
    following = [(one, link) for one in cases.values() for link in one.links if link.episode == subject]
    context = files.file_context(subject) | {
        "name": line.number,
        "line": line,
        "area_name": line.area_name,
        "person_url": reverse("person", args=[found.person.partition(":")[2]]) if line.person_name else "",
        "linked_from": [_case_link(one.episode, link.relation, cases) for one, link in following],
    }
    return render(request, "desk/case.html", context)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The filters and the order in the address; a leading minus sorts downwards."""

    find: str
    severity: str
    area: str
    others: bool
    sort: str

    @classmethod
    def read(cls, request: Request) -> "_Asked":
        query = request.GET
        sort = query.get("sort", "")
        return cls(
            find=query.get("find", "").strip()[:80],
            severity=query.get("severity", "") if query.get("severity") in SEVERITIES else "",
            area=query.get("area", "")[:15],
            others=query.get("others") == "1",
            sort=sort if sort.removeprefix("-") in SORTS else "number",
        )

    def chosen(self, lines: Iterable[Line]) -> list[Line]:
        kept = [line for line in lines if self._keeps(line)]
        return sorted(kept, key=SORTS[self.sort.removeprefix("-")], reverse=self.sort.startswith("-"))

    def _keeps(self, line: Line) -> bool:
        text = f"{line.number} {line.case.source}".casefold()
        fits = (not self.severity or line.case.severity == self.severity) and line.case.area.startswith(self.area)
        return fits and line.case.is_case is not self.others and self.find.casefold() in text

    def heads(self) -> list[dict[str, Any]]:
        return [{"word": word, "sorted": self._sorted(name), "url": self._url(name)} for name, word in HEADS]

    def address(self, **changes: object) -> str:
        """The page with these filters, some changed."""
        query = {"find": self.find, "severity": self.severity, "area": self.area, "others": "1" if self.others else ""}
        return links.address("cases", **(query | {"sort": self.sort} | changes))

    def _sorted(self, name: str) -> str:
        return {name: "ascending", f"-{name}": "descending"}.get(self.sort, "") if name else ""

    def _url(self, name: str) -> str:
        if not name:
            return ""
        sort = f"-{name}" if self.sort == name else name
        return self.address(sort=sort)


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
