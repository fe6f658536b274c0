"""What screening shows: areas graded, a campaign over the district hit hardest, arrivals no community found."""

from datetime import date, datetime, timedelta
from random import Random

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.oversight.drills.synthetic.chance import Chance
from bulou.oversight.drills.synthetic.geography import BAODI, CITY
from bulou.oversight.drills.synthetic.people import START
from bulou.oversight.drills.synthetic.story import Story

GRADES = (
    ("42", "high", date(2020, 1, 23)),
    ("3303", "medium", date(2020, 1, 28)),
    ("4115", "medium", date(2020, 1, 29)),
)
"""Hubei, Wenzhou and Xinyang, from the day the demonstration takes them for risky."""
RETURNS, QUIET = 30, ("1311", "1506", "3711")
"""People who come back from Hengshui, Ordos and Rizhao."""
OPENED = datetime(2020, 2, 8, 8, tzinfo=SHANGHAI)
DAYS = 5
HANDED_OUT = 0.4
"""The share of those a community did not find that are handed out anew."""
NOT_FOUND = 0.4
"""The share of those no community registered who are said not to be there; the rest nobody looked for."""


LISTS = ((date(2020, 1, 27), "铁路名单0127（合成）"), (date(2020, 1, 31), "铁路名单0131（合成）"))
"""Days on which a railway sent a list of who came from risky areas."""
SETTLED, FOUND = 0.75, 0.85
"""The share of people on a list whom somebody looked for, and of those the share that was found."""


def tell_returns(story: Story, seed: int) -> None:
    """Residents who come back from places without cases: low risk, for their community to confirm."""
    chance = Chance(f"{seed}/returns")
    told = {fact.subject for fact in story.demo.facts} | set(story.fevers) | set(story.leaves)
    quiet = sorted((one for one in story.demo.people if one.subject not in told), key=lambda one: one.id)
    for person in chance.random.sample(quiet, min(RETURNS, len(quiet))):
        day = START.date() + timedelta(days=chance.random.randint(2, 26))
        at = datetime(
            day.year, day.month, day.day, chance.random.randint(8, 21), chance.random.randrange(60), tzinfo=SHANGHAI
        )
        data = {"from_area": chance.random.choice(QUIET), "risk": "low", "mode": "road", "source": "self"}
        fact = Fact(str(chance.id(at)), "arrival.declared", person.subject, person.area, at, None, data)
        story.demo.facts.append(fact)


def tell_screening(story: Story) -> None:
    """Grades, the campaign, and what communities say of arrivals nobody registered. Draws from a chance of its own."""
    for area, risk, day in GRADES:
        at = datetime(day.year, day.month, day.day, 8, tzinfo=SHANGHAI)
        story.tell("risk.graded", f"area:{area}", CITY, at, {"risk": risk, "grounds": "合成演示数据"})
    said = {
        "name": "宝坻区拉网排查（合成）",
        "days": DAYS,
        "question": "家里有没有人发热、咳嗽，有没有外地来人？",
        "clause": "GX-1.3.a",
    }
    command = story.owners.of("county_command", BAODI)
    story.tell("campaign.opened", f"area:{BAODI}", BAODI, OPENED, said, by=command)
    _tell_lists(story)
    answered = ("person.enrolled", "arrival.received")
    registered = {fact.subject for fact in story.demo.facts if fact.kind in answered}
    for fact in [fact for fact in story.demo.facts if _is_lost(fact, registered)]:
        random = story.chance.of("not found", fact.subject)
        if random.random() < NOT_FOUND:
            at = fact.at + story.hours(20, 22)
            owner = story.owners.of("village_committee", fact.area)
            story.tell("arrival.received", fact.subject, fact.area, at, {"outcome": "not_here"}, by=owner)
            _tell_handed_out(story, fact, at, random)


def _tell_lists(story: Story) -> None:
    """Two lists of a railway: most people on them are on the village's register, some were looked for, some never."""
    command = story.owners.of("city_command", CITY)
    came = [fact for fact in story.demo.facts if fact.kind == "arrival.declared" and fact.data.get("mode") == "rail"]
    for day, name in LISTS:
        at = datetime(day.year, day.month, day.day, 22, 40, tzinfo=SHANGHAI)
        scope = {"list": name, "category": "arrival", "scope": "day", "day": day.isoformat()}
        story.tell("listing.scoped", f"area:{CITY}", CITY, at, scope, by=command)
    for fact in came:
        name = next((name for day, name in LISTS if fact.at.date() == day), "")
        if not name:
            continue
        data = {"list": name, "category": "arrival", "source": "department"}
        at = fact.at.replace(hour=22, minute=30)
        story.tell("person.listed", fact.subject, fact.area, at, data, by=command)
        random = story.chance.of("listed", fact.subject)
        if random.random() < SETTLED:
            owner = story.owners.of("village_committee", fact.area)
            outcome = "found" if random.random() < FOUND else "not_here"
            said = {"list": name, "outcome": outcome}
            story.tell("listing.settled", fact.subject, fact.area, at + story.hours(10, 20), said, by=owner)


def _tell_handed_out(story: Story, came: Fact, said: datetime, random: Random) -> None:
    """Some of those their community did not find are handed out to another of the district, which mostly finds them."""
    others = [
        one
        for one in story.owners.all("village_committee")
        if one.area.startswith(came.area[:6]) and one.area != came.area[:12]
    ]
    if not others or random.random() > HANDED_OUT:
        return
    other, at = random.choice(others), said + timedelta(hours=random.uniform(1, 6))
    data = {"from_area": came.area, "note": "误派，电话核实后转派（合成）"}
    command = story.owners.of("county_command", came.area)
    story.tell("arrival.handed_out", came.subject, other.area, at, data, by=command)
    if random.random() < FOUND:
        then = at + timedelta(hours=random.uniform(2, 20))
        story.tell("arrival.received", came.subject, other.area, then, {"outcome": "here"}, by=other)


def _is_lost(fact: Fact, registered: set[str]) -> bool:
    return fact.kind == "arrival.declared" and fact.subject not in registered
