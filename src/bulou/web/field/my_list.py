"""My list: the duties of one unit, gathered by where the work is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from bulou.kernel.ids import new_id
from bulou.ledger.selectors import DutyRow
from bulou.web import rows, shelf
from bulou.web.field import homes, questions

FINISHED = ("met", "late", "waived", "void")


@dataclass(frozen=True, slots=True)
class Task:
    """One duty on the list. `form` is what to ask, None where nothing is to be done; `id` the id the fact will have."""

    row: DutyRow
    name: str
    url: str
    form: questions.Form | None
    id: UUID
    undo: str = ""

    @property
    def finished(self) -> bool:
        return self.row.state in FINISHED


@dataclass(frozen=True, slots=True)
class Group:
    """The tasks at one place: a household, a site, an office."""

    key: str
    name: str
    detail: str
    icon: str
    tasks: tuple[Task, ...]

    @property
    def left(self) -> int:
        return sum(not task.finished for task in self.tasks)


@dataclass(frozen=True, slots=True)
class Progress:
    """Done and to be done today. `percent` is 0 to 100."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100


def progress(groups: Iterable[Group]) -> Progress:
    tasks = [task for group in groups for task in group.tasks]
    return Progress(sum(task.finished for task in tasks), len(tasks))


def fixed(row: DutyRow, now: datetime) -> questions.Fixed:
    """What the duty asks of the fact's data: the values its plan lists, in force now."""
    rule = shelf.rule(row.duty)
    if rule is None:
        return {}
    day = now.astimezone(rule.zone).date()
    return {
        condition.field: condition.value
        for condition in rule.must.where
        if condition.op == "in"
        and isinstance(condition.value, tuple)
        and (condition.valid_from is None or condition.valid_from <= day)
        and (condition.valid_to is None or day < condition.valid_to)
    }


def key_of(where: str) -> str:
    """A short word for a place, fit for an element's id and a form."""
    return blake2b(where.encode(), digest_size=6).hexdigest()


def gather(duties: Sequence[DutyRow], now: datetime) -> list[Group]:
    """The duties by household or place, each group by due time, groups with work first. Two queries more than names."""
    shown = rows.shown(duties)
    doors = homes.homes(row.subject for row in duties)
    gathered: dict[str, list[rows.Shown]] = {}
    for one in shown:
        door = doors.get(one.row.subject)
        gathered.setdefault(door.id if door else one.row.subject, []).append(one)
    groups = [_group(where, members, doors, now) for where, members in gathered.items()]
    return sorted(groups, key=lambda group: (group.left == 0, min(task.row.due_at for task in group.tasks), group.name))


def _group(where: str, members: Sequence[rows.Shown], doors: Mapping[str, homes.Home], now: datetime) -> Group:
    first = members[0]
    door = doors.get(first.row.subject)
    tasks = [task(one, now) for one in members]
    ordered = sorted(tasks, key=lambda one: (one.finished, one.row.due_at, one.name, one.row.title.zh))
    return Group(
        key=key_of(where),
        name=(door.address if door else "") or first.name,
        detail=first.area_name,
        icon="home" if door else _ICONS.get(where.partition(":")[0], "building"),
        tasks=tuple(ordered),
    )


_ICONS = {"person": "user", "place": "building", "unit": "building", "area": "map-pin", "episode": "virus"}


def task(one: rows.Shown, now: datetime) -> Task:
    """One duty with its form, where something can still be done about it."""
    form = questions.form(one.row.must, fixed(one.row, now)) if one.row.doable else None
    return Task(one.row, one.name, one.url, form, new_id())
