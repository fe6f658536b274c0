"""Discharging what is owed: every duty the reference evaluator finds open is done, done late or left, to a fixpoint."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from bulou.kernel.facts import LEVEL_SET, WAIVED, Fact, FactKinds
from bulou.oversight.drills.synthetic.answers import Question, answer
from bulou.oversight.drills.synthetic.chance import within
from bulou.oversight.drills.synthetic.diligence import Care, after, care
from bulou.oversight.drills.synthetic.followers import close, follow
from bulou.oversight.drills.synthetic.model import Unit
from bulou.oversight.drills.synthetic.story import END, Story
from bulou.plan.evaluate import DutyLine, ledger
from bulou.plan.matching import matches
from bulou.plan.rules import Rule

IN_HOSPITAL = frozenset({"visit.concluded", "fever_clinic.visited", "guidance.given"})
"""What is still done for a person who has left for hospital."""
UNDONE = ("open", "missed", "late")
"""States in which a duty may still be done in time: it may be late only because something else came later."""
WAIVED_SHARE = 0.02
ROUNDS = 40
"""More rounds than any chain of duties is long; a plan that asks for ever more is cut off here."""


Fresh = dict[str, set[str]]
"""Subjects with the kinds of fact newly told of them."""


def discharge(story: Story, rules: Sequence[Rule], kinds: FactKinds) -> None:
    """Bring about the facts that the duties of `rules` ask for, and what follows from those, until nothing is new.

    What happens once comes first, so that a stay has its end before its daily duties are counted.
    """
    once = [rule for rule in rules if _happens_once(rule)]
    recurring = [rule for rule in rules if not _happens_once(rule)]
    work = _Work(story, kinds)
    told = 0
    waiting: Fresh = {}
    for _ in range(ROUNDS):
        fresh = story.demo.facts[told:]
        told = len(story.demo.facts)
        for fact in fresh:
            work.take(fact)
            follow(story, fact)
            waiting.setdefault(fact.subject, set()).add(fact.kind)
        if fresh:
            work.discharge(_kinds(fresh), once)
        elif not close(story) and waiting:
            work.discharge(waiting, recurring)
            waiting = {}
        elif told == len(story.demo.facts):
            return


def _kinds(facts: Iterable[Fact]) -> Fresh:
    found: Fresh = {}
    for fact in facts:
        found.setdefault(fact.subject, set()).add(fact.kind)
    return found


def _openers(rule: Rule) -> tuple[str, ...]:
    """The kinds of fact that can make a duty of the rule arise: an ending lets a later opening count."""
    return (rule.when.kind, rule.until.kind) if rule.until else (rule.when.kind,)


def _happens_once(rule: Rule) -> bool:
    """True for a one-off, and for a duty of certain days only."""
    return all(variant.within is not None or variant.on for variant in rule.variants)


@dataclass(slots=True)
class _Work:
    story: Story
    kinds: FactKinds
    by_subject: dict[str, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    levels: list[Fact] = field(default_factory=list)
    decided: set[tuple[str, str, datetime]] = field(default_factory=set)

    def take(self, fact: Fact) -> None:
        if fact.kind == LEVEL_SET:
            self.levels.append(fact)
        self.by_subject[fact.subject].append(fact)

    def discharge(self, fresh: Fresh, rules: Sequence[Rule]) -> None:
        """Decide the duties of these rules that fresh facts opened and that are not yet met."""
        for subject, kinds in fresh.items():
            facts = self.by_subject[subject]
            levels = [fact for fact in self.levels if fact.subject != subject]
            concerned = {rule.id: rule for rule in rules if not kinds.isdisjoint(_openers(rule))}
            told: list[Fact] = []
            lines = ledger(concerned.values(), [*facts, *levels], END) if concerned else []
            for line in sorted(lines, key=lambda line: (line.due_at, line.duty)):
                if line.subject == subject and line.state in UNDONE and self._undecided(line):
                    rule = concerned[line.duty]
                    if not _done_already(rule, line, told) and (fact := self._do(rule, line)):
                        told.append(fact)

    def _undecided(self, line: DutyLine) -> bool:
        """True the first time a duty is met with."""
        before = len(self.decided)
        self.decided.add((line.duty, line.subject, line.opens_at))
        return len(self.decided) > before

    def _do(self, rule: Rule, line: DutyLine) -> Fact | None:
        story = self.story
        owner = story.owners.of(rule.role, line.area)
        how, random = care(story.chance, line, rule.no_miss, owned=owner is not None)
        if how is Care.LEFT:
            self._waive(line, owner, random)
            return None
        late = how is Care.LATE
        at = after(random, line, _grace(rule)) if late else within(random, line.opens_at, line.due_at)
        at = max(at, min(line.opens_at + timedelta(minutes=1), line.due_at))
        leaves = story.leaves.get(line.subject, END)
        if at >= leaves and rule.must.kind not in IN_HOSPITAL:
            if line.opens_at >= leaves:
                return None
            at = line.opens_at + (leaves - line.opens_at) * random.random()
        question = Question(rule.must.kind, line.subject, line.area, at, owner, random)
        data = answer(story, self.kinds, rule.must, question)
        return story.tell(rule.must.kind, line.subject, line.area, at, data, by=owner)

    def _waive(self, line: DutyLine, owner: Unit | None, random: Random) -> None:
        """Let off one in fifty of the duties that are left: the owner asks, the district's command post agrees."""
        approver = self.story.owners.of("county_command", line.area)
        if owner is None or approver is None or approver == owner or random.random() > WAIVED_SHARE:
            return
        data = {
            "duty": line.duty,
            "opens_at": line.opens_at.isoformat(),
            "reason": random.choice(("本人已在外地由当地管理", "当日设备故障，次日补测正常", "已由上级单位代为完成")),
            "approved_by": f"unit:{approver.id}",
        }
        at = line.due_at + timedelta(minutes=random.randint(20, 300))
        self.story.tell(WAIVED, line.subject, line.area, at, data, by=owner)


def _done_already(rule: Rule, line: DutyLine, told: Iterable[Fact]) -> bool:
    """True where a fact told a moment ago for another duty of the subject discharges this one too."""
    return any(line.opens_at <= f.at <= line.due_at and matches(rule.must, f, rule.zone) for f in told)


def _grace(rule: Rule) -> timedelta | None:
    """How late a recurring duty may still be done; None for a one-off, which may always be."""
    variant = rule.variants[0]
    return None if variant.within is not None else variant.late
