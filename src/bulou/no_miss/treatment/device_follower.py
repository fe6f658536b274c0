"""Keeps devices and who is on them as the facts have them, once stays are settled (`follower.py`).

Devices are held in one order, after people and beds, so that two batches about one device queue.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from bulou.ledger.engines import store
from bulou.ledger.history import Event, history, keep
from bulou.no_miss.treatment.beds import Taken, taken_by
from bulou.no_miss.treatment.courses import Happened
from bulou.no_miss.treatment.devices import OF_DEVICE, OF_USE, Known, Use, device_of, uses_of
from bulou.no_miss.treatment.models import BedStay, Device, DeviceUse, Episode

KINDS = (*OF_USE, *OF_DEVICE)
_LOCK = "SELECT place::text, kind, unit, area FROM device WHERE place = ANY(%s::uuid[]) ORDER BY place FOR UPDATE"
_MINE = "SELECT * FROM device_use WHERE episode = ANY(%s::uuid[])"
_THEIRS = "SELECT * FROM device_use WHERE claimed = ANY(%s::uuid[]) AND NOT episode = ANY(%s::uuid[])"
_STAYS = "SELECT * FROM bed_stay WHERE episode = ANY(%s::uuid[]) ORDER BY started_at, id"
_EPISODES = "SELECT * FROM episode WHERE id = ANY(%s::uuid[])"
_MARK = """
UPDATE device SET state = w.state, since = w.since
FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[]) w (place, state, since)
WHERE device.place = w.place AND (device.state, device.since) IS DISTINCT FROM (w.state, w.since)
"""


def clear() -> None:
    """Forget who is on what, to derive it anew."""
    DeviceUse.objects.all().delete()


def episodes_on_devices(now: datetime) -> set[str]:
    """The subjects of every fact about a use. One query."""
    return set(history(None, OF_USE, now))


def all_devices() -> set[str]:
    return {str(id) for id in Device.objects.values_list("place_id", flat=True)}


def settle(episodes: Collection[str], places: Collection[str], now: datetime) -> None:
    """Bring the uses of these illnesses, all of each person's, and these devices up to date."""
    told = _told(history([f"episode:{id}" for id in episodes], OF_USE, now)) if episodes else []
    before = list(DeviceUse.objects.raw(_MINE, [list(episodes)])) if episodes else []
    claimed = {device for fact in told if (device := device_of(fact))} | {str(use.claimed) for use in before}
    known = _held(claimed | set(places)) if claimed or places else {}
    if not (claimed or known):
        return
    courses = {str(one.pk): one for one in Episode.objects.raw(_EPISODES, [list(episodes)])} if episodes else {}
    mine = _uses(told, courses, known)
    others = list(DeviceUse.objects.raw(_THEIRS, [list(known), list(episodes)]))
    taken = _taken([*mine, *map(_use, others)], known, now)
    rows = [_row(use, courses, known, taken) for use in mine] + [_again(row, taken) for row in others]
    keep(DeviceUse, "id", list({row.pk for row in (*before, *rows)}), rows)
    store.execute(_MARK, [list(taken), [one.state for one in taken.values()], [one.since for one in taken.values()]])


def _told(facts: Mapping[str, Iterable[Event]]) -> list[Happened]:
    return [
        Happened(one.id, one.kind, one.at, subject.partition(":")[2], one.area, one.data)
        for subject, own in facts.items()
        for one in own
    ]


def _held(devices: Collection[str]) -> dict[str, Known]:
    rows = store.query(_LOCK, [list(devices)])
    return {place: Known(kind, unit, area) for place, kind, unit, area in rows}


def _uses(told: Iterable[Happened], courses: Mapping[str, Episode], known: Mapping[str, Known]) -> list[Use]:
    """The uses of everybody these facts are about, with where they lay in the meantime. One query."""
    by_person: dict[str, list[Happened]] = defaultdict(list)
    for fact in told:
        by_person[_who(fact.episode, courses)].append(fact)
    stays: dict[str, list[BedStay]] = defaultdict(list)
    for stay in BedStay.objects.raw(_STAYS, [list(courses)]) if by_person and courses else ():
        stays[str(stay.person or stay.episode)].append(stay)
    ends = {id: course.ended_at for id, course in courses.items()}
    return [use for who, own in by_person.items() for use in uses_of(who, own, stays[who], known, ends)]


def _who(episode: str, courses: Mapping[str, Episode]) -> str:
    course = courses.get(episode)
    return str(course.person) if course and course.person else episode


def _taken(uses: Iterable[Use], known: Collection[str], now: datetime) -> dict[str, Taken]:
    facts = history([f"place:{id}" for id in known], OF_DEVICE, now) if known else {}
    theirs: dict[str, list[Use]] = defaultdict(list)
    for use in uses:
        theirs[use.device].append(use)
    return {id: taken_by(theirs[id], _told({id: facts.get(f"place:{id}", ())})) for id in known}


def _row(use: Use, courses: Mapping[str, Episode], known: Mapping[str, Known], taken: Mapping[str, Taken]) -> DeviceUse:
    """A use as a row: in the area of the device, and where the illness is on the books."""
    course, found = courses.get(use.episode), known.get(use.device)
    row = DeviceUse(
        id=UUID(use.id),
        episode=UUID(use.episode),
        who=UUID(use.who),
        area=found.area if found else use.area,
        home=course.area if course else use.area,
        kind=use.kind,
        claimed=UUID(use.device),
        started_at=use.started,
        ended_at=use.ended,
    )
    return _again(row, taken)


def _again(row: DeviceUse, taken: Mapping[str, Taken]) -> DeviceUse:
    """A row, with the device where it has it, and why where it has not."""
    found = taken.get(str(row.claimed))
    row.trouble = found.troubles[str(row.pk)] if found else "no_device"
    row.device_id = None if row.trouble else row.claimed
    return row


def _use(row: DeviceUse) -> Use:
    return Use(
        id=str(row.pk),
        who=str(row.who),
        episode=str(row.episode),
        area=row.area,
        device=str(row.claimed),
        kind=row.kind,
        started=row.started_at,
        ended=row.ended_at,
    )
