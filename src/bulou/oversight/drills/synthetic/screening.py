"""What screening shows: areas graded, a campaign over the district hit hardest, arrivals no community found."""

from datetime import date, datetime

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.oversight.drills.synthetic.geography import BAODI, CITY
from bulou.oversight.drills.synthetic.story import Story

GRADES = (
    ("42", "high", date(2020, 1, 23)),
    ("3303", "medium", date(2020, 1, 28)),
    ("4115", "medium", date(2020, 1, 29)),
)
"""Hubei, Wenzhou and Xinyang, from the day the demonstration takes them for risky."""
OPENED = datetime(2020, 2, 8, 8, tzinfo=SHANGHAI)
DAYS = 5
NOT_FOUND = 0.4
"""The share of those no community registered who are said not to be there; the rest nobody looked for."""


LISTS = ((date(2020, 1, 27), "铁路名单0127（合成）"), (date(2020, 1, 31), "铁路名单0131（合成）"))
"""Days on which a railway sent a list of who came from risky areas."""
SETTLED, FOUND = 0.75, 0.85
"""The share of people on a list whom somebody looked for, and of those the share that was found."""


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
    registered = {fact.subject for fact in story.demo.facts if fact.kind == "person.enrolled"}
    for fact in [fact for fact in story.demo.facts if _is_lost(fact, registered)]:
        random = story.chance.of("not found", fact.subject)
        if random.random() < NOT_FOUND:
            at = fact.at + story.hours(20, 22)
            owner = story.owners.of("village_committee", fact.area)
            story.tell("arrival.received", fact.subject, fact.area, at, {"outcome": "not_here"}, by=owner)


def _tell_lists(story: Story) -> None:
    """Two lists of a railway: most people on them are on the village's register, some were looked for, some never."""
    command = story.owners.of("city_command", CITY)
    came = [fact for fact in story.demo.facts if fact.kind == "arrival.declared" and fact.data.get("mode") == "rail"]
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


def _is_lost(fact: Fact, registered: set[str]) -> bool:
    return fact.kind == "arrival.declared" and fact.subject not in registered
