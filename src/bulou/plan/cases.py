"""Cases: expected outcomes a clerk can read and dispute. Facts in, duties out; `rehearsal.py` works through them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from bulou.kernel.clock import YEARS
from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.facts import Fact, FactKinds
from bulou.kernel.text import Text
from bulou.plan.complaints import problems as complaints
from bulou.plan.conditions import check_value, known_field
from bulou.plan.models import Plan
from bulou.plan.parameters import Bilingual, Entry, Line
from bulou.plan.rules import Rule, rules
from bulou.plan.tree import Tree, read_tree
from bulou.plan.vocabulary import BOOKKEEPING, Vocabulary, kind_in_use, known_kind, nearest, refusal

State = Literal["open", "met", "late", "missed", "void", "waived"]


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _lived(time: datetime) -> datetime:
    if time.year not in YEARS:
        text = Text(
            zh=f"{time} 超出 {YEARS[0]} 至 {YEARS[-1]} 年。", en=f"{time} lies outside {YEARS[0]} to {YEARS[-1]}."
        )
        raise refusal("not_lived", text)
    return time


Time = Annotated[datetime, AfterValidator(_lived)]


class CaseFact(Entry):
    """What happens in a case. Short ids and subjects will do; a time without an offset is the plan's local time."""

    id: Line | None = None
    kind: Line
    subject: Line = "person:a"
    area: Annotated[str, BeforeValidator(_text)] | None = None
    at: Time
    by: Line | None = None
    data: dict[str, Any] = Field(default_factory=dict)
    supersedes: Line | None = None

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str, info: ValidationInfo) -> str:
        return kind if kind in BOOKKEEPING else known_kind(kind, info)

    @field_validator("subject")
    @classmethod
    def _about(cls, subject: str, info: ValidationInfo) -> str:
        if found := kind_in_use(info, "kind"):
            kinds, kind = found
            if subject.partition(":")[0] not in kinds[kind].on:
                listed = ", ".join(sorted(kinds[kind].on))
                text = Text(zh=f"{kind} 的对象应为 {listed}。", en=f"{kind} is about {listed}, not {subject}.")
                raise refusal("wrong_subject", text)
        return subject

    @field_validator("data")
    @classmethod
    def _fields(cls, data: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        if found := kind_in_use(info, "kind"):
            kinds, kind = found
            for name, value in data.items():
                shape = known_field(kinds, kind, name)
                for item in value if isinstance(value, list) else [value]:
                    if shape.number or shape.options:
                        check_value(name, item, shape)
        return data


class Expected(Entry):
    """A duty a case expects. What is left out is not compared; `discharged_by: null` says that nothing did it."""

    duty: Line
    subject: Line | None = None
    opens_at: Time
    due_at: Time | None = None
    state: State
    discharged_by: Line | None = None


class Case(Entry):
    """One expected outcome: `expect` lists every duty there is, of `duty` or else of the whole plan."""

    name: Bilingual
    duty: Line | None = None
    now: Time
    facts: list[CaseFact]
    expect: list[Expected]

    _place: str = PrivateAttr("")

    @property
    def place(self) -> str:
        """File and line, as errors name it."""
        return self._place

    def happened(self, plan: Plan) -> Iterator[Fact]:
        """Its facts, with what it leaves out filled in: short ids by place, the plan's own area."""
        for number, fact in enumerate(self.facts, start=1):
            yield Fact(
                id=fact.id or f"f{number}",
                kind=fact.kind,
                subject=fact.subject,
                area=plan.area if fact.area is None else fact.area,
                at=instant(plan, fact.at),
                by=fact.by,
                data=fact.data,
                supersedes=fact.supersedes,
            )


_latest: list[tuple[Plan, list[Rule]]] = []
"""The plan whose cases are being run, and its rules: compiled once, not for every case."""


def compiled(plan: Plan) -> list[Rule]:
    """The rules of a plan and of those it extends."""
    if not _latest or _latest[0][0] is not plan:
        _latest[:] = [(plan, rules(plan))]
    return _latest[0][1]


def read_cases(plan: Plan, *, kinds: FactKinds | None = None) -> list[Case]:
    """Every case of a plan, in the order of its files. BulouError with every problem of all of them."""
    cases: list[Case] = []
    found: list[Problem] = []
    for file in sorted((plan.path / "cases").glob("*.yaml")):
        tree = read_tree(file, f"cases/{file.name}")
        if tree.data is not None and not isinstance(tree.data, list):
            tree.complain("not_a_list", (), Text(zh="应为案例列表。", en="A list of cases is expected."))
        for index, raw in enumerate(tree.data if isinstance(tree.data, list) else []):
            try:
                case = Case.model_validate(raw, context=Vocabulary(kinds))
            except ValidationError as error:
                found += complaints(error, Case, tree, (index,))
                continue
            case._place = tree.where((index,))
            cases.append(case)
            found += [*_unknown_duties(plan, case), *_repeated_ids(tree, index, case)]
        found += tree.problems
    if found:
        raise BulouError.many(found)
    return cases


def untested(plan: Plan, cases: list[Case]) -> list[str]:
    """The plan's own duties that no case names or expects."""
    named = {full_name(plan, name) for case in cases for name in (case.duty, *(e.duty for e in case.expect)) if name}
    return [duty.duty for _, duty in plan.duties if f"{plan.id}/{duty.duty}" not in named]


def _unknown_duties(plan: Plan, case: Case) -> Iterator[Problem]:
    known = [rule.id for rule in compiled(plan)]
    for name in dict.fromkeys((*([case.duty] if case.duty else []), *(expected.duty for expected in case.expect))):
        if full_name(plan, name) not in known:
            text = Text(zh=f"预案没有责任 {name}。", en=f"The plan has no duty {name}.")
            remedy = nearest(name, [id.removeprefix(f"{plan.id}/") for id in known])
            yield Problem("unknown_duty", text, remedy, case.place, "duty")


def _repeated_ids(tree: Tree, index: int, case: Case) -> Iterator[Problem]:
    """Facts of one id that differ; one that is the same came twice."""
    known: dict[str, CaseFact] = {}
    for number, fact in enumerate(case.facts):
        id = fact.id or f"f{number + 1}"
        if known.setdefault(id, fact) != fact:
            text = Text(zh=f"另一条事实的编号已是 {id}。", en=f"Another fact has the id {id}.")
            remedy = Text(
                zh="另取编号；没写编号的，第几条即 f 几。", en="Take another; a fact without one is f and its place."
            )
            yield Problem("repeated_fact", text, remedy, tree.where((index, "facts", number)), "id")


def full_name(plan: Plan, duty: str) -> str:
    """`plan/duty`, of a duty's name in a case."""
    return duty if "/" in duty else f"{plan.id}/{duty}"


def instant(plan: Plan, time: datetime) -> datetime:
    """A time of a case; without an offset, in the plan's zone."""
    return time if time.tzinfo else time.replace(tzinfo=plan.zone)
