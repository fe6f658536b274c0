"""Working through the cases of a plan on any engine, and saying in words where the outcome is another.

An engine with a fixed cost a run is given many cases at once: those that look from one instant, each in a country of
its own, so that no fact of one bears on another.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bulou.kernel.facts import Fact
from bulou.kernel.text import Text
from bulou.plan.cases import Case, Expected, compiled, full_name, instant
from bulou.plan.evaluate import DutyLine, ledger
from bulou.plan.models import Plan
from bulou.plan.rules import Rule

Replay = Callable[[Sequence[Rule], Iterable[Fact], datetime], Iterable[DutyLine]]
"""An engine: rules, facts and an instant in, the duties listed then out."""


@dataclass(frozen=True)
class Outcome:
    """How a case went: what differs, in words; nothing where it came out as expected."""

    case: Case
    differences: tuple[Text, ...]

    @property
    def passed(self) -> bool:
        return not self.differences


def run_case(plan: Plan, case: Case) -> Outcome:
    """Evaluates a case with the reference evaluator and says what differs."""
    chosen = [rule for rule in compiled(plan) if _asks_about(plan, case, rule.id)]
    return judge(plan, case, ledger(chosen, case.happened(plan), instant(plan, case.now), plan.zone))


def rehearse(plan: Plan, cases: Sequence[Case], replay: Replay) -> list[Outcome]:
    """Evaluates all cases with an engine: one replay for each instant they look from, by the rules they ask about."""
    at: dict[datetime, list[int]] = defaultdict(list)
    for number, case in enumerate(cases):
        at[instant(plan, case.now).astimezone(UTC)].append(number)
    found: dict[int, list[DutyLine]] = defaultdict(list)
    for now, numbers in sorted(at.items()):
        here = [cases[number] for number in numbers]
        asked = [rule for rule in compiled(plan) if any(_asks_about(plan, case, rule.id) for case in here)]
        facts = [apart(number, fact) for number in numbers for fact in cases[number].happened(plan)]
        for line in replay(asked, facts, now):
            number, own = together(line)
            if _asks_about(plan, cases[number], own.duty):
                found[number].append(own)
    return [judge(plan, case, found[number]) for number, case in enumerate(cases)]


def apart(number: int, fact: Fact) -> Fact:
    """A fact of a numbered case, in that case's own country.

    Id, subject and area begin with the number, which is as long for every case: so ids keep their order, and areas what
    they contain.
    """
    mark = f"{number:06}"
    kind, _, name = fact.subject.partition(":")
    return replace(
        fact,
        id=mark + fact.id,
        subject=f"{kind}:{mark}{name}",
        area=mark + fact.area,
        supersedes=fact.supersedes and mark + fact.supersedes,
    )


def together(line: DutyLine) -> tuple[int, DutyLine]:
    """The number of the case a duty belongs to, and the duty as that case names it: undoes `apart`."""
    kind, _, name = line.subject.partition(":")
    own = replace(
        line,
        subject=f"{kind}:{name[6:]}",
        area=line.area[6:],
        opened_by=line.opened_by[6:],
        discharged_by=line.discharged_by and line.discharged_by[6:],
    )
    return int(name[:6]), own


def judge(plan: Plan, case: Case, lines: Iterable[DutyLine]) -> Outcome:
    """What the duties an engine found say against those the case expects."""
    return Outcome(case, tuple(_differences(plan, case, lines)))


def _asks_about(plan: Plan, case: Case, rule: str) -> bool:
    """True for the duty the case names; where it names none, for every duty of the plan's own."""
    return rule == full_name(plan, case.duty) if case.duty else rule.startswith(f"{plan.id}/")


def _differences(plan: Plan, case: Case, lines: Iterable[DutyLine]) -> Iterator[Text]:
    left = list(lines)
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
        line.duty == full_name(plan, expected.duty)
        and line.opens_at == instant(plan, expected.opens_at)
        and expected.subject in (None, line.subject)
    )


def _told_apart(plan: Plan, expected: Expected, line: DutyLine) -> Iterator[Text]:
    """What one duty should have been and is."""
    here = f"{line.duty} {_local(plan, line.opens_at)}"
    pairs = []
    if expected.due_at is not None and instant(plan, expected.due_at) != line.due_at:
        pairs.append(("到期", "due", _local(plan, expected.due_at), _local(plan, line.due_at)))
    if expected.state != line.state:
        pairs.append(("状态", "state", expected.state, line.state))
    if "discharged_by" in expected.model_fields_set and expected.discharged_by != line.discharged_by:
        pairs.append(("完成", "discharged by", expected.discharged_by or "–", line.discharged_by or "–"))
    for zh, en, wanted, got in pairs:
        yield Text(zh=f"{here} {zh}：应为 {wanted}，实为 {got}。", en=f"{here} {en}: expected {wanted}, found {got}.")


def _local(plan: Plan, time: datetime) -> str:
    return instant(plan, time).astimezone(plan.zone).strftime("%Y-%m-%d %H:%M")
