"""Rows about what an earlier row of the same file was about: they say the same, or they are refused.

Which keys were met is kept in bits, so that hardly any row is asked for that was not met, however long the file.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from bulou.directory.probing import probing
from bulou.exchange.imports.lines import Fate, Line
from bulou.exchange.imports.models import ImportBatch
from bulou.exchange.imports.refusing import bad_cell

BITS = 1 << 27
"""Sixteen MiB: of a file of a million rows one in two hundred is asked for in vain."""


class Repeats:
    """The keys of one run's rows. A run that goes on where it was left asks for every key."""

    def __init__(self, batch: ImportBatch) -> None:
        self._batch = batch
        self._met = bytearray(0 if batch.last_row else BITS // 8)

    def fates(self, lines: Sequence[Line]) -> dict[int, Fate]:
        """The fates of lines that go no further: those something is wrong with, and those an earlier row has said.

        At most three queries.
        """
        fates: dict[int, Fate] = {}
        maybe: list[Line] = []
        for one in lines:
            if one.problems:
                fates[one.number] = Fate("rejected", problems=tuple(one.problems))
            elif one.key and self._meet(one.key):
                maybe.append(one)
        return fates | self._again(lines, {one.key for one in maybe if one.key}) if maybe else fates

    def _meet(self, key: UUID) -> bool:
        """True where a key may have been met; from now on it was."""
        if not self._met:
            return True
        place = key.int % BITS
        at, bit = place >> 3, 1 << (place & 7)
        if self._met[at] & bit:
            return True
        self._met[at] |= bit
        return False

    def _again(self, lines: Sequence[Line], keys: set[UUID]) -> dict[int, Fate]:
        seen = self._seen(keys)
        fates: dict[int, Fate] = {}
        for one in lines:
            if one.problems or one.key not in keys:
                continue
            if one.key in seen:
                number, digest = seen[one.key]
                fates[one.number] = Fate("unchanged") if digest == one.digest else _contradiction(number)
            else:
                seen[one.key] = one.number, one.digest
        return fates

    def _seen(self, keys: set[UUID]) -> dict[UUID, tuple[int, int]]:
        """Of each key the first row that was taken, and its digest."""
        with probing(), connection.cursor() as cursor:
            cursor.execute(_SEEN, [self._batch.id, list(keys)])
            return {key: (number, digest) for key, number, digest in cursor.fetchall()}


def _contradiction(number: int) -> Fate:
    return Fate(
        "rejected",
        problems=(
            bad_cell(
                "repeated",
                f"与第 {number} 行说的是同一个对象，内容却不同，没有存入。是同一个的，改成一致或删去一行；"
                "不是同一个的，补上能区分的内容（证件号码、出生日期、时间）。",
                f"Row {number} is about the same, and says otherwise; this row was not taken. Make them agree or "
                "delete one; where they are not the same, add what tells them apart (ID number, date of birth, time).",
            ),
        ),
    )


_SEEN = """
SELECT key, number, digest FROM import_row
WHERE batch = %s AND key = ANY(%s::uuid[]) AND outcome <> 'rejected' ORDER BY number DESC
"""
