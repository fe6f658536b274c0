"""What people ask about their data, and what they are answered: in each district a few, one of them in vain.

Chances of its own, as in `watching.py`. Told last: it looks at who was let go and who is still isolated.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from bulou.kernel.facts import Fact
from bulou.oversight.drills.synthetic.chance import Chance
from bulou.oversight.drills.synthetic.people import START
from bulou.oversight.drills.synthetic.story import END, Story

LET_GO = (
    ("copy", "想知道登记了我哪些信息", 4, "granted", "已核对身份，复印件当面交付"),
    ("erasure", "", 8, "declined", "流行病学调查尚未结束，结束后可再次提出"),
    ("correction", "电话号码登记错了一位", 0, "", ""),
    ("erasure", "已解除隔离，请删除我的信息", 0, "", ""),
)
"""Of those let go in a district, one after the other: what they ask, in what words, after how many days it is answered
(0: nobody has), how, and with what reason."""
ISOLATED = ("erasure", "不希望长期保存我的信息", 2, "granted", "观察结束、无人再管理后即删除")
"""What one who is still isolated asks."""
FORGOTTEN = ("correction", "出生日期登记错了，请更正", 0, "", "")
"""What the first who was isolated asked, and nobody answered: in so many districts."""
FORGETFUL = 3
DISTRICT = 6
"""Digits of a district's code."""
Asked = tuple[str, str, int, str, str]


def tell_asking(story: Story, seed: int) -> None:
    """Requests about personal data, and answers."""
    chance = Chance(f"{seed}/asking")
    told = [fact for unit, asked in _who(story) for fact in _asks(chance, *asked, unit)]
    story.demo.facts += [fact for fact in told if START <= fact.at < END]


def _who(story: Story) -> Iterable[tuple[UUID, tuple[Fact, timedelta, Asked]]]:
    """Who answers; after which fact, how much later, and what is asked."""
    started, ended = _first(story, "isolation.started"), _first(story, "isolation.ended")
    for place, unit in enumerate(story.owners.all("county_command")):
        let_go = ended.get(unit.area[:DISTRICT], {})
        begun = list(started.get(unit.area[:DISTRICT], {}).values())
        still = [fact for fact in begun if fact.subject not in let_go]
        each = [
            *((fact, timedelta(days=1), asked) for fact, asked in zip(let_go.values(), LET_GO, strict=False)),
            *((fact, timedelta(hours=20), ISOLATED) for fact in still[-1:]),
            *((fact, timedelta(hours=30), FORGOTTEN) for fact in begun[: place < FORGETFUL]),
        ]
        yield from ((unit.id, one) for one in each)


def _first(story: Story, kind: str) -> dict[str, dict[str, Fact]]:
    """The first fact of a kind about each person, by district, in order of time."""
    found: dict[str, dict[str, Fact]] = {}
    for fact in sorted((one for one in story.demo.facts if one.kind == kind), key=lambda one: (one.at, one.id)):
        found.setdefault(fact.area[:DISTRICT], {}).setdefault(fact.subject, fact)
    return found


def _asks(chance: Chance, after: Fact, later: timedelta, asked: Asked, unit: UUID) -> Iterable[Fact]:
    right, words, days, decision, reason = asked
    at = (after.at + later).replace(microsecond=0)
    said = {"right": right} | ({"words": words} if words else {})
    request = _fact(chance, "rights.requested", after, at, after.subject, said)
    yield request
    if days:
        answer = {"request": request.id, "right": right, "decision": decision, "reason": reason}
        yield _fact(chance, "rights.answered", after, at + timedelta(days=days), f"unit:{unit}", answer)


def _fact(chance: Chance, kind: str, about: Fact, at: datetime, by: str, data: dict[str, str]) -> Fact:
    return Fact(str(chance.id(at)), kind, about.subject, about.area, at, by, data)
