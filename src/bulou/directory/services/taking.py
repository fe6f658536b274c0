"""People as other offices send them, many at once: who is new goes on file, who is known is brought up to date.

Whoever has an identity number is known by it. Without one, a person is known by what the row says of them, so that the
same row sent twice is one person; whether two such rows may be one person is for somebody to decide (`likeness`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from bulou.directory.crypto import Seal, vault
from bulou.directory.models import Household, Person
from bulou.directory.models.people import Sex
from bulou.directory.probing import probing
from bulou.directory.scope import everywhere, scope
from bulou.directory.selectors.likeness import READ, Pair, alike
from bulou.directory.services.people import (
    PERSON,
    NewHousehold,
    NewPerson,
    households_register,
    read_numbers,
    sealed_values,
)
from bulou.directory.services.putting import Change, put
from bulou.directory.services.refusals import refusals
from bulou.kernel.areas import prefix_range
from bulou.kernel.copying import copy_row
from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.text import Text

Outcome = Literal["created", "updated", "unchanged", "rejected"]
COLUMNS = tuple(PERSON.values())
PLACE = {column: place for place, column in enumerate(COLUMNS)}
COMPARED = ("area", "household", "name", "sex", "birth_date", "nationality", "phone_index")
"""What a known person's row is compared in; an empty cell says nothing."""
FOLLOWING = {"name": ("initials",), "phone_index": ("phone", "phone_tail")}
"""Columns that change with another."""
MANY = 1_000
ONE_AT_A_TIME = 0x62756C6F75
"""The lock under which people are taken: two senders of the same person wait for each other."""
SENT_BEFORE = Problem(
    "person.elsewhere",
    Text(
        zh="这个证件号码在您属地以外已有档案，没有改动。请联系当地转来，或核对号码。",
        en="This number has a file outside your area; it was left as it is. Ask the unit there, or check the number.",
    ),
    field="id_number",
)


TWO_PEOPLE = Problem(
    "person.two",
    Text(
        zh="这一行的人员编号和证件号码是两个人的，没有改动。请核对；不需要时把编号一格清空。",
        en="The id and the number of this row are two people's; nothing was changed. Check it, or empty the id's cell.",
    ),
    field="id_number",
)
Sides = tuple[str | None, str | None]
Met = tuple[int, UUID, bool, bool]
Like = Mapping[UUID, tuple[Pair, ...]]
NOWHERE: Mapping[UUID, NewHousehold] = {}


@dataclass(frozen=True, slots=True)
class Draft:
    """A checked person, not yet on file. `key` is the same for rows about the same person; `phone` normalised."""

    key: UUID
    values: tuple[object, ...]
    phone: str
    copied: str
    """The values as they are copied into the database."""
    address: str = ""
    stated: bool = False
    said_by_number: tuple[Sex | None, date | None] | None = None
    """Sex and date of birth as a resident's number has them."""

    @property
    def id(self) -> UUID:
        """The id the person is given where they are new."""
        return self.values[0]  # type: ignore[return-value]

    @property
    def household(self) -> UUID | None:
        return self.values[PLACE["household"]]  # type: ignore[return-value]

    def differs_from(self, other: "Draft") -> bool:
        """True where two drafts of one key do not say the same."""
        return any(self.values[PLACE[c]] != other.values[PLACE[c]] for c in COMPARED)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one person. `change`: column to (before, after), as text, of somebody who was on file.

    `like`: the pairs of somebody who came on file with those who may be the same.
    """

    outcome: Outcome
    id: UUID | None = None
    change: Change | None = None
    problem: Problem | None = None
    like: tuple[Pair, ...] = ()


def people_draft(people: Sequence[NewPerson]) -> list[Draft | BulouError]:
    """Each person read and sealed, or what is wrong with their name, number or phone. No query.

    An empty sex or nationality says nothing.
    """
    seal = vault().sealer(2 * len(people))
    drafts: list[Draft | BulouError] = []
    for new in people:
        try:
            drafts.append(_draft(new, seal))
        except BulouError as error:
            drafts.append(error)
    return drafts


def _draft(new: NewPerson, seal: Seal) -> Draft:
    identity, phone = read_numbers(new)
    if identity or new.stated:
        values = list(sealed_values(new, new.id, identity, phone, seal))
        key = new.id if new.stated else _uuid(values[PLACE["id_index"]])  # type: ignore[arg-type]
    else:
        said = (new.name.strip(), new.sex, new.birth_date or "", new.area, phone)
        key = _uuid(vault().index("\0".join(map(str, said)), "person row"))
        values = list(sealed_values(new, key, None, phone, seal))
    if values[PLACE["sex"]] == Sex.UNKNOWN and not new.sex:
        values[PLACE["sex"]] = None
    values[PLACE["nationality"]] = new.nationality or None
    return Draft(
        key,
        tuple(values),
        phone,
        copy_row(values),
        new.address,
        new.stated,
        (identity.sex, identity.birth_date) if identity else None,
    )


def people_take(
    drafts: Sequence[Draft], *, area: str, apply: bool = True, homes: Mapping[UUID, NewHousehold] = NOWHERE
) -> list[Taken]:
    """Bring people on file in the scope of `area`, each one's fate in order. Within a transaction.

    Every key must be given once, and lie in `area`. `homes`: the households drafts live in; those nobody is known to
    live in already come on file. Without `apply` nothing changes: it tells what would happen.
    """
    lo, hi = prefix_range(area)
    with refusals(), connection.cursor() as cursor:
        like: Like = {}
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        with everywhere(), probing():
            _stage(cursor, drafts)
            cursor.execute(_MET, {"lo": lo, "hi": hi})
            cursor.execute("SELECT number, id, inside, differs FROM met")
            met = _met(cursor.fetchall())
            changes = _changes(cursor, drafts) if any(inside and differs for _, inside, differs in met.values()) else {}
            _stay(drafts, changes)
        if apply:
            with scope(area):
                _settle_in(drafts, met, changes, homes)
                like = _create(cursor, new=len(drafts) - len(met), changes=dict(changes.values()))
        cursor.execute("DROP TABLE met; DROP TABLE taking")
    return [_taken(draft, met.get(number), changes.get(number), like) for number, draft in enumerate(drafts)]


def _create(cursor: Any, *, new: int, changes: Mapping[UUID, Change]) -> Like:
    """Put on file who is new, bring who is known up to date; who may be the same as one who came on file."""
    back = [id for id, change in changes.items() if "retired_at" in change]
    if new:
        cursor.execute(_LEFT)
        cursor.execute(_CREATE)
        _measure(cursor, cursor.rowcount)
    put(changes.items())
    like: dict[UUID, tuple[Pair, ...]] = {}
    for pair in alike(_CAME if new else _BACK, {"back": back}) if new or back else ():
        like[pair.person] = (*like.get(pair.person, ()), pair)
    return like


def _met(rows: Sequence[Met]) -> dict[int, tuple[UUID | None, bool, bool]]:
    """Whom each row met; nobody where its id and its number are two people's."""
    met: dict[int, tuple[UUID | None, bool, bool]] = {}
    for number, id, inside, differs in rows:
        met[number] = (None, False, False) if number in met and met[number][0] != id else (id, inside, differs)
    return met


def _stay(drafts: Sequence[Draft], changes: dict[int, tuple[UUID, dict[str, Sides]]]) -> None:
    """Who lives at the same address under another household's id has not moved."""
    asked = {
        number: UUID(change["household"][0])
        for number, (_, change) in changes.items()
        if "household" in change and "area" not in change and change["household"][0] and drafts[number].address
    }
    known = dict(Household.objects.filter(id__in=asked.values()).values_list("id", "address")) if asked else {}
    for number, id in asked.items():
        sealed = known.get(id)
        if sealed is not None and vault().unseal(sealed, id, "address") == drafts[number].address:
            del changes[number][1]["household"]
            if not changes[number][1]:
                del changes[number]


def _settle_in(
    drafts: Sequence[Draft],
    met: Mapping[int, object],
    changes: Mapping[int, tuple[UUID, Change]],
    homes: Mapping[UUID, NewHousehold],
) -> None:
    """Put on file the households of those who are new or have moved."""
    needed = {draft.household for number, draft in enumerate(drafts) if number not in met}
    needed |= {UUID(change["household"][1]) for _, change in changes.values() if "household" in change}
    if new := [homes[id] for id in needed if id and id in homes]:
        households_register(new)


def people_retire(ids: Collection[UUID]) -> int:
    """Take people off the books who were registered by mistake, those in scope; how many. Their numbers are free."""
    with connection.cursor() as cursor:
        cursor.execute(_RETIRE, [list(ids)])
        return int(cursor.rowcount)


def people_known(keys: Collection[UUID]) -> set[UUID]:
    """Those of the ids that are on the books, in scope. One query."""
    return set(Person.objects.filter(id__in=set(keys)).values_list("id", flat=True))


def _uuid(index: bytes) -> UUID:
    return UUID(bytes=index[:16], version=5)


def _stage(cursor: Any, drafts: Sequence[Draft]) -> None:
    columns = ", ".join(COLUMNS)
    cursor.execute(
        "CREATE TEMP TABLE taking ON COMMIT DROP AS"
        f" SELECT 0 AS number, false AS stated, {columns} FROM person WITH NO DATA"
    )
    with cursor.copy(f"COPY taking (number, stated, {columns}) FROM STDIN") as copy:
        copy.write("".join([f"{n}\t{'ft'[draft.stated]}\t{draft.copied}" for n, draft in enumerate(drafts)]))


def _changes(cursor: Any, drafts: Sequence[Draft]) -> dict[int, tuple[UUID, dict[str, Sides]]]:
    """What differs of each person met, by the number of the draft."""
    cursor.execute("CREATE INDEX ON taking (number)")
    cursor.execute(_DIFFERENCES)
    return {row[0]: _change(drafts[row[0]], *row) for row in cursor.fetchall()}


def _measure(cursor: Any, created: int) -> None:
    """Let the planner know of people who came by the thousand into a table it takes for small."""
    if created >= MANY:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'person'::regclass")
        if cursor.fetchone()[0] < 2 * created:
            cursor.execute("SELECT people_measure()")


def _change(draft: Draft, number: int, id: UUID, *sides: str | None) -> tuple[UUID, dict[str, Sides]]:
    """What differs of one person: column to (before, after). A new phone is sealed for the person's own row."""
    half = len(sides) // 2
    before, after = dict(zip(TOLD, sides[:half], strict=True)), dict(zip(TOLD, sides[half:], strict=True))
    change = {
        told: (before[told], after[told])
        for column in COMPARED
        if after[column] is not None and after[column] != before[column]
        for told in (column, *FOLLOWING.get(column, ()))
    }
    if "phone" in change:
        change["phone"] = (before["phone"], vault().seal(draft.phone, id, "phone").hex())
    if before["retired_at"]:
        change["retired_at"] = (before["retired_at"], None)
    return id, change


def _taken(
    draft: Draft, met: tuple[UUID | None, bool, bool] | None, change: tuple[UUID, Change] | None, like: Like
) -> Taken:
    if met is None:
        return Taken("created", draft.id, like=like.get(draft.id, ()))
    id, inside, _ = met
    if id is None:
        return Taken("rejected", problem=TWO_PEOPLE)
    if not inside:
        return Taken("rejected", problem=SENT_BEFORE)
    if change is None:
        return Taken("unchanged", id)
    return Taken("created" if "retired_at" in change[1] else "updated", id, change[1], like=like.get(id, ()))


TOLD = (*COMPARED, *(name for names in FOLLOWING.values() for name in names), "retired_at")
_AS_TEXT = {"phone_index", "phone", "phone_tail"}


def _text(of: str, column: str) -> str:
    if column == "retired_at" and of == "d":
        return "NULL"
    return f"encode({of}.{column}, 'hex')" if column in _AS_TEXT else f"{of}.{column}::text"


_DIFFERS = " OR ".join(
    ["k.retired_at IS NOT NULL", *(f"d.{c} IS NOT NULL AND d.{c} IS DISTINCT FROM k.{c}" for c in COMPARED)]
)
# OFFSET 0: each row finds its person by one probe, whatever the planner believes of tables it has not measured yet.
# A test through an expression such as COALESCE would not do: what may leak is tried after the policy, so on every row.
_HIT = f"""
SELECT d.number, k.id, k.same_as, k.area, {_DIFFERS} AS differs
FROM taking d CROSS JOIN LATERAL (SELECT * FROM person WHERE {{test}} OFFSET 0) k
"""
_BY_ID = "id = d.id AND (d.stated OR d.id_index IS NULL)"
_MET = f"""
CREATE TEMP TABLE met ON COMMIT DROP AS
WITH hit AS MATERIALIZED (
    {_HIT.format(test="id_index = d.id_index")} UNION ALL {_HIT.format(test=_BY_ID)}
), one AS (
    SELECT number, id, area, differs FROM hit WHERE same_as IS NULL
    UNION ALL SELECT h.number, p.id, p.area, false FROM hit h
    CROSS JOIN LATERAL (SELECT id, area FROM person WHERE id = h.same_as OFFSET 0) p WHERE h.same_as IS NOT NULL
)
SELECT number, id, area >= %(lo)s AND area < %(hi)s AS inside, differs FROM one
"""
_DIFFERENCES = f"""
SELECT m.number, p.id, {", ".join(_text("p", c) for c in TOLD)}, {", ".join(_text("d", c) for c in TOLD)}
FROM met m
CROSS JOIN LATERAL (SELECT * FROM person WHERE id = m.id OFFSET 0) p
CROSS JOIN LATERAL (SELECT * FROM taking WHERE number = m.number OFFSET 0) d
WHERE m.inside AND m.differs
"""
_STATED = {"sex": "COALESCE(sex, 'unknown')", "nationality": "COALESCE(nationality, 'CHN')"}
_LEFT = "DELETE FROM taking d USING met m WHERE m.number = d.number"
_CREATE = f"""
INSERT INTO person ({", ".join(COLUMNS)}) SELECT {", ".join(_STATED.get(c, c) for c in COLUMNS)} FROM taking
"""
_BACK = f"SELECT {READ} FROM person WHERE id = ANY(%(back)s::uuid[])"
_CAME = f"SELECT {READ} FROM taking UNION ALL {_BACK}"
_RETIRE = "UPDATE person SET retired_at = now(), id_index = NULL WHERE id = ANY(%s::uuid[]) AND retired_at IS NULL"
