"""Told once it is known how each isolation went: that its grounds run out, and what a few people say against it."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid5

from bulou.kernel.facts import Fact
from bulou.oversight.drills.synthetic.story import END, Story

DAY = timedelta(days=1)
GROUNDS = 14 * DAY
APPEALS = 0.04
"""The share of isolations somebody says something against."""
LATE, NEVER = 0.15, 0.15
"""Of those, the shares that are answered too late, and not."""
WORDS = (
    "我与该病例没有见过面，请核实",
    "家中老人无人照料，申请改为居家",
    "核酸两次阴性，请求提前解除",
    "观察天数计算有误，应从末次接触日起算",
)
ANSWERS = ("upheld", "upheld", "changed", "lifted")


def tell_afterwards(story: Story) -> None:
    """A day before the grounds of an isolation end the house says so, as it would by itself; appeals and answers."""
    for start, end in _isolations(story):
        random = story.chance.of("afterwards", start.subject, start.at)
        if (end is None or end.at > start.at + GROUNDS - DAY) and start.at + GROUNDS - DAY < END:
            story.demo.facts.append(_expiring(start))
        if random.random() < APPEALS:
            _appeal(story, start, end, random)


def _isolations(story: Story) -> list[tuple[Fact, Fact | None]]:
    """Each isolation with its end, where it has one."""
    found: list[tuple[Fact, Fact | None]] = []
    open_: dict[str, Fact] = {}
    for fact in sorted(story.demo.facts, key=lambda fact: (fact.at, fact.id)):
        if fact.kind == "isolation.started":
            open_.setdefault(fact.subject, fact)
        elif fact.kind == "isolation.ended" and fact.subject in open_:
            found.append((open_.pop(fact.subject), fact))
    return found + [(start, None) for start in open_.values()]


def _expiring(start: Fact) -> Fact:
    """With the id the house would give it (`no_miss/isolation/running_out.py`), so that it is said once."""
    ends = (start.at + GROUNDS).astimezone(UTC).isoformat()
    id = uuid5(UUID(start.id), f"isolation.expiring {ends}")
    data = {"kind": start.data.get("kind", "home"), "ends": ends}
    return Fact(str(id), "isolation.expiring", start.subject, start.area, start.at + GROUNDS - DAY, None, data)


def _appeal(story: Story, start: Fact, end: Fact | None, random: Random) -> None:
    at = start.at + timedelta(hours=random.randint(20, 200))
    last = min(end.at if end else END, END)
    by = story.owners.of("village_committee", start.area)
    filed = story.tell("appeal.filed", start.subject, start.area, at, {"reason": random.choice(WORDS)}, by=by)
    drawn = random.random()
    if filed is None or at >= last or drawn < NEVER:
        return
    wait = timedelta(hours=random.randint(80, 110) if drawn < NEVER + LATE else random.randint(3, 60))
    data = {"appeal": filed.id, "decision": random.choice(ANSWERS), "reason": "经核实，已当面告知本人（演示）"}
    owner = story.owners.of("county_command", start.area)
    story.tell("appeal.answered", start.subject, start.area, _within(at + wait), data, by=owner)


def _within(at: datetime) -> datetime:
    return min(at, END - timedelta(minutes=1))
