"""What is kept of a person once nothing is left to do for them: that somebody was there, and no word of who.

A room that keeps words about people says here how they are taken out of its own tables; all of it is done in one
transaction. Their ids stay, and lead to nobody: the counts, the duties and the proofs that hang on them add up.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from bulou.directory.crypto import vault
from bulou.directory.scope import everywhere

MARK = "（已删除）"
"""What stands where a word about somebody stood."""
Erase = Callable[[Collection[UUID]], None]
EraseWords = Callable[[Collection[str]], None]
_rooms: list[Erase] = []
_by_word: list[EraseWords] = []

_WORDS = """
SELECT id, name, id_number, phone FROM person
WHERE (id = ANY(%(people)s::uuid[]) OR same_as = ANY(%(people)s::uuid[])) AND name <> ''
"""
_PEOPLE = """
WITH gone AS (
    UPDATE person SET name = '', initials = '', sex = 'unknown', birth_date = NULL, nationality = '', household = NULL,
        id_kind = 'other', id_number = NULL, id_index = NULL, id_tail = NULL, phone = NULL, phone_index = NULL,
        phone_tail = NULL, retired_at = COALESCE(person.retired_at, now())
    FROM person was
    WHERE was.id = person.id AND (person.id = ANY(%(people)s::uuid[]) OR person.same_as = ANY(%(people)s::uuid[]))
    RETURNING person.id, was.household
)
SELECT id, household FROM gone
"""
_HOMES = """
WITH empty AS (
    UPDATE household SET address = NULL
    WHERE id = ANY(%(homes)s::uuid[]) AND NOT EXISTS (SELECT FROM person p WHERE p.household = household.id)
    RETURNING id
)
UPDATE place SET name = %(mark)s, initials = '' WHERE kind = 'household' AND id IN (SELECT id FROM empty)
"""
_LOOKS = "SELECT access_log_erase(%(names)s::text[], %(mark)s)"


def register(erase: Erase) -> None:
    """From now on `erase` is told of people who are erased. Called once, when the program starts."""
    _rooms.append(erase)


def register_words(erase: EraseWords) -> None:
    """From now on `erase` is told names and numbers of people who are erased, for what has no id of them."""
    _by_word.append(erase)


def erase(people: Collection[UUID]) -> int:
    """Take every word about these people, and the files that are part of theirs, out of every room. How many files."""
    with transaction.atomic(), everywhere(), connection.cursor() as cursor:
        given: dict[str, Any] = {"people": list(people), "mark": MARK}
        cursor.execute(_WORDS, given)
        names, numbers = _read(cursor.fetchall())
        cursor.execute(_PEOPLE, given)
        gone = cursor.fetchall()
        cursor.execute(_HOMES, {"homes": [home for _, home in gone if home], "mark": MARK})
        cursor.execute(_LOOKS, {"names": names, "mark": MARK})
        for room in _rooms:
            room([id for id, _ in gone])
        for room_by_word in _by_word:
            room_by_word([*names, *numbers])
    return len(gone)


def _read(rows: Iterable[tuple[UUID, str, bytes | None, bytes | None]]) -> tuple[list[str], list[str]]:
    """The names, and the numbers in full, of people whose rows are still whole."""
    names, numbers, safe = [], [], vault()
    for id, name, id_number, phone in rows:
        names.append(name)
        sealed = (("id_number", id_number), ("phone", phone))
        numbers += [safe.unseal(value, id, column).removeprefix("+86") for column, value in sealed if value is not None]
    return names, numbers
