"""What supervision finds: told once all else is, with chances of its own, some of it left undone on purpose."""

from collections.abc import Iterable, Sequence
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
SHARE, VISITED = 0.5, 0.9
"""The share of visits that find something, and of stops somebody comes to."""
MEMBERS = ["区督查组两人", "区疾控中心一人", "街道（乡镇）一人"]
SEEN = ("值守、登记、测温均有记录（合成）", "台账与实际一致（合成）", "居家观察人员在位（合成）")
ANSWERED, LATE, SENT_BACK, CLOSED, REMINDED = 0.82, 0.12, 0.18, 0.85, 0.6
FIRST, EVERY, TIMES = datetime(2020, 2, 3, 9, tzinfo=SHANGHAI), timedelta(days=7), 3
"""Each week the team of a district comes round."""


def tell_inspecting(story: Story, seed: int) -> None:
    """Tours of the districts' supervision groups through their villages, what they found, and what came of it."""
    chance = Chance(f"{seed}/inspecting")
    told: list[Fact] = []
    for team in story.owners.all("supervision_group"):
        villages = [one for one in story.owners.all("village_committee") if one.area.startswith(team.area)]
        if len(team.area) == len("120101") and villages:
            told += _tours(chance, team, villages)
    story.demo.facts += [fact for fact in told if START <= fact.at < END]


def _tours(chance: Chance, team: Unit, villages: Sequence[Unit]) -> Iterable[Fact]:
    random, by = chance.of("tours", team.id), f"unit:{team.id}"
    for week in range(TIMES):
        at = FIRST + EVERY * week
        tour, name = str(chance.id(at)), f"第{'一二三'[week]}轮巡回督导（合成）"
        shared = {"name": name, "clause": "GX-1.2.a", "days": 7}
        yield Fact(tour, "tour.planned", f"area:{team.area}", team.area, at, by, shared | {"members": MEMBERS})
        for n, village in enumerate(villages, 1):
            stop = {"tour": tour, "n": n} | shared
            subject = f"area:{village.area}"
            yield Fact(str(chance.id(at)), "inspection.planned", subject, village.area, at, by, stop)
            if random.random() < VISITED:
                then = at + timedelta(hours=random.randint(1, 100), minutes=random.randrange(60))
                yield from _visit(chance, random, tour, then, team, village)


def _visit(chance: Chance, random: Random, tour: str, at: datetime, team: Unit, village: Unit) -> Iterable[Fact]:
    wrong = random.random() < SHARE
    words = "有问题，已登记（合成）" if wrong else random.choice(SEEN)
    said = {"clause": "GX-1.2.a", "words": words, "passed": not wrong, "tour": tour}
    subject = f"area:{village.area}"
    yield Fact(str(chance.id(at)), "inspection.made", subject, village.area, at, f"unit:{team.id}", said)
    if wrong:
        yield from _one(chance, random, tour, at + timedelta(minutes=20), team, village)


def _one(chance: Chance, random: Random, tour: str, at: datetime, team: Unit, village: Unit) -> Iterable[Fact]:
    severity, words = random.choice(WRONG)
    id = str(chance.id(at))
    finder, owner = f"unit:{team.id}", f"unit:{village.id}"
    given = {
        "clause": "GX-1.2.a",
        "within": f"PT{int(WITHIN[severity].total_seconds() // 3600)}H",
        "severity": severity,
    }
    said = given | {"words": words, "about": f"area:{village.area}", "to": owner, "tour": tour}
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
