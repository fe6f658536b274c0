"""My list: the duties of one unit, gathered by where the work is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from bulou.directory import selectors as directory
from bulou.kernel.ids import new_id
from bulou.kernel.text import Text
from bulou.ledger import shelf
from bulou.ledger.selectors import DutyRow
from bulou.no_miss.treatment import selectors as treatment
from bulou.plan.matching import covers
from bulou.plan.rules import Trigger
from bulou.web import finding_words, rows, words, zone_words
from bulou.web.field import elsewhere, homes, needs, questions

HOME = "home"
CHECKLIST = "checklist.completed"
FINISHED = ("met", "late", "waived", "void")


@dataclass(frozen=True, slots=True)
class Task:
    """One need on the list. `form` is what to ask, None where nothing is to be done here; `id` the fact's.

    `page`: where it is done instead, where that is not here.

    `row` is its duty, the strictest where several are done by the same fact; `also` are the others. `here` where the
    duty is about the place the group stands for, so that its name need not be said again.
    """

    row: DutyRow
    name: str
    url: str
    form: questions.Form | None
    id: UUID
    here: bool = False
    undo: str = ""
    page: str = ""
    also: tuple[DutyRow, ...] = ()

    @property
    def finished(self) -> bool:
        return self.row.state in FINISHED

    def is_about(self, key: str) -> bool:
        """True where the duty of this key is one of its own."""
        return any(row.key == key for row in (self.row, *self.also))


@dataclass(frozen=True, slots=True)
class Group:
    """The tasks at one place: a household, a site, an office. `name` is what tells it from its neighbours."""

    key: str
    name: str
    icon: str
    tasks: tuple[Task, ...]

    @property
    def pending(self) -> list[Task]:
        return [task for task in self.tasks if not task.finished]

    @property
    def finished(self) -> list[Task]:
        return [task for task in self.tasks if task.finished]

    @property
    def has_undo(self) -> bool:
        return any(task.undo for task in self.tasks)

    @property
    def left(self) -> int:
        """Tasks something can still be done about."""
        return sum(task.form is not None or bool(task.page) for task in self.tasks)


class Listed(NamedTuple):
    """Groups in order, and what the addresses of all households on the list begin with."""

    groups: list[Group]
    beginning: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Done and to be done today. `percent` is 0 to 100."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100


def progress(duties: Sequence[DutyRow], now: datetime) -> Progress:
    """How far the list is, of the needs in it that are done or can still be."""
    first = [need[0] for need in needs.joined(duties, now)]
    done = sum(row.state in FINISHED for row in first)
    return Progress(done, done + sum(row.doable for row in first))


def fixed(row: DutyRow, now: datetime) -> questions.Fixed:
    """What the duty asks of the fact's data, by the numbers in force now."""
    rule = shelf.rule(row.duty)
    return _fixed(row.duty, now.astimezone(rule.zone).date(), shelf.folder()) if rule else {}


@lru_cache(maxsize=4096)
def _fixed(duty: str, day: date, folder: Path) -> questions.Fixed:
    rule = shelf.rule(duty)
    return wanted(rule.must, day) if rule else {}


def wanted(must: Trigger, day: date) -> questions.Fixed:
    """The fields a duty names on a day: with the values its plan lists, or none where it compares them."""
    return {
        condition.field: condition.value if isinstance(condition.value, tuple) else ()
        for condition in must.where
        if covers(condition, day)
    }


def items(row: DutyRow, asked: questions.Fixed) -> tuple[questions.Option, ...]:
    """What the checklist a duty asks for goes through; nothing for any other duty."""
    named = asked.get("checklist", ()) if row.must == CHECKLIST else ()
    found = shelf.checklist(row.plan, str(named[0])) if len(named) == 1 else None
    return (
        tuple(questions.Option(item.item, words.say(Text(zh=item.zh, en=item.en))) for item in found.items)
        if found
        else ()
    )


def key_of(where: str) -> str:
    """A short word for a place, fit for an element's id and a form."""
    return blake2b(where.encode(), digest_size=6).hexdigest()


def gather(duties: Sequence[DutyRow], now: datetime, only: str | None = None) -> Listed:
    """The duties by household or place, each group by due time, groups with work first; or the one group of that key.

    What the addresses of all households begin with is left out. One query; one more where others than people are on the
    list, another for cases.
    """
    people = homes.residents(row.subject for row in duties)
    doors = {subject: one.home for subject, one in people.items() if one.home}
    gathered: dict[str, list[DutyRow]] = {}
    for row in duties:
        door = doors.get(row.subject)
        gathered.setdefault(door.id if door else row.subject, []).append(row)
    chosen = {where: rows for where, rows in gathered.items() if only in (None, key_of(where))}
    others = {row.subject for members in chosen.values() for row in members} - people.keys()
    names = {subject: one.name for subject, one in people.items()} | _names(others)
    beginning = common_beginning(doors)
    groups = [_group(where, members, doors, names, now) for where, members in chosen.items()]
    shown = [replace(group, name=group.name.removeprefix(beginning)) for group in groups]
    return Listed(sorted(shown, key=_urgency), beginning)


def _names(subjects: set[str]) -> dict[str, str]:
    cases = {subject for subject in subjects if subject.startswith("episode:")}
    named = directory.names(subjects) | (treatment.episode_names(cases) if cases else {})
    return named | zone_words.names(subjects) | finding_words.names(subjects)


def _urgency(group: Group) -> tuple[bool, datetime, str]:
    """Groups with work first, by what is due first."""
    return group.left == 0, min(task.row.due_at for task in group.pending or group.tasks), group.name


def common_beginning(doors: Mapping[str, homes.Home]) -> str:
    """What all addresses begin with, so that it is said once; empty where it would say nothing."""
    addresses = list({door.id: door.address for door in doors.values()}.values())
    shared = _shared(addresses).rstrip("0123456789") if len(addresses) > 1 else ""
    return shared if len(shared) > 2 and len(shared) < min(map(len, addresses)) else ""


def _shared(texts: Sequence[str]) -> str:
    """The characters all texts begin with."""
    columns = zip(*texts, strict=False)
    return "".join(column[0] for column in takewhile(lambda column: len(set(column)) == 1, columns))


def _group(
    where: str, members: Sequence[DutyRow], doors: Mapping[str, homes.Home], names: Mapping[str, str], now: datetime
) -> Group:
    first = members[0].subject
    door = doors.get(first)
    tasks = [task(need, where, names, now) for need in needs.joined(members, now)]
    ordered = sorted(tasks, key=lambda one: (one.finished, one.row.due_at, one.name, one.row.title.zh))
    return Group(
        key=key_of(where),
        name=(door.address if door else "") or names.get(first) or rows.kind_word(first),
        icon=HOME if door else _ICONS.get(where.partition(":")[0], "building"),
        tasks=tuple(ordered),
    )


_ICONS = {
    "person": "user",
    "place": "building",
    "unit": "building",
    "area": "map-pin",
    "episode": "virus",
    "zone": "barrier-block",
    "finding": "eye",
}


def task(need: Sequence[DutyRow], where: str, names: Mapping[str, str], now: datetime) -> Task:
    """Duties done by one fact, the strictest first, with the form, where something can still be done about them."""
    row, *also = need
    name, here = names.get(row.subject) or rows.kind_word(row.subject), row.subject == where
    form, page = None, elsewhere.address(row, name) if row.doable else ""
    if row.doable and not page:
        asked = fixed(row, now)
        form = questions.form(row.must, asked, items(row, asked))
    url = "" if here else rows.file_url(row.subject)
    return Task(row, name, url, form, new_id(), here=here, page=page, also=tuple(also))
