"""What follows from a fact by the nature of things: an isolation ends, a handover goes on, somebody needs bread."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bulou.kernel.facts import Fact
from bulou.oversight.drills.synthetic.story import END, Story, celsius

OBSERVATION = timedelta(days=14)
OVERSTAYED = timedelta(days=15, hours=12)
"""How long somebody nobody assessed is kept."""
FOLLOWED_UP = 7
"""Days somebody is followed up at home after a site."""
ASSESSMENT_HOLDS = timedelta(hours=22)
CRITERIA = {
    "normal_days": 4,
    "symptoms_improved": True,
    "imaging_improved": True,
    "negative_tests": 2,
    "test_gap_hours": 26,
}
"""A patient who meets the discharge criteria of the national protocol."""
MISTYPED = 0.003


def follow(story: Story, fact: Fact) -> None:
    """Tell what follows from one fact."""
    if follower := _FOLLOWERS.get(fact.kind):
        follower(story, fact)


def _exposed(story: Story, fact: Fact) -> None:
    if fact.data.get("degree") == "close":
        data = {"category": "close_contact", "ref": story.about.get(fact.subject)}
        story.unless_owed("person.enrolled", fact.subject, fact.area, fact.at + story.hours(0.5, 8), data)


def _arrived(story: Story, fact: Fact) -> None:
    story.origins[fact.subject] = fact.data
    if fact.data.get("risk") in ("medium", "high"):
        data = {"category": "arrival"}
        story.unless_owed("person.enrolled", fact.subject, fact.area, fact.at + story.hours(1, 20), data)


def _enrolled(story: Story, fact: Fact) -> None:
    """Isolation, or for who falls ill first the hospital; whoever comes from isolation is only followed up."""
    if fact.data.get("category") == "released":
        return
    kind = "central" if fact.subject in story.central else "home"
    at, leaves = fact.at + story.hours(1, 12), story.leaves.get(fact.subject, END)
    if fact.at < leaves:
        story.tell("person.withdrawn", fact.subject, fact.area, leaves, {"reason": "转医疗机构"})
    if at < leaves:
        story.unless_owed("isolation.started", fact.subject, fact.area, at, {"kind": kind, "days": OBSERVATION.days})


def _isolated(story: Story, fact: Fact) -> None:
    """The order behind it, sometimes a need in between, and the transfer of who falls ill."""
    kind = fact.data.get("kind", "home")
    order = {"kind": kind, "days": OBSERVATION.days, "grounds": "按重点人群医学观察规定"}
    story.unless_owed("isolation.ordered", fact.subject, fact.area, fact.at - story.hours(0.1, 0.8), order)
    story.isolated[fact.subject] = fact
    leaves = story.leaves.get(fact.subject, END)
    if leaves < fact.at + OBSERVATION:
        _release(story, fact, max(leaves, fact.at + timedelta(minutes=2)), "transfer")
    if story.random.random() < 0.07:
        need = story.random.choice(("food", "medicine", "medicine", "rubbish", "police"))
        at = story.moment((fact.at + timedelta(days=story.random.randint(1, 12))).date(), 8, 20)
        if fact.at < at < leaves:
            story.needs[fact.subject] = need
            story.tell("help.requested", fact.subject, fact.area, at, {"need": need})


def _assessed_for_release(story: Story, fact: Fact) -> None:
    started = story.isolated.get(fact.subject) or story.overdue.pop(fact.subject, None)
    if started and fact.data.get("outcome") == "complete":
        _end(story, started, fact.at + story.hours(0.2, 2), "completed")


def _release(story: Story, started: Fact, at: datetime, outcome: str) -> None:
    """Assessed at the last moment, and let go."""
    days = (at - started.at).days
    data = {"outcome": outcome, "days": days}
    story.tell("release.assessed", started.subject, started.area, at - timedelta(minutes=1), data)
    if outcome == "transfer":
        _end(story, started, at, "transferred")


def _end(story: Story, started: Fact, at: datetime, reason: str) -> None:
    story.isolated.pop(started.subject, None)
    goes_home = reason == "completed" and started.data.get("kind") == "central"
    data = {"reason": reason, "kind": started.data.get("kind"), "place": started.data.get("place")}
    data |= {"follow_up_days": FOLLOWED_UP if goes_home else None}
    story.tell("isolation.ended", started.subject, started.area, at, data)
    if goes_home:
        category = "close_contact" if started.subject in story.about else "arrival"
        left, entered = {"category": category, "reason": "医学观察期满"}, {"category": "released"}
        story.tell("person.withdrawn", started.subject, started.area, at, left)
        story.tell("person.enrolled", started.subject, started.area, at, entered)
    elif reason == "completed":
        over = at + story.hours(0.1, 0.5)
        story.tell("person.withdrawn", started.subject, started.area, over, {"reason": "医学观察期满"})


def close(story: Story) -> bool:
    """Let go whoever is isolated well past the end because nobody assessed them. False where there is nobody."""
    kept = [fact for fact in story.isolated.values() if fact.at + OVERSTAYED < END]
    for fact in kept:
        _release(story, fact, story.moment((fact.at + OVERSTAYED).date(), 10, 12), "complete")
        del story.isolated[fact.subject]
        story.overdue[fact.subject] = fact
    return bool(kept)


def _suspected_at_home(story: Story, fact: Fact) -> None:
    """A medic who suspects or refers somebody hands them to the hospital."""
    if fact.data.get("finding") in ("suspect", "refer"):
        parties = _parties(story, fact)
        story.tell("handover.requested", fact.subject, fact.area, fact.at + story.hours(0.1, 0.4), parties)


def _accepted(story: Story, fact: Fact) -> None:
    at = fact.at + story.hours(0.2, 1)
    story.unless_owed(
        "handover.departed", fact.subject, fact.area, at, {"vehicle": "津A·转运12", **_parties(story, fact)}
    )


def _received(story: Story, fact: Fact) -> None:
    story.unless_owed("handover.settled", fact.subject, fact.area, fact.at + story.hours(0.2, 1), _parties(story, fact))


def _assessed_for_discharge(story: Story, fact: Fact) -> None:
    story.assessed[fact.subject] = fact.at
    if "expert.consulted" not in story.owed:
        _discharged(story, fact)


def _reviewed(story: Story, fact: Fact) -> None:
    """The experts agree to a discharge: it follows while the assessment holds, else the patient is assessed again."""
    assessed = story.assessed.get(fact.subject)
    if fact.data.get("conclusion") != "discharge" or assessed is None:
        return
    if fact.at - assessed < ASSESSMENT_HOLDS:
        _discharged(story, fact)
    else:
        again = story.moment((fact.at + timedelta(days=1)).date(), 8, 10)
        story.tell("discharge.assessed", fact.subject, fact.area, again, CRITERIA)


def _discharged(story: Story, fact: Fact) -> None:
    hospital = story.owners.of("designated_hospital", fact.area)
    at = fact.at + story.hours(0.5, 1.8)
    story.tell("episode.discharged", fact.subject, fact.area, at, {"outcome": "recovered"}, by=hospital)


def _read(story: Story, fact: Fact) -> None:
    """Now and then a reading was written down wrong, and is replaced."""
    if story.random.random() < MISTYPED and fact.supersedes is None:
        data = {**fact.data, "celsius": celsius(story.random, fever=False)}
        story.tell(fact.kind, fact.subject, fact.area, fact.at, data, supersedes=fact)


def _parties(story: Story, fact: Fact) -> dict[str, str]:
    sender = story.owners.of("village_committee", fact.area)
    receiver = story.owners.of("fever_clinic", fact.area)
    parties = {"from": sender, "to": receiver}
    return {side: f"unit:{unit.id}" for side, unit in parties.items() if unit}


_FOLLOWERS: dict[str, Callable[[Story, Fact], None]] = {
    "contact.identified": _exposed,
    "arrival.declared": _arrived,
    "person.enrolled": _enrolled,
    "isolation.started": _isolated,
    "medic.assessed": _suspected_at_home,
    "handover.accepted": _accepted,
    "handover.received": _received,
    "release.assessed": _assessed_for_release,
    "discharge.assessed": _assessed_for_discharge,
    "expert.consulted": _reviewed,
    "temperature.read": _read,
}
