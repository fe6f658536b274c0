"""What is doubtful about a plan: it can be used, and yet something in it can hardly be meant."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

from bulou.kernel.errors import Problem
from bulou.kernel.facts import FactKinds
from bulou.kernel.text import Text
from bulou.plan.models import SCREENS, Clause, Duty, Plan
from bulou.plan.parameters import references
from bulou.plan.possible import exclusive, implies, impossible
from bulou.plan.recording import unaskable
from bulou.plan.rules import Rule, Trigger, rule_of, trigger_of

Guarded = tuple[Clause, str, Trigger]
"""A clause, the act it guards, and one thing it requires."""


def doubts(plan: Plan, kinds: FactKinds | None = None) -> Iterator[Problem]:
    """Everything doubtful about the plan's own clauses; what hangs on fact kinds only where these are given."""
    own = [(duty, rule_of(plan, clause, duty)) for clause, duty in plan.duties]
    for duty, rule in own:
        yield from _pointless(duty)
        if kinds is not None:
            yield from _never(duty.place, duty.duty, (rule.when, rule.until, rule.must), kinds)
            yield from _nobody(duty, rule, kinds)
    yield from _loops(own)
    yield from _guards(plan, kinds)
    yield from _shown(plan)
    yield from _unused(plan)


def _pointless(duty: Duty) -> Iterator[Problem]:
    name = duty.duty
    if duty.every and not duty.until:
        yield _doubt(
            ("endless", duty.place),
            (f"{name} 没有 until，永远重复。", f"{name} has no until and recurs for ever."),
            ("若非本意，请写 until。", "Give it an until unless that is meant."),
        )
    if duty.within and duty.must.fact == duty.when.fact and duty.must.where in ({}, duty.when.where):
        yield _doubt(
            ("done_by_its_opening", duty.place),
            (f"{name} 由触发它的事实当即完成。", f"{name} is done by the very fact that opens it."),
            ("请区分 when 与 must。", "Tell when and must apart."),
        )


def _never(place: str, name: str, triggers: tuple[Trigger | None, ...], kinds: FactKinds) -> Iterator[Problem]:
    """Conditions that no fact of the kind can satisfy."""
    for trigger in dict.fromkeys(filter(None, triggers)):
        for field in impossible(trigger, kinds):
            kind = trigger.kind
            yield _doubt(
                ("never_matches", place),
                (
                    f"{name}：{kind} 的 {field} 不可能满足所写的条件。",
                    f"{name}: no {kind} can have a {field} as its conditions ask.",
                ),
                ("请核对比较的数值和方向。", "Check the values and which way they are compared."),
            )


def _nobody(duty: Duty, rule: Rule, kinds: FactKinds) -> Iterator[Problem]:
    """Duties nobody can discharge, or that nothing can end."""
    name, when, must = duty.duty, rule.when.kind, rule.must.kind
    opened, done = kinds[when].on, kinds[must].on
    if not opened & done:
        yield _doubt(
            ("nobody_can_do_it", duty.place),
            (
                f"{name} 无人能完成：{when} 的对象是 {_listed(opened)}，{must} 的对象是 {_listed(done)}。",
                f"{name} cannot be done: {when} is about {_listed(opened)}, {must} about {_listed(done)}.",
            ),
            ("when 与 must 要能说同一对象。", "when and must have to be about the same subject."),
        )
    if rule.until and not opened & kinds[rule.until.kind].on:
        until = rule.until.kind
        yield _doubt(
            ("never_ended", duty.place),
            (
                f"{name}：{until} 从不涉及 {_listed(opened)}，不会结束它。",
                f"{name}: {until} is never about {_listed(opened)} and will not end it.",
            ),
            ("请另选 until。", "Choose another until."),
        )
    if fields := ", ".join(unaskable(rule.must, kinds)):
        yield _doubt(
            ("no_form", duty.place),
            (
                f"{name}：清单上填不了 {must} 必填的 {fields}，没有页面能录入。",
                f"{name}: no list can ask for {fields}, which every {must} has; no screen records it.",
            ),
            ("请用 where 写明，或另选 must。", "Say with where what it holds, or choose another must."),
        )


def _loops(own: list[tuple[Duty, Rule]]) -> Iterator[Problem]:
    """Chains in which doing each duty opens the next, and doing the last opens the first again, without end."""
    places = {rule.id: duty.place for duty, rule in own}
    endless = [rule for _, rule in own if not rule.has_until]
    opens = {
        rule.id: [other.id for other in endless if other.id != rule.id and implies(rule.must, other.when)]
        for _, rule in own
    }
    told: set[frozenset[str]] = set()
    for start in opens:
        ring = _way_back(start, opens)
        if ring and frozenset(ring) not in told:
            told.add(frozenset(ring))
            way = " → ".join(name.partition("/")[2] for name in (*ring, start))
            yield _doubt(
                ("loop", places[start]),
                (f"完成一项即触发下一项，没有尽头：{way}。", f"Doing one opens the next, without end: {way}."),
                ("给其中一项写 until，或缩小 when。", "Give one of them an until, or narrow its when."),
            )


def _way_back(start: str, steps: Mapping[str, list[str]]) -> list[str]:
    """The shortest way from a place back to it, without the return; empty where there is none."""
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop(0)
        for step in steps.get(way[-1], []):
            if step == start:
                return way
            if step not in seen:
                seen.add(step)
                ways.append([*way, step])
    return []


def _guards(plan: Plan, kinds: FactKinds | None) -> Iterator[Problem]:
    """Acts whose requirements cannot be, wait for each other, or exclude each other."""
    family = [guarded for member in plan.family for guarded in _guarded(member)]
    needs: dict[str, list[str]] = defaultdict(list)
    for _, act, need in family:
        needs[act].append(need.kind)
    for clause, act, need in _guarded(plan):
        if kinds is not None:
            yield from _never(clause.place, clause.clause, (need,), kinds)
        if act in (need.kind, *needs.get(need.kind, [])):
            yield _doubt(
                ("guard_waits_for_itself", clause.place),
                (
                    f"{act} 要先有 {need.kind}，后者又要先有 {act}。",
                    f"{act} waits for {need.kind}, and that for {act}.",
                ),
                ("请去掉其中一项要求。", "Drop one of the requirements."),
            )
    for (one, act, need), (other, other_act, other_need) in combinations(family, 2):
        if kinds and act == other_act and other in plan.clauses and exclusive(need, other_need, kinds):
            pair = f"{one.clause}, {other.clause}"
            yield _doubt(
                ("guards_exclude_each_other", other.place),
                (
                    f"{pair}：{act} 要求的 {need.kind} 互相排斥，没有一条能同时满足。",
                    f"{pair}: {act} asks for {need.kind} in ways that exclude each other; none meets both.",
                ),
                ("请统一两处的条件。", "Make the two conditions agree."),
            )


def _guarded(plan: Plan) -> Iterator[Guarded]:
    for clause in plan.clauses:
        if clause.guard:
            for need in clause.guard.requires:
                yield clause, clause.guard.act, trigger_of(need, plan.scope)


def _shown(plan: Plan) -> Iterator[Problem]:
    """Screens nobody owes, and debts that are paid."""
    for clause in plan.clauses:
        for show in clause.shows:
            name, there = f"{clause.clause}: {show.screen}", show.screen in SCREENS
            if not there and not show.room:
                yield _doubt(
                    ("nobody_owes_screen", clause.place),
                    (f"{name} 还没有这个页面，也没写由谁建。", f"{name} is not there yet, and no room owes it."),
                    ("请写 room，或改用已有页面。", "Name the room that will build it, or a screen that exists."),
                )
            if there and show.room:
                yield _doubt(
                    ("screen_is_there", clause.place),
                    (f"{name} 已经有了，不再由 {show.room} 待建。", f"{name} is there; {show.room} no longer owes it."),
                    ("请删去 room。", "Drop the room."),
                )


def _unused(plan: Plan) -> Iterator[Problem]:
    used = references([clause.model_dump() for clause in plan.clauses])
    for name in plan.parameters:
        if name not in used:
            text = Text(zh=f"没有条款用到参数 {name}。", en=f"No clause uses the parameter {name}.")
            yield Problem("unused_parameter", text, None, "parameters.yaml", name)


def _listed(subjects: frozenset[str]) -> str:
    return ", ".join(sorted(subjects))


def _doubt(what: tuple[str, str], said: tuple[str, str], remedy: tuple[str, str]) -> Problem:
    """A problem of a code at a place, with its text and remedy in Chinese and English."""
    return Problem(what[0], Text(zh=said[0], en=said[1]), Text(zh=remedy[0], en=remedy[1]), what[1])
