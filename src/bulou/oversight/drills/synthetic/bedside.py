"""What surrounds the patients: who is left at home, the staff among them and how they are watched, what is in stock.

Some of it is not done on purpose: one in four is moved unasked, and of the staff one in eight is not measured today.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.oversight.drills.synthetic.chance import Chance
from bulou.oversight.drills.synthetic.model import Demo, Person, Unit
from bulou.oversight.drills.synthetic.story import END, celsius
from bulou.oversight.drills.synthetic.wards import LYING

UNASKED, LEFT, UNMEASURED = 0.25, 0.2, 0.125
STAFF = 16
"""Doctors and nurses of a hospital who work among patients, of those on file."""
FIRST = datetime(2020, 1, 28, 7, 40, tzinfo=SHANGHAI)
STOCKED = frozenset({"designated_hospital", "hospital", "cdc", "isolation_site"})
ITEMS = {"mask": 6000, "protective_suit": 900, "goggles": 700, "gloves": 8000, "disinfectant": 400}
"""What is on the shelves of units, and about how much."""
ADULT = 24 * 365
PROTECTION = {"contaminated": ("three", "three", "three", "two"), "buffer": ("two", "two", "one")}


def attend(demo: Demo, chance: Chance, seed: int) -> None:
    """Tell it, once everybody has a bed."""
    random = Random(seed + 1)  # noqa: S311 - invented people, not secrets
    told = list(_asked(demo, chance, random))
    for unit in demo.units:
        if "designated_hospital" in unit.roles:
            told += _shifts(unit, _staff(demo, unit), chance, random)
        if STOCKED.intersection(unit.roles):
            told += _stocks(unit, chance, random)
    demo.facts += told


def _stocks(unit: Unit, chance: Chance, random: Random) -> Iterable[Fact]:
    """A count of each item every few days, some long ago; what runs out is asked for, and not all of it comes."""
    by = f"unit:{unit.id}"
    for item, usual in ITEMS.items():
        gap = random.choice((3, 5, 6, 30))
        for day in range(random.randint(0, 3), (END - FIRST).days, gap):
            at = FIRST + timedelta(days=day, minutes=random.randint(60, 200))
            left: dict[str, object] = {"item": item, "quantity": random.randint(usual // 8, usual)}
            yield from _fact(chance, "stock.counted", by, unit.area, at, by, left)
            if random.random() < 0.25:
                wanted: dict[str, object] = {"item": item, "quantity": usual}
                yield from _fact(chance, "supply.requested", by, unit.area, at + timedelta(hours=1), by, wanted)
                if random.random() < 0.6:
                    came: dict[str, object] = {"item": item, "quantity": usual // random.choice((1, 1, 2))}
                    yield from _fact(chance, "supply.delivered", by, unit.area, at + timedelta(hours=30), by, came)


def _fact(
    chance: Chance, kind: str, subject: str, area: str, at: datetime, by: str | None, data: dict[str, object]
) -> Iterable[Fact]:
    if at < END:
        at = at.replace(microsecond=0)
        yield Fact(str(chance.id(at)), kind, subject, area, at, by, data)


def _asked(demo: Demo, chance: Chance, random: Random) -> Iterable[Fact]:
    """Before the first bed of an illness; who is left mostly gets an answer within the hour."""
    persons = {f.subject: str(f.data["person"]) for f in demo.facts if f.data.get("person")}
    first: dict[str, Fact] = {}
    for fact in sorted(demo.facts, key=lambda fact: (fact.at, fact.id)):
        if fact.kind in LYING:
            first.setdefault(fact.subject, fact)
    for episode, fact in first.items():
        person = persons.get(episode)
        if person is None or random.random() < UNASKED:
            continue
        count, at = int(random.random() < LEFT), fact.at - timedelta(minutes=random.randint(20, 90))
        data: dict[str, object] = {"count": count}
        yield from _fact(chance, "dependants.asked", person, fact.area, at, fact.by, data)
        if count:
            need: dict[str, object] = {"need": "elder_care", "words": "家中老人需人照料（演示）"}
            steps = (("requested", 0), ("answered", 25))
            for step, minutes in steps[: random.choice((2, 2, 2, 1))]:
                later = at + timedelta(minutes=minutes)
                yield from _fact(chance, f"help.{step}", person, fact.area, later, fact.by, need)


def _staff(demo: Demo, unit: Unit) -> list[Person]:
    """Adults of the area to whom nothing happens otherwise."""
    concerned = {fact.subject for fact in demo.facts}
    day = FIRST.date()
    adults = (p for p in demo.people if p.subject not in concerned and (day - p.birth_date).days > ADULT)
    return [person for person in adults if person.area.startswith(unit.area)][:STAFF]


def _shifts(unit: Unit, people: list[Person], chance: Chance, random: Random) -> Iterable[Fact]:
    """Every other day a shift, every day a temperature; now and then an exposure."""
    by = f"unit:{unit.id}"
    for n, person in enumerate(people):
        for day in range((END - FIRST).days):
            at = FIRST + timedelta(days=day, minutes=random.randint(0, 50))
            if random.random() > UNMEASURED:
                reading: dict[str, object] = {"celsius": celsius(random, fever=False), "method": "forehead"}
                yield from _fact(chance, "temperature.read", person.subject, person.area, at, by, reading)
            if (day + n) % 2:
                continue
            zone = random.choice(("contaminated", "contaminated", "buffer"))
            shift: dict[str, object] = {"zone": zone, "protection": random.choice(PROTECTION[zone]), "unit": by}
            yield from _fact(chance, "shift.worked", person.subject, person.area, at + timedelta(hours=1), by, shift)
            if random.random() < 0.03:
                exposed: dict[str, object] = {"exposure": random.choice(("needle", "splash", "breach")), "unit": by}
                later = at + timedelta(hours=4)
                yield from _fact(chance, "staff.exposed", person.subject, person.area, later, by, exposed)
