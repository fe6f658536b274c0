"""Keeps episodes, stays and beds as the facts have them, in the transaction that stores the facts.

1. Whose illnesses moved: the episodes of the batch, and all others of the same people. 2. Those people are held, then
the beds they claim or claimed, each in one order, so that two batches about one person or one bed queue. 3. The stays
of everybody who claims these beds are derived again. 4. What differs is written: gone rows leave before new ones come.
5. The devices they are on follow from where they lie (`device_follower.py`).
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from bulou.ledger.engines import store
from bulou.no_miss.treatment import device_follower
from bulou.no_miss.treatment.beds import OF_BED, Taken, taken_by
from bulou.no_miss.treatment.courses import OF_EPISODE, Course, Happened, Lying, course_of, is_id, lyings_of
from bulou.no_miss.treatment.models import Bed, BedStay, Episode

KINDS = (*OF_EPISODE, *OF_BED)
FOLLOWED = (*KINDS, *device_follower.KINDS)
VERSION = 2
SPACE, BUCKETS = 0x747265, 1024
"""The room's own locks, of people: an illness is recorded on its episode, so the ledger's do not cover them."""
_TYPES = {"UUIDField": "uuid", "DateTimeField": "timestamptz", "ForeignKey": "uuid"}
"""Columns that are not text, for arrays of any length."""
_COURSE = frozenset(field.name for field in fields(Course))

_FACTS = """
SELECT f.subject, f.id::text, f.kind, f.at, f.area, f.data FROM fact f
WHERE {subjects} AND f.kind = ANY(%(kinds)s::text[]) AND f.at <= %(now)s
    AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
"""
_HOLD = f"""
SELECT count(pg_advisory_xact_lock({SPACE}, bucket))
FROM (SELECT DISTINCT hashtext(p) & {BUCKETS - 1} AS bucket FROM unnest(%s::text[]) p ORDER BY 1) b
"""
_KNOWN = "SELECT person::text FROM episode WHERE id = ANY(%s::uuid[]) AND person IS NOT NULL"
_NAMED = """
SELECT DISTINCT f.data ->> 'person' FROM fact f
WHERE f.subject = ANY(%s::text[]) AND f.kind = ANY(%s::text[]) AND f.data ? 'person'
"""
_THEIRS = "SELECT id::text FROM episode WHERE person = ANY(%s::uuid[])"
_CLAIMED = "SELECT DISTINCT claimed FROM bed_stay WHERE episode = ANY(%s::uuid[]) AND claimed IS NOT NULL"
_LOCK = """
SELECT place FROM bed WHERE place = ANY(%(places)s::uuid[]) OR reserved_for = ANY(%(people)s::uuid[])
ORDER BY place FOR UPDATE
"""
_MARK = """
UPDATE bed SET state = w.state, since = w.since, reserved_for = w.kept,
    reserved_until = CASE WHEN w.kept IS NOT NULL THEN reserved_until END
FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::uuid[]) w (place, state, since, kept)
WHERE bed.place = w.place
"""


def follow(subjects: Collection[str] | None, now: datetime) -> None:
    """Bring patients and beds up to date for subjects whose facts moved; None: derive everything anew."""
    if subjects is None:
        BedStay.objects.all().delete()
        Episode.objects.all().delete()
        device_follower.clear()
        episodes = _ids("episode:", {*_facts(None, now), *device_follower.episodes_on_devices(now)})
        places = {str(id) for id in Bed.objects.values_list("place_id", flat=True)} | device_follower.all_devices()
    else:
        moved = _ids("episode:", subjects)
        episodes, places = moved | _episodes(_people(moved)), _ids("place:", subjects)
    _settle(episodes, places, now)
    device_follower.settle(episodes, places, now)


def _people(episodes: Collection[str]) -> set[str]:
    """Whose these episodes are or were, held until the transaction ends."""
    if not episodes:
        return set()
    named = store.query(_NAMED, [[f"episode:{id}" for id in episodes], list(OF_EPISODE)])
    known = store.query(_KNOWN, [list(episodes)])
    people = {str(text).removeprefix("person:") for (text,) in (*named, *known)}
    found = {str(UUID(text)) for text in people if is_id(text)}
    store.query(_HOLD, [sorted(found)])
    return found


def _episodes(people: Collection[str]) -> set[str]:
    return {id for (id,) in store.query(_THEIRS, [list(people)])} if people else set()


@dataclass
class _Derived:
    """What facts come to: courses by episode, and stays."""

    courses: dict[str, Course]
    stays: list[Lying]


def _settle(episodes: set[str], places: set[str], now: datetime) -> None:
    mine = _derive(episodes, now)
    people = {stay.who for stay in mine.stays} | {c.person for c in mine.courses.values() if c.person}
    touched = places | {stay.place for stay in mine.stays if stay.place}
    touched |= {str(id) for (id,) in store.query(_CLAIMED, [list(episodes)])} if episodes else set()
    beds = {str(id) for (id,) in store.query(_LOCK, {"places": list(touched), "people": list(people)})}
    before = {str(stay.pk): stay for stay in _stored(episodes, beds)}
    others = _beside(before.values(), episodes, people)
    theirs = [stay for stay in _derive(others, now).stays if stay.place in beds] if others else []
    taken = _taken([*mine.stays, *theirs], beds, now)
    rows = list(_rows([*mine.stays, *theirs], mine.courses, before, taken))
    _merge(BedStay, before, {str(row.pk): row for row in rows})
    known = {str(one.pk): one for one in Episode.objects.filter(id__in=episodes)}
    _merge(Episode, known, {str(one.pk): one for one in _patients(mine, rows)})
    _mark(taken, {stay.who for stay in mine.stays if stay.is_open})


def _beside(stays: Iterable[BedStay], episodes: set[str], people: set[str]) -> set[str]:
    """The episodes of everybody else who claims the same beds: all of each person's."""
    others = {str(stay.episode) for stay in stays} - episodes
    whose = {str(stay.person) for stay in stays if stay.person} - people
    return (others | _episodes(whose)) - episodes


def _stored(episodes: set[str], beds: set[str]) -> Iterable[BedStay]:
    return BedStay.objects.raw(
        "SELECT * FROM bed_stay WHERE episode = ANY(%s::uuid[]) OR claimed = ANY(%s::uuid[])",
        [list(episodes), list(beds)],
    )


def _derive(episodes: Collection[str], now: datetime) -> _Derived:
    facts = _facts([f"episode:{id}" for id in episodes], now) if episodes else {}
    courses = {one.episode: one for own in facts.values() if (one := course_of(own))}
    by_person: dict[str, list[Happened]] = defaultdict(list)
    for subject, own in facts.items():
        id = subject.removeprefix("episode:")
        by_person[(courses[id].person if id in courses else None) or id] += own
    return _Derived(courses, [stay for who, own in by_person.items() for stay in lyings_of(who, own)])


def _facts(subjects: list[str] | None, now: datetime) -> dict[str, list[Happened]]:
    """The facts that count, by subject. One query."""
    where = "true" if subjects is None else "f.subject = ANY(%(subjects)s::text[])"
    found: dict[str, list[Happened]] = defaultdict(list)
    given = {"subjects": subjects, "kinds": list(KINDS), "now": now}
    for subject, id, kind, at, area, data in store.query(_FACTS.format(subjects=where), given):
        episode = subject.removeprefix("episode:")
        found[subject].append(Happened(id, kind, at, episode, area, json.loads(data)))
    return found


def _taken(stays: Iterable[Lying], beds: set[str], now: datetime) -> dict[str, Taken]:
    facts = _facts([f"place:{id}" for id in beds], now) if beds else {}
    theirs: dict[str, list[Lying]] = defaultdict(list)
    for stay in stays:
        if stay.place in beds:
            theirs[str(stay.place)].append(stay)
    return {id: taken_by(theirs[id], facts.get(f"place:{id}", ())) for id in beds}


def _rows(
    stays: list[Lying], courses: Mapping[str, Course], before: Mapping[str, BedStay], taken: Mapping[str, Taken]
) -> Iterable[BedStay]:
    """Stays as rows. A stay lies in the area of its bed, else of its hospital, else of the fact."""
    beds = _beds({stay.place for stay in stays if stay.place})
    units = _areas({stay.unit for stay in stays if stay.unit})
    for stay in stays:
        area, unit = beds.get(stay.place or "", (units.get(stay.unit or "", stay.area), stay.unit))
        found = taken.get(stay.place or "")
        trouble = found.troubles[stay.id] if found else "no_bed"
        course, known = courses.get(stay.episode), before.get(stay.id)
        yield BedStay(
            id=UUID(stay.id),
            episode=UUID(stay.episode),
            person=_uuid(stay.who) if stay.who != stay.episode else None,
            area=area,
            home=course.area if course else known.home if known else stay.area,
            unit=_uuid(unit),
            claimed=_uuid(stay.place),
            bed_id=_uuid(stay.place) if not trouble else None,
            started_at=stay.started,
            ended_at=stay.ended,
            trouble=trouble,
        )


def _patients(derived: _Derived, rows: Iterable[BedStay]) -> Iterable[Episode]:
    """Courses as rows, with the hospital of the last stay."""
    last: dict[str, BedStay] = {}
    first: dict[str, datetime] = {}
    for row in sorted(rows, key=lambda row: row.started_at):
        last[str(row.episode)] = row
        first.setdefault(str(row.episode), row.started_at)
    for id, course in derived.courses.items():
        stay = last.get(id)
        said = {name: getattr(course, name) for name in _COURSE - {"episode", "person"}}
        yield Episode(
            id=UUID(id),
            person=_uuid(course.person),
            unit=stay.unit if stay else None,
            unit_area=stay.area if stay and stay.unit else None,
            admitted_at=first.get(id),
            **said,
        )


def _beds(ids: Collection[str]) -> dict[str, tuple[str, str | None]]:
    """The area and the hospital of each of these beds."""
    found = store.query("SELECT place::text, area, unit::text FROM bed WHERE place = ANY(%s::uuid[])", [list(ids)])
    return {place: (area, unit) for place, area, unit in found} if ids else {}


def _areas(units: Collection[str]) -> dict[str, str]:
    return (
        dict(store.query("SELECT id::text, area FROM unit WHERE id = ANY(%s::uuid[])", [list(units)])) if units else {}
    )


def _merge(model: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Rows that differ are taken away and put in anew. Two statements, however many; none where nothing moved."""
    names = [field.attname for field in model._meta.concrete_fields]

    def values(row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in names)

    same = {id for id in before.keys() & after.keys() if values(before[id]) == values(after[id])}
    table, columns = model._meta.db_table, ", ".join(field.column for field in model._meta.concrete_fields)
    if gone := list(before.keys() - same):
        store.execute(f"DELETE FROM {table} WHERE id = ANY(%s::uuid[])", [gone])
    if new := [values(row) for id, row in after.items() if id not in same]:
        kinds = [_TYPES.get(field.get_internal_type(), "text") for field in model._meta.concrete_fields]
        arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
        given = [list(column) for column in zip(*new, strict=True)]
        store.execute(f"INSERT INTO {table} ({columns}) SELECT * FROM unnest({arrays})", given)


def _mark(taken: Mapping[str, Taken], lying: set[str]) -> None:
    """The state of beds where it changed; a bed is kept no longer for whoever lies, nor while somebody is in it."""
    changed = []
    wanted = "SELECT * FROM bed WHERE place = ANY(%s::uuid[]) OR reserved_for = ANY(%s::uuid[])"
    for bed in Bed.objects.raw(wanted, [list(taken), list(lying)]) if taken or lying else ():
        now = taken.get(str(bed.pk))
        state, since = (now.state, now.since) if now else (bed.state, bed.since)
        is_over = str(bed.reserved_for_id) in lying or (now is not None and now.state == "occupied")
        kept = None if is_over else bed.reserved_for_id
        if (state, since, kept) != (bed.state, bed.since, bed.reserved_for_id):
            changed.append((bed.pk, state, since, kept))
    if changed:
        store.execute(_MARK, [list(column) for column in zip(*changed, strict=True)])


def _ids(prefix: str, subjects: Iterable[str]) -> set[str]:
    """The ids of the subjects of one type; a subject whose id is none is nobody's."""
    found = (subject.removeprefix(prefix) for subject in subjects if subject.startswith(prefix))
    return {id for id in found if is_id(id)}


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None
