"""What happens to needs after they are taken up, and the registers of monitoring: told once all else is.

Everything has chances of its own, so that the rest of the demonstration is the same with and without it. Some of it is
wrong on purpose: help that came and nobody confirmed, help that did not come, sales and pneumonias that climb.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.oversight.drills.synthetic.chance import Chance
from bulou.oversight.drills.synthetic.model import Person, Place, Unit
from bulou.oversight.drills.synthetic.people import START
from bulou.oversight.drills.synthetic.story import END, Story

BROUGHT, CONFIRMED, DENIED = 0.9, 0.72, 0.1
"""Shares of what was taken up, and of what was brought."""
WORDS = {
    "food": "家里两口人，需要米和青菜",
    "medicine": "降压药只够两天",
    "rubbish": "垃圾三天没有收",
    "police": "楼上有人外出",
}
HELPERS = 2
SKILLS = ("有车，可代购送药", "社区医生退休", "会手语", "心理咨询师", "住在本院，随叫随到")
CALLS = (
    ("information", "问小区什么时候解除管理"),
    ("psychological", "隔离第八天，睡不着"),
    ("complaint", "反映楼道没有消毒"),
    ("medicine", "问慢性病药怎么配"),
    ("tip_off", "反映有人从外地回来没登记"),
)
FIRST, DAYS = START + timedelta(days=4), 38
PEAK = 17
"""The day on which most people with a cough were about: early February."""
Told = list[Fact]


def tell_watching(story: Story, seed: int) -> None:
    """Deliveries and confirmations, sales of fever medicine, counts of syndromes, samples of the environment."""
    chance = Chance(f"{seed}/watching")
    told: Told = [*_needs(story, chance), *_counts(story, chance), *_sales(story, chance), *_samples(story, chance)]
    told += [*_volunteers(story, chance), *_calls(story, chance)]
    story.demo.facts += [fact for fact in told if START <= fact.at < END]


def _fact(
    chance: Chance, kind: str, about: Fact | Place | Unit | Person, at: datetime, by: str | None, **data: object
) -> Fact:
    subject = about.subject if isinstance(about, Fact | Place | Person) else f"unit:{about.id}"
    at = at.replace(microsecond=0)
    return Fact(str(chance.id(at)), kind, subject, about.area, at, by, {k: v for k, v in data.items() if v is not None})


def _needs(story: Story, chance: Chance) -> Iterable[Fact]:
    """What came of each need that was taken up; and what the person said in asking."""
    facts = story.demo.facts
    for place, fact in enumerate(facts):
        if fact.kind == "help.requested" and fact.subject.startswith("person:"):
            facts[place] = replace(fact, data={"words": WORDS.get(str(fact.data["need"]), "请联系我"), **fact.data})
    asked = sorted((fact for fact in facts if fact.kind == "help.requested"), key=lambda fact: (fact.at, fact.id))
    requests = {(fact.subject, fact.data.get("need")): fact for fact in asked}
    for fact in [fact for fact in facts if fact.kind == "help.answered"]:
        request = requests.get((fact.subject, fact.data.get("need")))
        if request and request.at <= fact.at:
            yield from _came(chance, request, fact)


def _came(chance: Chance, request: Fact, answered: Fact) -> Iterable[Fact]:
    random = chance.of(request.id)
    of = {"request": request.id, "need": request.data["need"]}
    at = answered.at + timedelta(minutes=random.randint(30, 300))
    if random.random() > BROUGHT:
        return
    yield _fact(chance, "help.delivered", request, at, answered.by, **of)
    said, drawn = at + timedelta(minutes=random.randint(15, 600)), random.random()
    if drawn < CONFIRMED:
        yield _fact(chance, "help.closed", request, said, request.subject, confirmed="own_page", **of)
    elif drawn < CONFIRMED + DENIED:
        yield _fact(chance, "help.unmet", request, said, request.subject, words="还没有收到", **of)


def _day(n: int, hour: int, random: Random) -> datetime:
    day = (FIRST + timedelta(days=n)).astimezone(SHANGHAI).date()
    return datetime.combine(day, time(hour, random.randrange(60)), SHANGHAI)


def _swell(n: int) -> float:
    """How many are ill on a day, beside the usual: a hill around the peak."""
    return 1 + 2.2 * max(0.0, 1 - abs(n - PEAK) / 14)


def _counts(story: Story, chance: Chance) -> Iterable[Fact]:
    """Each hospital counts the syndromes of the day; one leaves a week out."""
    for number, unit in enumerate(story.owners.all("hospital")):
        random = chance.of("counts", unit.id)
        usual = random.randint(6, 14)
        for n in range(DAYS):
            if number == 1 and 10 <= n < 17:
                continue
            seen = random.randint(180, 320)
            ill = round(usual * _swell(n) * random.uniform(0.8, 1.2))
            unknown = round(random.random() * 0.9 * (_swell(n) - 0.6))
            for syndrome, cases in (("influenza_like_illness", ill), ("unknown_pneumonia", unknown)):
                at = _day(n, 17, random)
                yield _fact(chance, "syndrome.counted", unit, at, f"unit:{unit.id}", syndrome=syndrome, cases=cases, seen=seen)  # fmt: skip # noqa: E501


def _sales(story: Story, chance: Chance) -> Iterable[Fact]:
    """A pharmacy in each district, and what it sold against fever and cough."""
    for district in story.geography.districts:
        random = chance.of("pharmacy", district)
        name = f"{story.geography.names[district]}康民大药房"
        place = Place(chance.id(START), district, name, "pharmacy")
        story.demo.places.append(place)
        for n in range(DAYS):
            for item in ("antipyretic", "cough"):
                packs = round(random.uniform(1, 3) * _swell(n))
                at = _day(n, random.randint(9, 19), random)
                symptoms = ["fever"] if item == "antipyretic" else ["cough"]
                yield _fact(chance, "fever_medicine.sold", place, at, None, item=item, quantity=packs, symptoms=symptoms)  # fmt: skip # noqa: E501


def _volunteers(story: Story, chance: Chance) -> Iterable[Fact]:
    """Two people of each village, of those nobody looks after, say that they will help."""
    looked_after = {fact.subject for fact in story.demo.facts}
    free: dict[str, list[Person]] = {}
    for person in story.demo.people:
        if person.subject not in looked_after and date(1955, 1, 1) < person.birth_date < date(2000, 1, 1):
            free.setdefault(person.area[:12], []).append(person)
    for village in sorted(free):
        random = chance.of("volunteers", village)
        for person in free[village][:HELPERS]:
            at = _day(random.randint(8, 12), 14, random)
            skill = random.choice(SKILLS)
            yield _fact(chance, "volunteer.joined", person, at, None, skills=skill)


def _calls(story: Story, chance: Chance) -> Iterable[Fact]:
    """The hotline of each district, a few calls on some days."""
    for unit in story.owners.all("county_command"):
        random = chance.of("calls", unit.id)
        for n in range(8, DAYS, 2):
            topic, words = random.choice(CALLS)
            outcome = random.choices(("answered", "referred"), (4, 1))[0]
            at = _day(n, random.randint(9, 19), random)
            said = {"topic": topic, "outcome": outcome, "words": words}
            yield Fact(str(chance.id(at)), "call.taken", f"area:{unit.area}", unit.area, at, f"unit:{unit.id}", said)


def _samples(story: Story, chance: Chance) -> Iterable[Fact]:
    """The CDC samples the mall and the markets of its area; one of the samples is positive."""
    for place in [place for place in story.demo.places if place.kind == "mall"]:
        random = chance.of("samples", place.id)
        for n in (14, 17, 20, 24, 28):
            positive = 1 if n == 14 else 0
            yield _fact(chance, "environment.sampled", place, _day(n, 10, random), None, samples=20, positive=positive)
