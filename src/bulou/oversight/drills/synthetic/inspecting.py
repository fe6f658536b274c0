"""What supervision finds: told once all else is, with chances of its own, some of it left undone on purpose."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.oversight.drills.synthetic.chance import Chance
from bulou.oversight.drills.synthetic.model import Unit
from bulou.oversight.drills.synthetic.people import START
from bulou.oversight.drills.synthetic.story import END, Story

WRONG = (
    ("minor", "登记簿漏填返程时间（合成）"),
    ("minor", "消毒记录缺昨日一次（合成）"),
    ("serious", "小区东门无人值守（合成）"),
    ("serious", "外来车辆未测温即放行（合成）"),
    ("serious", "居家观察人员当日只测温一次（合成）"),
    ("grave", "应隔离人员仍在外走动，社区未发现（合成）"),
)
WITHIN = {"minor": timedelta(days=3), "serious": timedelta(days=1), "grave": timedelta(hours=4)}
DONE = ("已补齐并逐条核对（合成）", "已增派两人，二十四小时值守（合成）", "已当场整改，并对全体人员再培训（合成）")
SHARE = 0.5
"""The share of villages a finding is raised in, each visit."""
ANSWERED, LATE, SENT_BACK, CLOSED, REMINDED = 0.82, 0.12, 0.18, 0.85, 0.6
FIRST, EVERY, TIMES = datetime(2020, 2, 3, 9, tzinfo=SHANGHAI), timedelta(days=7), 3
"""Each week the team of a district comes round."""


def tell_inspecting(story: Story, seed: int) -> None:
    """Findings of the districts' supervision groups in their villages, and what came of each."""
    chance = Chance(f"{seed}/inspecting")
    told = [fact for village in story.owners.all("village_committee") for fact in _found(story, chance, village)]
    story.demo.facts += [fact for fact in told if START <= fact.at < END]


def _found(story: Story, chance: Chance, village: Unit) -> Iterable[Fact]:
    team = story.owners.of("supervision_group", village.area)
    random = chance.of("findings", village.id)
    for week in range(TIMES):
        if team is None or random.random() > SHARE:
            continue
        at = FIRST + EVERY * week + timedelta(hours=random.randint(0, 100), minutes=random.randrange(60))
        yield from _one(chance, random, at, team, village)


def _one(chance: Chance, random: Random, at: datetime, team: Unit, village: Unit) -> Iterable[Fact]:
    severity, words = random.choice(WRONG)
    id = str(chance.id(at))
    finder, owner = f"unit:{team.id}", f"unit:{village.id}"
    given = {
        "clause": "GX-1.2.a",
        "within": f"PT{int(WITHIN[severity].total_seconds() // 3600)}H",
        "severity": severity,
    }
    said = given | {"words": words, "about": f"area:{village.area}", "to": owner}
    yield _fact(id, "finding.raised", id, at, village, finder, said)
    due = at + WITHIN[severity]
    if random.random() > ANSWERED:
        if random.random() < REMINDED:
            yield _next(chance, "finding.reminded", id, due + timedelta(hours=3), village, finder)
        return
    done = at + (due - at) * (random.uniform(1.1, 1.6) if random.random() < LATE else random.uniform(0.1, 0.9))
    yield _next(chance, "finding.rectified", id, done, village, owner, words=random.choice(DONE))
    if random.random() < SENT_BACK:
        back = done + timedelta(hours=random.randint(4, 30))
        yield _next(chance, "finding.returned", id, back, village, finder, words="现场复查仍未到位（合成）")
        done = back + timedelta(hours=random.randint(3, 20))
        yield _next(chance, "finding.rectified", id, done, village, owner, words=random.choice(DONE))
    if random.random() < CLOSED:
        yield _next(chance, "finding.verified", id, done + timedelta(hours=random.randint(5, 40)), village, finder)


def _next(chance: Chance, kind: str, finding: str, at: datetime, village: Unit, by: str, **said: str) -> Fact:
    return _fact(str(chance.id(at)), kind, finding, at, village, by, {"finding": finding, "clause": "GX-1.2.a"} | said)


def _fact(id: str, kind: str, finding: str, at: datetime, village: Unit, by: str, data: dict[str, str]) -> Fact:
    return Fact(id, kind, f"finding:{finding}", village.area, at.replace(microsecond=0), by, data)
