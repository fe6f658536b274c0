"""What surrounds the outbreak: the response, the plan put to work, places, arrivals, fever patients, households."""

from datetime import date, datetime, timedelta
from uuid import UUID

from bulou.kernel.clock import SHANGHAI
from bulou.oversight.drills.synthetic.geography import CENTRE_OF_BAODI, CITY
from bulou.oversight.drills.synthetic.model import Place
from bulou.oversight.drills.synthetic.people import START
from bulou.oversight.drills.synthetic.story import END, Episode, Story
from bulou.oversight.drills.tianjin import Cluster

PUT_TO_WORK = datetime(2020, 2, 1, 20, tzinfo=SHANGHAI)
"""When the city's command post takes the plan up; the levels below follow."""
_TIERS = ((6, "county", 4, 14), (9, "town", 14, 26), (12, "village", 26, 38))
_ORIGINS = (
    ("4201", "high"),
    ("4201", "high"),
    ("4211", "high"),
    ("4209", "high"),
    ("42", "high"),
    ("3303", "medium"),
    ("4115", "medium"),
)
"""Wuhan, Huanggang, Xiaogan, Hubei; Wenzhou, Xinyang."""


def tell_response(story: Story) -> None:
    """Response level I on 24 January; the plan put to work from the city down."""
    day = date(2020, 1, 23)
    subject = f"area:{CITY}"
    grounds = {"level": "I", "grounds": "国家公告2020年第1号及本市疫情"}
    steps = (("response.assessed", 15), ("response.proposed", 18), ("response.approved", 22))
    for kind, hour in steps:
        story.tell(kind, subject, CITY, story.moment(day, hour, hour + 1), grounds)
    story.tell("response.level_set", subject, CITY, datetime(2020, 1, 24, 0, 0, tzinfo=SHANGHAI), grounds)
    story.tell("response.filed", subject, CITY, story.moment(date(2020, 1, 24), 9, 11), grounds)
    for tier in ("province", "city"):
        activate(story, CITY, tier, PUT_TO_WORK)
    areas = (*story.geography.districts, *story.geography.towns, *story.geography.villages)
    for length, tier, least, most in _TIERS:
        for area in areas:
            if len(area) == length:
                activate(story, area, tier, PUT_TO_WORK + story.hours(least, most))


def activate(story: Story, area: str, tier: str, at: datetime) -> None:
    """An area's command post puts every plan that has duties to work."""
    for plan in story.plans:
        story.tell("plan.activated", f"area:{area}", area, at, {"plan": plan, "tier": tier})


def tell_places(story: Story) -> None:
    """The mall, the depot, fever clinics and isolation sites; the mall's exposures, closing and disinfection."""
    centre = next(town for town in CENTRE_OF_BAODI if town in story.geography.towns)
    mall = _place(story, centre, "宝坻商场", "mall")
    depot = _place(story, "120105", "动车组客运段", "train_depot")
    for role, kind in (("fever_clinic", "fever_clinic"), ("isolation_site", "isolation_site")):
        for unit in story.owners.all(role):
            place = _place(
                story, unit.area, f"{unit.name}发热门诊" if role == "fever_clinic" else unit.name, kind, unit.id
            )
            designated = story.moment(date(2020, 1, 24), 9, 20)
            story.tell("unit.designated", f"unit:{unit.id}", unit.area, designated, {"role": role, "capacity": 60})
            story.sites.setdefault((kind, unit.area), place)
    for unit in story.owners.all("designated_hospital"):
        data = {"role": "designated_hospital", "capacity": 600}
        story.tell("unit.designated", f"unit:{unit.id}", unit.area, story.moment(date(2020, 1, 22), 9, 20), data)
    for episode in list(story.episodes.values()):
        _exposures(story, episode, mall, depot)
    closed = datetime(2020, 2, 1, 18, tzinfo=SHANGHAI)
    story.tell("place.closed", mall.subject, mall.area, closed, {"reason": "多名病例曾在此购物或工作"})
    story.unless_owed("place.disinfected", mall.subject, mall.area, closed + story.hours(3, 9), {"kind": "terminal"})
    for number, village in enumerate(story.geography.villages_of(centre), start=1):
        zone = f"zone:{story.chance.id(closed)}"
        measures = {"unit_kind": "village", "measures": ["entry_control", "home_stay"], "level": "controlled"}
        story.tell("zone.set", zone, village, closed + story.hours(number * 10, number * 12), measures)


def _place(story: Story, area: str, name: str, kind: str, unit: UUID | None = None) -> Place:
    place = Place(story.chance.id(START), area, name, kind, unit)
    story.demo.places.append(place)
    story.tell("place.registered", place.subject, area, story.moment(date(2020, 1, 22), 9, 18), {"kind": kind})
    return place


def _exposures(story: Story, episode: Episode, mall: Place, depot: Place) -> None:
    case, confirmed = episode.case, episode.confirmed
    places = {Cluster.MALL: mall, Cluster.TRAIN: depot}
    if case.cluster not in places or not case.exposed_to:
        return
    place, first = places[case.cluster], case.exposed_from or case.exposed_to
    span = {"from": datetime.combine(first, datetime.min.time(), SHANGHAI).isoformat()}
    span["to"] = datetime.combine(case.exposed_to + timedelta(days=1), datetime.min.time(), SHANGHAI).isoformat()
    data = {"episode": episode.subject, **span}
    story.tell("exposure.identified", place.subject, place.area, confirmed + story.hours(3, 20), data)


def tell_arrivals(story: Story, number: int) -> None:
    """People who came from Hubei and two other places that were hit, before and after Wuhan closed."""
    for _ in range(number):
        grid = story.random.choice([grid.code for grid in story.geography.grids])
        household = story.population.new_household(grid)
        origin, risk = story.random.choice(_ORIGINS)
        mode = story.random.choice(("rail", "rail", "road", "air"))
        at = story.moment(START.date() + timedelta(days=int(story.random.triangular(0, 26, 8))), 8, 22)
        for _ in range(story.random.choices((1, 2, 3), (6, 3, 1))[0]):
            person = story.add(story.population.new_person(household))
            source = "self" if mode == "road" else "carrier"
            data = {"from_area": origin, "risk": risk, "mode": mode, "source": source}
            if story.random.random() < 0.03:
                start = at + story.hours(24, 12 * 24)
                story.fevers[person.subject] = (start, start + story.hours(20, 60))
            story.tell("arrival.declared", person.subject, person.area, at, data)


def tell_patients(story: Story, number: int) -> None:
    """People with a fever of some other kind at the fever clinics; a few are refused."""
    for _ in range(number):
        household = story.population.new_household(story.random.choice(story.geography.grids).code)
        person = story.add(story.population.new_person(household))
        at = story.moment(START.date() + timedelta(days=story.random.randint(5, 40)), 8, 20)
        story.fevers[person.subject] = (at - story.hours(4, 30), at + story.hours(20, 60))
        triage = {"triage": "fever", "exposure_history": story.random.random() < 0.1}
        clinic = story.owners.of("fever_clinic", person.area)
        if at >= END or not story.tell("fever_clinic.visited", person.subject, person.area, at, triage, by=clinic):
            continue
        story.tell("symptoms.reported", person.subject, person.area, at, {"symptoms": ["fever", "cough"]})
        if story.random.random() < 0.04:
            refused = at + story.hours(0.2, 0.6)
            story.tell("visit.concluded", person.subject, person.area, refused, {"outcome": "refused"}, by=clinic)


def tell_households(story: Story) -> None:
    """Every household of a managed person, with whoever else lives there, is on the books early in the plan."""
    for household in story.population.households:
        name = household.address.removeprefix(story.geography.names[household.area[:6]])
        story.demo.places.append(Place(household.id, household.area, name, "household"))
        for _ in range(story.random.choices((0, 1, 2), (4, 4, 2))[0]):
            story.add(story.population.new_person(household))
        at = PUT_TO_WORK + story.hours(12, 60)
        story.tell("place.registered", f"place:{household.id}", household.area, at, {"kind": "household"})
