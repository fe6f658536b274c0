"""What screening shows: areas graded, a campaign over the district hit hardest, arrivals no community found."""

from datetime import date, datetime

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.oversight.drills.synthetic.geography import BAODI
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


def tell_screening(story: Story) -> None:
    """Grades, the campaign, and what communities say of arrivals nobody registered. Draws from a chance of its own."""
    for area, risk, day in GRADES:
        at = datetime(day.year, day.month, day.day, 8, tzinfo=SHANGHAI)
        story.tell("risk.graded", f"area:{area}", area, at, {"risk": risk, "grounds": "合成演示数据"})
    said = {
        "name": "宝坻区拉网排查（合成）",
        "days": DAYS,
        "question": "家里有没有人发热、咳嗽，有没有外地来人？",
        "clause": "GX-1.3.a",
    }
    command = story.owners.of("county_command", BAODI)
    story.tell("campaign.opened", f"area:{BAODI}", BAODI, OPENED, said, by=command)
    registered = {fact.subject for fact in story.demo.facts if fact.kind == "person.enrolled"}
    for fact in [fact for fact in story.demo.facts if _is_lost(fact, registered)]:
        random = story.chance.of("not found", fact.subject)
        if random.random() < NOT_FOUND:
            at = fact.at + story.hours(20, 22)
            owner = story.owners.of("village_committee", fact.area)
            story.tell("arrival.received", fact.subject, fact.area, at, {"outcome": "not_here"}, by=owner)


def _is_lost(fact: Fact, registered: set[str]) -> bool:
    return fact.kind == "arrival.declared" and fact.subject not in registered
