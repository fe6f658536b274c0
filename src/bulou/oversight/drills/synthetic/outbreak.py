"""The 135 cases as people and episodes, and the contacts around them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bulou.oversight.drills.synthetic.followers import CRITERIA
from bulou.oversight.drills.synthetic.geography import BAODI, CENTRE_OF_BAODI
from bulou.oversight.drills.synthetic.model import Household, Person, Unit
from bulou.oversight.drills.synthetic.people import START
from bulou.oversight.drills.synthetic.story import DISEASE, END, Episode, Story
from bulou.oversight.drills.tianjin import Case, Cluster, Relation, Setting, Symptom, chains

TRAIN_DISTRICTS = ("120102", "120105")
"""Where the train crew live: 河东区 and 河北区, around the station."""
_ONE_ROOF = {Relation.FAMILY, Relation.WIFE, Relation.HUSBAND, Relation.MOTHER, Relation.SON, Relation.DAUGHTER}
_SEX = {"F": "female", "M": "male"}
_FROM = {Setting.WUHAN: ("4201", "high"), Setting.HUBEI: ("42", "high"), Setting.TRAVEL: (None, "medium")}
_SICK = {Symptom.FEVER, Symptom.CHILLS, Symptom.DISCOMFORT, Symptom.RESPIRATORY}


def tell_outbreak(story: Story, cases: Sequence[Case], scale: int) -> None:
    """Place the cases in homes, tell their course, and surround each with contacts (3 to 12, times `scale`)."""
    people = _settle(story, cases)
    for case in cases:
        _appoint(story, case, people[case.number])
    by_number = {e.case.number: e for e in story.episodes.values()}
    for case in cases:
        _before(story, by_number[case.number], by_number)
        _course(story, by_number[case.number], by_number)
        _contacts(story, by_number[case.number], int(story.random.triangular(3, 13, 3)) * scale)


def _settle(story: Story, cases: Sequence[Case]) -> dict[int, Person]:
    """Every case a person: linked cases in one district, families under one roof."""
    by_number = {case.number: case for case in cases}
    together = [replace(c, links=tuple(li for li in c.links if li.relation in _ONE_ROOF)) for c in cases]
    roofs = _groups(cases, chains(together))
    people: dict[int, Person] = {}
    for group in _groups(cases, chains(cases)):
        district = _district(story, [by_number[number] for number in group])
        for roof in (roof for roof in roofs if set(roof) <= set(group)):
            household = story.population.new_household(_grid(story, district))
            for number in roof:
                case = by_number[number]
                sex = _SEX.get(case.sex or "")
                people[number] = story.add(story.population.new_person(household, sex=sex, age=case.age))
    return people


def _groups(cases: Iterable[Case], linked: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The linked groups, and every other case as a group of one, in case order."""
    taken = {number for group in linked for number in group}
    return sorted([*linked, *((case.number,) for case in cases if case.number not in taken)])


def _district(story: Story, group: list[Case]) -> str:
    clusters = {case.cluster for case in group}
    if Cluster.MALL in clusters:
        return BAODI
    if Cluster.TRAIN in clusters:
        return story.random.choice(TRAIN_DISTRICTS)
    return story.random.choice(story.geography.districts)


def _grid(story: Story, district: str) -> str:
    """A grid of the district; in Baodi mostly one around the mall."""
    grids = story.geography.grids_of(district)
    if district == BAODI and story.random.random() < 0.7:
        grids = [grid for grid in grids if grid[:9] in CENTRE_OF_BAODI] or grids
    return story.random.choice(grids)


def _appoint(story: Story, case: Case, person: Person) -> None:
    """Fix when the case was suspected and confirmed, on the days the list gives."""
    day = case.confirmed or case.onset or START.date()
    confirmed = story.moment(day, 9, 21)
    suspected = confirmed - story.hours(10, 30)
    if case.onset:
        suspected = min(max(suspected, story.moment(case.onset, 8, 9)), confirmed - story.hours(1, 3))
    episode = Episode(f"episode:{story.chance.id(suspected)}", person, suspected, confirmed, case)
    story.episodes[episode.subject] = episode
    story.leaves[person.subject] = suspected
    if case.onset and (not case.symptoms or _SICK.intersection(case.symptoms)):
        start = max(story.moment(case.onset, 6, 12), suspected - story.hours(5, 20))
        story.fevers[person.subject] = (start, END)


def _before(story: Story, episode: Episode, by_number: dict[int, Episode]) -> None:
    """What was known of the person before the illness: an arrival, a contact of an earlier case, symptoms."""
    case, person = episode.case, episode.person
    abroad = next((s for s in case.settings if s in _FROM), None)
    if abroad and case.exposed_to and case.exposed_to < episode.suspected.date():
        from_area, risk = _FROM[abroad]
        data = {"from_area": from_area, "risk": risk, "mode": "rail", "vehicle": f"G{story.random.randint(100, 999)}"}
        story.tell("arrival.declared", person.subject, person.area, story.moment(case.exposed_to, 9, 23), data)
    sources = sorted((by_number[link.to].confirmed, link.to, link.relation.text.zh) for link in case.links)
    if sources and sources[0][0] + timedelta(hours=4) < episode.suspected:
        confirmed, number, relation = sources[0]
        identified = min(confirmed + story.hours(1, 20), episode.suspected - story.hours(1, 2))
        story.about[person.subject] = by_number[number].subject
        exposure = (confirmed - story.hours(24, 72)).isoformat()
        data = {"degree": "close", "episode": by_number[number].subject, "last_exposure": exposure}
        data["relation"] = relation
        story.tell("contact.identified", person.subject, person.area, identified, data, by=_cdc(story, person))
    if case.quarantined:
        _isolate(story, person, case)
    if case.onset and case.symptoms:
        reported = min(story.moment(case.onset, 9, 22), episode.suspected - story.hours(0.5, 1))
        feeling = {"symptoms": [str(symptom) for symptom in case.symptoms], "since": str(case.onset)}
        story.tell("symptoms.reported", person.subject, person.area, reported, feeling)


def _isolate(story: Story, person: Person, case: Case) -> None:
    """The quarantine the list itself names; what follows from it is told with every other isolation."""
    if case.quarantined and (at := story.moment(case.quarantined, 9, 20)) < story.leaves[person.subject]:
        place = f"place:{person.household}"
        story.tell("isolation.started", person.subject, person.area, at, {"kind": "home", "place": place, "days": 14})


def _course(story: Story, episode: Episode, by_number: dict[int, Episode]) -> None:
    """From the fever clinic to the ward, and out of it."""
    case, person, confirmed = episode.case, episode.person, episode.confirmed
    clinic = story.owners.of("fever_clinic", person.area)
    visited = episode.suspected - story.hours(0.5, 2)
    triage = {"triage": "suspect", "exposure_history": bool(case.links or case.origin == "imported")}
    if story.random.random() < 0.6:
        story.tell("fever_clinic.visited", person.subject, person.area, visited, triage, by=clinic)
    story.tell("episode.suspected", episode.subject, person.area, episode.suspected, _facts_of(episode), by=clinic)
    sampled = episode.suspected + story.hours(0.3, 1)
    story.unless_owed("specimen.collected", person.subject, person.area, sampled, {"risk": "at_risk"})
    result = {"result": "positive", "assay": "nucleic_acid", "risk": "at_risk"}
    story.tell("specimen.resulted", person.subject, person.area, confirmed - story.hours(0.5, 1), result)
    links = [{"episode": by_number[li.to].subject, "relation": str(li.relation)} for li in case.links]
    data = _facts_of(episode) | {"severity": _grade(case), "links": links or None}
    story.tell("episode.confirmed", episode.subject, person.area, confirmed, data, by=_cdc(story, person))
    _severity(story, episode, confirmed)
    _outcome(story, episode, confirmed)


def _facts_of(episode: Episode) -> dict[str, object]:
    case = episode.case
    found: dict[str, object] = {"disease": DISEASE, "person": episode.person.subject}
    dates = {"onset_on": case.onset, "exposed_from": case.exposed_from, "exposed_to": case.exposed_to}
    found |= {key: str(day) for key, day in dates.items() if day}
    return found | {"origin": case.origin, "case_no": case.name, "source_text": case.source.strip() or None}


def _grade(case: Case) -> str | None:
    return None if case.severity == "unclassified" else case.severity


def _severity(story: Story, episode: Episode, confirmed: datetime) -> None:
    """Severe cases turn severe early; some grow critical, and who does not die improves."""
    case, person = episode.case, episode.person
    if _grade(case) != "severe" and not case.died:
        return
    turned = confirmed + story.hours(6, 48)
    steps = [(turned, "severe")]
    if case.died:
        died = story.moment(case.died, 6, 20)
        steps = [(died - story.hours(40, 44), "severe"), (died - story.hours(14, 30), "critical")]
    else:
        if story.random.random() < 0.2:
            steps.append((turned + story.hours(10, 60), "critical"))
        steps.append((turned + story.hours(5 * 24, 9 * 24), "moderate"))
    for at, severity in steps:
        if at > confirmed:
            story.tell("severity.changed", episode.subject, person.area, at, {"severity": severity})


def _outcome(story: Story, episode: Episode, confirmed: datetime) -> None:
    """Death on the list's day; else, after ten days and more, an assessment, from which the discharge follows."""
    case, person = episode.case, episode.person
    hospital = story.owners.of("designated_hospital", person.area)
    if case.died:
        died = story.moment(case.died, 20, 23)
        story.tell("episode.died", episode.subject, person.area, died, {"outcome": "新冠肺炎"}, by=hospital)
        return
    stay = story.random.randint(10, 17) + (5 if _grade(case) == "severe" else 0)
    assessed = story.moment((confirmed + timedelta(days=stay)).date(), 9, 16)
    story.tell("discharge.assessed", episode.subject, person.area, assessed, CRITERIA, by=hospital)


def _contacts(story: Story, episode: Episode, number: int) -> None:
    """People around a case: at home, then in the same village or district, one to three under each roof."""
    home = next(h for h in story.population.households if h.id == episode.person.household)
    left = number
    household, relation = home, "家人"
    size = min(left, story.random.randint(0, 3))
    while left:
        for _ in range(size):
            _contact(story, episode, story.add(story.population.new_person(household)), relation)
        left -= size
        household, relation = _neighbours(story, home), story.random.choice(("同事", "邻居", "朋友", "同乘", "亲戚"))
        size = min(left, story.random.randint(1, 3))


def _neighbours(story: Story, home: Household) -> Household:
    near = home.area[:12] if story.random.random() < 0.6 else home.area[:6]
    return story.population.new_household(story.random.choice(story.geography.grids_of(near)))


def _contact(story: Story, episode: Episode, person: Person, relation: str) -> None:
    """One contact, found within a day or so; now and then one falls ill of something else meanwhile."""
    identified = episode.confirmed + story.hours(1, 28)
    degree = story.random.choices(("close", "secondary", "general"), (90, 6, 4))[0]
    exposure = (episode.suspected - story.hours(2, 90)).isoformat()
    data = {"degree": degree, "episode": episode.subject, "last_exposure": exposure, "relation": relation}
    story.about[person.subject] = episode.subject
    if story.random.random() < 0.25:
        story.central.add(person.subject)
    if story.random.random() < 0.05:
        start = identified + story.hours(12, 13 * 24)
        story.fevers[person.subject] = (start, start + story.hours(20, 60))
    story.tell("contact.identified", person.subject, person.area, identified, data, by=_cdc(story, person))


def _cdc(story: Story, person: Person) -> Unit | None:
    return story.owners.of("cdc", person.area)
