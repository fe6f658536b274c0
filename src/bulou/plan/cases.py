"""Cases: expected outcomes a clerk can read and dispute. Facts in, duties out, and where they differ, why in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationError, ValidationInfo, field_validator

from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.facts import Fact, FactKinds
from bulou.kernel.text import Text
from bulou.plan.complaints import problems as complaints
from bulou.plan.conditions import check_value, known_field
from bulou.plan.evaluate import DutyLine, ledger
from bulou.plan.models import Plan
from bulou.plan.parameters import Bilingual, Entry, Line
from bulou.plan.rules import Rule, rules
from bulou.plan.tree import read_tree
from bulou.plan.vocabulary import BOOKKEEPING, Vocabulary, kind_in_use, known_kind, nearest, refusal

State = Literal["open", "met", "late", "missed", "void", "waived"]


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class CaseFact(Entry):
    """What happens in a case. Short ids and subjects will do; a time without an offset is the plan's local time."""

    id: Line | None = None
    kind: Line
    subject: Line = "person:a"
    area: Annotated[str, BeforeValidator(_text)] | None = None
    at: datetime
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
    opens_at: datetime
    due_at: datetime | None = None
    state: State
    discharged_by: Line | None = None


class Case(Entry):
    """One expected outcome: `expect` lists every duty there is, of `duty` or else of the whole plan."""

    name: Bilingual
    duty: Line | None = None
    now: datetime
    facts: list[CaseFact]
    expect: list[Expected]

    _place: str = PrivateAttr("")

    @property
    def place(self) -> str:
        """File and line, as errors name it."""
        return self._place


_latest: list[tuple[Plan, list[Rule]]] = []
"""The plan whose cases are being run, and its rules: compiled once, not for every case."""


def _compiled(plan: Plan) -> list[Rule]:
    if not _latest or _latest[0][0] is not plan:
        _latest[:] = [(plan, rules(plan))]
    return _latest[0][1]


@dataclass(frozen=True)
class Outcome:
    """How a case went: what differs, in words; nothing where it came out as expected."""

    case: Case
    differences: tuple[Text, ...]

    @property
    def passed(self) -> bool:
        return not self.differences


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
            found += _unknown_duties(plan, case)
        found += tree.problems
    if found:
        raise BulouError.many(found)
    return cases


def run_case(plan: Plan, case: Case) -> Outcome:
    """Evaluates a case with the reference evaluator and says what differs."""
    wanted = _full_name(plan, case.duty) if case.duty else None
    chosen = [rule for rule in _compiled(plan) if rule.id == wanted or (wanted is None and rule.plan == plan.id)]
    actual = ledger(chosen, _facts(plan, case), _instant(plan, case.now), plan.zone)
    return Outcome(case, tuple(_differences(plan, case, actual)))


def untested(plan: Plan, cases: list[Case]) -> list[str]:
    """The plan's own duties that no case names or expects."""
    named = {_full_name(plan, name) for case in cases for name in (case.duty, *(e.duty for e in case.expect)) if name}
    return [duty.duty for _, duty in plan.duties if f"{plan.id}/{duty.duty}" not in named]


def _facts(plan: Plan, case: Case) -> Iterator[Fact]:
    for number, fact in enumerate(case.facts, start=1):
        yield Fact(
            id=fact.id or f"f{number}",
            kind=fact.kind,
            subject=fact.subject,
            area=plan.area if fact.area is None else fact.area,
            at=_instant(plan, fact.at),
            by=fact.by,
            data=fact.data,
            supersedes=fact.supersedes,
        )


def _differences(plan: Plan, case: Case, actual: list[DutyLine]) -> Iterator[Text]:
    left = list(actual)
    for expected in case.expect:
        same = [line for line in left if _is_about(plan, expected, line)]
        if not same:
            when = _local(plan, expected.opens_at)
            yield Text(
                zh=f"应有 {expected.duty}，{when} 起，{expected.state}；实际没有。",
                en=f"{expected.duty} opening at {when}, {expected.state}, is expected; there is none.",
            )
            continue
        told = {line: list(_told_apart(plan, expected, line)) for line in same}
        best = min(same, key=lambda line: len(told[line]))
        left.remove(best)
        yield from told[best]
    for line in left:
        opens, due = _local(plan, line.opens_at), _local(plan, line.due_at)
        yield Text(
            zh=f"多出 {line.duty}（{line.subject}）：{opens} 起，{due} 到期，{line.state}，由 {line.opened_by} 触发。",
            en=f"{line.duty} of {line.subject} is not expected: "
            f"opens {opens}, due {due}, {line.state}, opened by {line.opened_by}.",
        )


def _is_about(plan: Plan, expected: Expected, line: DutyLine) -> bool:
    return (
        line.duty == _full_name(plan, expected.duty)
        and line.opens_at == _instant(plan, expected.opens_at)
        and expected.subject in (None, line.subject)
    )


def _told_apart(plan: Plan, expected: Expected, line: DutyLine) -> Iterator[Text]:
    """What one duty should have been and is."""
    here = f"{line.duty} {_local(plan, line.opens_at)}"
    pairs = []
    if expected.due_at is not None and _instant(plan, expected.due_at) != line.due_at:
        pairs.append(("到期", "due", _local(plan, expected.due_at), _local(plan, line.due_at)))
    if expected.state != line.state:
        pairs.append(("状态", "state", expected.state, line.state))
    if "discharged_by" in expected.model_fields_set and expected.discharged_by != line.discharged_by:
        pairs.append(("完成", "discharged by", expected.discharged_by or "–", line.discharged_by or "–"))
    for zh, en, wanted, got in pairs:
        yield Text(zh=f"{here} {zh}：应为 {wanted}，实为 {got}。", en=f"{here} {en}: expected {wanted}, found {got}.")


def _unknown_duties(plan: Plan, case: Case) -> Iterator[Problem]:
    known = [rule.id for rule in _compiled(plan)]
    for name in dict.fromkeys((*([case.duty] if case.duty else []), *(expected.duty for expected in case.expect))):
        if _full_name(plan, name) not in known:
            text = Text(zh=f"预案没有责任 {name}。", en=f"The plan has no duty {name}.")
            remedy = nearest(name, [id.removeprefix(f"{plan.id}/") for id in known])
            yield Problem("unknown_duty", text, remedy, case.place, "duty")


def _full_name(plan: Plan, duty: str) -> str:
    return duty if "/" in duty else f"{plan.id}/{duty}"


def _instant(plan: Plan, time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=plan.zone)


def _local(plan: Plan, time: datetime) -> str:
    return _instant(plan, time).astimezone(plan.zone).strftime("%Y-%m-%d %H:%M")
