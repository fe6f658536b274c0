"""The shapes of every answer. Instants carry a zone; `next` is the cursor of the following page, null on the last."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from bulou.kernel.text import Text

NoMiss = Literal["screening", "isolation", "monitoring", "treatment", "control", "none"]
State = Literal["open", "met", "late", "missed", "void", "waived"]


class Answer(BaseModel):
    """Base of the answers."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class ProblemOut(Answer):
    """One thing wrong with a request. `message` is the wording in the language asked for."""

    code: str = Field(description="Stable and greppable")
    message: str
    zh: str
    en: str
    where: str = Field("", description="Line, byte or id")
    field: str = ""


class Failure(Answer):
    """The body of every answer from 400 on."""

    problems: list[ProblemOut]


class FactIn(BaseModel):
    """One fact as it travels."""

    id: UUID = Field(description="Made where the fact is made; sending it again changes nothing")
    kind: str = Field(description="One of /kinds", examples=["temperature.read"])
    subject: str = Field(description="Whom or what it is about: `person:` and an id, `area:` and a code, …")
    area: str = Field(description="Area code, within the sender's area", examples=["120101001001"])
    at: datetime = Field(description="When it happened, with a time zone")
    by: str | None = Field(None, description="The unit that recorded it, one in the sender's area: `unit:` and its id")
    data: dict[str, Any] = Field(default_factory=dict, description="As the kind's schema says")
    supersedes: UUID | None = Field(None, description="The fact this one corrects or withdraws")


class RefusalOut(Answer):
    """A fact that was not taken: its place in the batch (from 0), and why."""

    place: int
    id: str
    code: str
    zh: str
    en: str
    field: str


class ReceiptOut(Answer):
    """Every fact sent is created, unchanged (known already) or refused."""

    created: int
    unchanged: int
    refused: list[RefusalOut]


class CountsOut(Answer):
    """Duties by state; `unowned` are those of `open` and `missed` that no unit answers for."""

    open: int
    met: int
    late: int
    missed: int
    void: int
    waived: int
    unowned: int


class UnitRef(Answer):
    """A unit by id and name."""

    id: UUID
    name: str


class DutyOut(Answer):
    """One duty. `must` is the fact kind that discharges it, `doable` while it can; without owner, nobody answers."""

    key: str
    duty: str
    plan: str
    clause: str
    cites: str
    title: Text
    no_miss: NoMiss
    subject: str
    area: str
    area_name: str
    opens_at: datetime
    due_at: datetime
    state: State
    must: str
    role: str
    owner: UnitRef | None
    doable: bool


class DutyPage(Answer):
    rows: list[DutyOut]
    next: str | None


class FactOut(Answer):
    """One fact as stored. `effective`: no effective fact supersedes it."""

    id: UUID
    kind: str
    subject: str
    area: str
    at: datetime
    by: str | None
    data: dict[str, Any]
    supersedes: UUID | None
    recorded_at: datetime
    effective: bool


class FactPage(Answer):
    rows: list[FactOut]
    next: str | None


class ToldOut(Answer):
    """Somebody was told that the duty is overdue; `unit` is null where nobody holds the role."""

    role: str
    unit: UnitRef | None
    at: datetime


class WhyOut(Answer):
    """One duty explained: `steps` read from top to bottom, `facts` are those that bear on it."""

    duty: DutyOut
    opened_by: FactOut | None
    discharged_by: FactOut | None
    steps: list[Text]
    facts: list[FactOut]
    told: list[ToldOut]


class ColumnOut(Answer):
    """One no-miss: duties due on the day, and of all days."""

    no_miss: NoMiss
    today: CountsOut
    ever: CountsOut


class AreaCountsOut(Answer):
    """A part of the board's area; everything but `ever` is of the day."""

    area: str
    name: str
    by_no_miss: dict[NoMiss, CountsOut]
    total: CountsOut
    ever: CountsOut


class BoardOut(Answer):
    """Who is being missed in an area on a day, as of the last clock pass."""

    area: str
    day: date
    as_of: datetime
    columns: list[ColumnOut]
    children: list[AreaCountsOut]


class AreaRef(Answer):
    code: str
    name: str
    level: str
    valid_to: date | None = Field(description="The day it ended, exclusive")


class AreaOut(AreaRef):
    """A division, the path down to it, and the divisions one level below that are in force."""

    path: list[AreaRef]
    children: list[AreaRef]


class KindOut(Answer):
    """A kind of fact: whom it may be about, and its data as JSON Schema."""

    kind: str
    on: list[str]
    title: Text
    about: str
    json_schema: dict[str, Any]


class RoleOut(Answer):
    role: str
    title: Text


class MeOut(Answer):
    """The account of this request, and what time the house says it is."""

    username: str
    name: str
    unit: UnitRef
    role: RoleOut
    area: str
    language: str
    now: datetime
    clock_is_set: bool


class HealthOut(Answer):
    """The database answers. `pass_age_seconds`: business time since the last clock pass, null before the first."""

    status: Literal["ok"]
    now: datetime
    passed_at: datetime | None
    pass_age_seconds: float | None


class RootOut(Answer):
    version: str
    openapi: str
    docs: str
