"""Duties as rows of a page: names of who, where and whose job, asked for all rows at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from bulou.directory import selectors as directory
from bulou.directory.identity import mask_name
from bulou.directory.roles import ROLES
from bulou.kernel.text import Text
from bulou.ledger.selectors import DutyRow
from bulou.no_miss.treatment import selectors as treatment
from bulou.web import finding_words, words, zone_words
from bulou.web.access import PERSONAL
from bulou.web.weaving.addresses import address

VILLAGE = 12
"""Digits of a village's code; beyond are its grids."""
_PAGES = {
    "person": "person",
    "place": "place",
    "unit": "unit",
    "episode": "case",
    "area": "area-board",
    "zone": "zone",
    "finding": "finding",
}


@dataclass(frozen=True, slots=True)
class Owner:
    """The unit that answers, and the number to ring it at."""

    id: UUID
    name: str
    phone: str = ""
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """One duty with everything a row says. `owner` is None where nobody answers; `role` the role that would."""

    row: DutyRow
    name: str
    url: str
    area_name: str
    owner: Owner | None
    role: Text
    sign: words.Sign


def shown(rows: Sequence[DutyRow]) -> list[Shown]:
    """The rows with their names: four queries, whatever their number."""
    subjects = {row.subject for row in rows}
    names = directory.names(subjects) | treatment.episode_names(subjects) | zone_words.names(subjects)
    names |= finding_words.names(subjects)
    areas = directory.area_names({code for row in rows for code in (row.area, row.area[:VILLAGE])})
    known = owners(row.owner for row in rows if row.owner)
    return [
        Shown(
            row=row,
            name=names.get(row.subject) or kind_word(row.subject),
            url=file_url(row.subject),
            area_name=place_name(row.area, areas),
            owner=known.get(row.owner) if row.owner else None,
            role=ROLES[row.role].title if row.role in ROLES else Text(zh=row.role, en=row.role),
            sign=words.no_miss_sign(row.no_miss),
        )
        for row in rows
    ]


def masked(found: Sequence[Shown]) -> list[Shown]:
    """The rows with people by their first character: for screens that stand open, where whoever passes can read."""
    return [replace(one, name=mask_name(one.name)) if one.row.subject.startswith(PERSONAL) else one for one in found]


def place_name(area: str, names: Mapping[str, str]) -> str:
    """An area by name; a grid with its village, since grids are only numbered."""
    steps = (area[:VILLAGE], area) if len(area) > VILLAGE else (area,)
    return " ".join(names.get(step, step) for step in steps)


def file_url(subject: str) -> str:
    """The address of a subject's file; empty for those that have no page yet."""
    kind, _, identifier = subject.partition(":")
    return address(_PAGES[kind], identifier) if kind in _PAGES else ""


def kind_word(subject: str) -> str:
    """What sort of thing a subject is, for one whose name is not known."""
    kind, _, identifier = subject.partition(":")
    return f"{words.SUBJECTS.get(kind, kind)} {identifier[-4:]}"


def owners(ids: Iterable[UUID]) -> dict[UUID, Owner]:
    """Units by id, with how to ring them. One query."""
    known = directory.unit_contacts(set(ids)).items()
    return {id: Owner(id, found.name, found.phone, found.synthetic) for id, found in known}
