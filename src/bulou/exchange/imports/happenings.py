"""Rows about what happened: to whom, when, and the fields of the fact. Known facts are corrected, not doubled."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection, transaction

from bulou.directory.crypto import vault
from bulou.directory.identity import read_id, read_phone
from bulou.directory.models import IdKind
from bulou.directory.scope import scope
from bulou.directory.services import Taken
from bulou.exchange.imports import naming
from bulou.exchange.imports.kinds import Kind
from bulou.exchange.imports.lines import Fate, Line
from bulou.exchange.imports.people import PeopleTaker, fate
from bulou.exchange.imports.recorded import Recorded, recorded
from bulou.exchange.imports.refusing import bad_cell
from bulou.exchange.imports.values import as_json
from bulou.kernel import clock
from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.facts import KINDS, Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.ledger.values import ValueProblem, check_values

PERSONAL = frozenset(
    [
        "name",
        "family_name",
        "given_name",
        "sex",
        "birth_date",
        "birth_year",
        "birth_month",
        "birth_day",
        "id_kind",
        "id_number",
        "phone",
        "nationality",
        "area",
        "address",
    ]
)
WHO = {"name", "family_name", "given_name", "id_number", "phone"}
"""Any of these says who it is."""
APART = {"contact.identified": ("episode",), "specimen.resulted": ("tube", "assay"), "person.enrolled": ("category",)}
"""Fields that tell two facts of one kind, subject and time apart."""
NAMESPACE = uuid5(NAMESPACE_URL, "bulou:import")
_KNOWN = """
SELECT f.subject, f.kind, f.at, f.id, f.area, f.data::text FROM fact f
WHERE f.subject = ANY(%s) AND f.kind = ANY(%s) AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id) ORDER BY f.at
"""


@dataclass(frozen=True, slots=True)
class Happening:
    """What a row says happened. Without `at` it is known by what it says alone."""

    kind: str
    subject: str
    area: str
    at: datetime | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: their area, and the unit and account facts are recorded under."""

    area: str
    unit: UUID | None = None
    account: UUID | None = None
    synthetic: bool = False


class HappeningTaker:
    """Facts of one kind; the people they are about are brought on file with them."""

    def __init__(self, kind: Kind, sender: Sender) -> None:
        self.kind = kind
        self.sender = sender
        self.people = PeopleTaker(sender.area, synthetic=sender.synthetic)
        self._recorded: dict[int, Recorded] = {}
        self._fields = [
            c.field
            for c in kind.columns
            if c.field not in PERSONAL | {"fact", "subject", "subject_name", "at", "status"}
        ]

    def ahead(self, lines: list[Line]) -> None:
        """Whom and what the lines name has to be looked up first: nothing is made ready before."""

    def prepare(self, lines: list[Line]) -> None:
        self._recorded = recorded([line for line in lines if not line.problems], self.sender.area)
        named = [line for line in lines if line.number in self._recorded]
        for line in named:
            line.key = uuid5(NAMESPACE, f"fact {line.values['fact']}")
            line.values.setdefault("status", self._recorded[line.number].kind)
        naming.resolve(named, self.kind, self.sender.area)
        self._prepare([line for line in lines if line.number not in self._recorded])

    def _prepare(self, lines: list[Line]) -> None:
        self._require(lines)
        self.people.locate(lines, required=False)
        naming.resolve(lines, self.kind, self.sender.area)
        self.people.draft([line for line in lines if not line.problems and self._brings(line)])
        self._look_up([line for line in lines if not line.problems and line.draft is None])
        for line in lines:
            if not line.problems:
                self._check(line)
                line.key = uuid5(NAMESPACE, json.dumps(self.identity(line), default=str))

    def take(self, lines: list[Line], *, apply: bool) -> list[Fate]:
        with transaction.atomic():
            new = [line for line in lines if line.number not in self._recorded]
            told = dict(zip([line.number for line in new], self._take(new), strict=True))
            told |= self._correct([line for line in lines if line.number in self._recorded])
            fates = [told[line.number] for line in lines]
            if not apply:
                transaction.set_rollback(True)
        return fates

    def _correct(self, lines: list[Line]) -> dict[int, Fate]:
        """The fates of lines that name the fact they are about: it stands, or another takes its place."""
        fates: dict[int, Fate] = {}
        facts, places = [], []
        for line in lines:
            known = self._recorded[line.number]
            given = {name: value for name, value in self.data(line).items() if name != "person"}
            kind, at = line.values["status"], line.values.get("at") or known.at
            fates[line.number] = Fate("unchanged", subject=known.subject)
            if not known.says(kind, at, given):
                fact = known.corrected(kind, at, given, f"unit:{self.sender.unit}" if self.sender.unit else None)
                facts.append(fact)
                places.append(line.number)
                shown = _difference(known.data, given)
                fates[line.number] = Fate("updated", subject=known.subject, fact=fact.id, shown=shown)
        self._record(facts, places, fates)
        return fates

    def fact_kind(self, line: Line) -> str:
        """The kind of fact a line records."""
        return self.kind.fact

    def identity(self, line: Line) -> list[Any]:
        """What tells the line's fact from every other one."""
        apart = [line.values.get(name) for name in APART.get(self.kind.fact, ())]
        return [self.fact_kind(line), self.whom(line), line.values.get("at"), *apart]

    def whom(self, line: Line) -> str:
        """Whom or what a line is about, before people have their ids."""
        return str(line.values.get("subject") or (line.draft.key if line.draft else ""))

    def happening(self, line: Line, subject: str, area: str) -> Happening:
        """What a line says happened, now that its subject is known."""
        return Happening(self.fact_kind(line), subject, area, line.values.get("at"), self.data(line))

    def data(self, line: Line) -> dict[str, Any]:
        values = line.values
        return {name.removeprefix("data."): as_json(values[name]) for name in self._fields if name in values}

    def _require(self, lines: Iterable[Line]) -> None:
        wanted = [c for c in self.kind.columns if c.required and c.field not in PERSONAL]
        for line in lines:
            told = {problem.field for problem in line.problems}
            line.problems += [
                bad_cell("required", f"缺少“{c.title.zh}”。", f"{c.title.en} is missing.", c.field)
                for c in wanted
                if c.field not in line.values and c.field not in told
            ]

    def _brings(self, line: Line) -> bool:
        """True for a line that has enough of somebody to put them on file; else whom it names is looked up."""
        values = line.values
        if values.get("subject") or "name" not in self.kind.fields:
            return False
        named = values.get("name") or values.get("family_name") or values.get("given_name")
        return bool(named and values.get("area"))

    def _look_up(self, lines: Sequence[Line]) -> None:
        """The subjects of lines that bring nobody: by id, number or phone, or by the name of a place or unit."""
        if self.kind.is_about_people:
            wanted = {line.number: _index(line) for line in lines if not line.values.get("subject")}
            found = naming.people_by_index(filter(None, wanted.values()), self.sender.area)
            for line in lines:
                if line.number in wanted:
                    _settle(line, found.get(wanted[line.number] or b"", []))
        elif "subject_name" in self.kind.fields:
            naming.name_subjects(lines, KINDS[self.kind.fact].on, self.sender.area)
        else:
            for line in lines:
                line.values["subject"] = f"area:{line.values.get('area', '')}"
        naming.place_subjects([line for line in lines if not line.problems], self.sender.area)

    def _check(self, line: Line) -> None:
        try:
            check_values(KINDS[self.fact_kind(line)], self.data(line))
        except ValueProblem as found:
            name = found.field.removeprefix("data.")
            name = f"data.{name}" if f"data.{name}" in self.kind.fields else name
            line.problems.append(bad_cell("value", f"{found.zh}。", f"{found.en}.", name))

    def _take(self, lines: list[Line]) -> list[Fate]:
        fates, subjects = self._bring(lines)
        happenings = {
            place: self.happening(line, *subjects[place]) for place, line in enumerate(lines) if place in subjects
        }
        known = _known(happenings.values(), self.sender.area)
        facts: list[Fact] = []
        places: list[int] = []
        for place, what in happenings.items():
            earlier = _earlier(what, known.get((what.subject, what.kind), ()))
            if earlier and _says(earlier[2], what.data):
                if fates[place].outcome == "created":
                    fates[place].outcome = "updated"
                fates[place].fact = None
                continue
            fact = self._fact(what, earlier)
            facts.append(fact)
            places.append(place)
            fates[place].outcome, fates[place].fact = "updated" if earlier else "created", fact.id
            if earlier:
                fates[place].shown = {**(fates[place].shown or {}), **_difference(earlier[2], what.data)}
        self._record(facts, places, fates)
        return fates

    def _bring(self, lines: list[Line]) -> tuple[list[Fate], dict[int, tuple[str, str]]]:
        """People on file, each once; a fate for each line, and subject and area of those that go on."""
        first: dict[UUID, int] = {}
        for place, line in enumerate(lines):
            if line.draft:
                first.setdefault(line.draft.key, place)
        taken: dict[UUID, Taken] = (
            dict(zip(first, self.people.bring([lines[p] for p in first.values()], apply=True), strict=True))
            if first
            else {}
        )
        fates, subjects = [], {}
        for place, line in enumerate(lines):
            if line.draft is None:
                fates.append(Fate("unchanged", subject=line.values["subject"]))
                subjects[place] = line.values["subject"], line.values["area"]
                continue
            leader = lines[first[line.draft.key]]
            one = fate(taken[line.draft.key], line.values)
            if leader is not line and line.draft.differs_from(leader.draft):
                one = Fate("rejected", problems=(_contradicts(leader.number),))
            elif leader is not line:
                one = (
                    Fate("unchanged", subject=one.subject, person=one.person, problems=one.problems)
                    if one.outcome != "rejected"
                    else one
                )
            fates.append(one)
            if one.outcome != "rejected":
                subjects[place] = one.subject, line.values["area"]
        return fates, subjects

    def _fact(self, what: Happening, earlier: "tuple[str, datetime, dict[str, Any], str] | None") -> Fact:
        by = f"unit:{self.sender.unit}" if self.sender.unit else None
        at = what.at or (earlier[1] if earlier else clock.now())
        data = {**earlier[2], **what.data} if earlier else what.data
        return Fact(str(new_id()), what.kind, what.subject, what.area, at, by, data, earlier[0] if earlier else None)

    def _record(self, facts: list[Fact], places: list[int], fates: "list[Fate] | dict[int, Fate]") -> None:
        if not facts:
            return
        receipt = ledger.record(facts, area=self.sender.area, account=self.sender.account)
        for refusal in receipt.refused:
            place = places[refusal.place]
            fates[place] = Fate("rejected", problems=(_of_the_ledger(refusal.problem),))


class CaseTaker(HappeningTaker):
    """A line list: each row a case, in the state it says."""

    def prepare(self, lines: list[Line]) -> None:
        """A line list may leave names out: such a patient goes by the number of the case."""
        for line in lines:
            if not line.values.get("fact") and line.values.get("case_no") and not WHO & line.values.keys():
                line.values["name"] = f"病例 {line.values['case_no']}"
        super().prepare(lines)

    def fact_kind(self, line: Line) -> str:
        return str(line.values["status"])

    def identity(self, line: Line) -> list[Any]:
        return [self.fact_kind(line), *self._episode(line, self.whom(line))]

    def data(self, line: Line) -> dict[str, Any]:
        data = {**super().data(line), "person": "person:00000000-0000-0000-0000-000000000000"}
        known = KINDS.fields(self.fact_kind(line))
        return {name: value for name, value in data.items() if name in known}

    def happening(self, line: Line, subject: str, area: str) -> Happening:
        episode = f"episode:{uuid5(NAMESPACE, json.dumps(self._episode(line, subject), default=str))}"
        data = self.data(line) | {"person": subject}
        return Happening(self.fact_kind(line), episode, area, line.values.get("at"), data)

    def _episode(self, line: Line, whom: str) -> list[Any]:
        """A case is its number in its city; without one, the illness of a person from a day on."""
        values = line.values
        if values.get("case_no"):
            return [values.get("disease"), values["area"][:4], values["case_no"]]
        return [values.get("disease"), whom, values.get("onset_on") or values["at"].date()]


def _index(line: Line) -> bytes | None:
    """The blind index of the number or phone a line names somebody by."""
    number, phone = line.values.get("id_number"), line.values.get("phone")
    try:
        if number:
            identity = read_id(line.values.get("id_kind") or IdKind.RESIDENT, number)
            return vault().index(identity.number, identity.kind)
        return vault().index(read_phone(phone), "phone") if phone else None
    except BulouError as error:
        line.problems += error.problems
        return None


def _settle(line: Line, found: Sequence[tuple[UUID, str]]) -> None:
    if line.problems:
        return
    if len(found) == 1:
        line.values["subject"] = f"person:{found[0][0]}"
        line.values["area"] = found[0][1]
        return
    named = line.values.get("id_number") or line.values.get("phone")
    if len(found) > 1:
        line.problems.append(
            bad_cell(
                "several",
                f"这个电话有 {len(found)} 个人。请填证件号码。",
                f"{len(found)} people have this phone. Give the ID number.",
                "phone",
            )
        )
    elif named:
        line.problems.append(
            bad_cell(
                "nobody",
                "您的属地内没有这个人的档案。请补上姓名和属地（会同时建档），或先导入人员。",
                "Nobody in your area is on file under this. Add name and area to make a file, or import people first.",
                "id_number" if line.values.get("id_number") else "phone",
            )
        )
    else:
        line.problems.append(
            bad_cell(
                "who",
                "看不出是谁：请填姓名和属地，或证件号码，或电话。",
                "Who is it? Give a name and an area, or an ID number, or a phone.",
                "name",
            )
        )


def _known(
    happenings: Iterable[Happening], area: str
) -> Mapping[tuple[str, str], list[tuple[str, datetime, dict[str, Any], str]]]:
    """The facts that count of the same subjects and kinds, by (subject, kind): id, at, data, area. One query."""
    wanted = list(happenings)
    found: dict[tuple[str, str], list[tuple[str, datetime, dict[str, Any], str]]] = {}
    with scope(area), connection.cursor() as cursor:
        cursor.execute(_KNOWN, [list({w.subject for w in wanted}), list({w.kind for w in wanted})])
        for subject, kind, at, id, where, data in cursor.fetchall():
            found.setdefault((subject, kind), []).append((str(id), at, json.loads(data), where))
    return found


def _earlier(
    what: Happening, known: Sequence[tuple[str, datetime, dict[str, Any], str]]
) -> tuple[str, datetime, dict[str, Any], str] | None:
    """The latest fact that tells of the same event."""
    apart = APART.get(what.kind, ())
    return next(
        (
            one
            for one in reversed(known)
            if (what.at is None or one[1] == what.at) and all(one[2].get(n) == what.data.get(n) for n in apart)
        ),
        None,
    )


def _says(known: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    return all(known.get(name) == value for name, value in given.items())


def _difference(known: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (known.get(name), value) for name, value in given.items() if known.get(name) != value}


def _contradicts(number: int) -> Problem:
    return bad_cell(
        "contradicts",
        f"对同一个人，这一行与第 {number} 行说法不同，没有存入。请改成一致，或删去一行。",
        f"This row says otherwise of the same person than row {number}. Make them agree, or delete one.",
        "name",
    )


def _of_the_ledger(problem: Problem) -> Problem:
    return Problem(problem.code, problem.text, problem.remedy, field=problem.field.removeprefix("data."))
