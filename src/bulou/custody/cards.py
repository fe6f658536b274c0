"""The code on a person's card: what a hand scans or types to say that this is the person before them.

It is a keyed digest of the person's id, so it says nothing about anybody, cannot be made without the key, and needs no
table. It is looked up only among people a unit has to do with, so that nobody learns by guessing who exists.
"""

from collections.abc import Iterable
from uuid import UUID

from bulou.directory.crypto import vault

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter that is taken for a digit."""
LENGTH, SHORT = 26, 8
"""Characters of the code in the QR mark (130 bits of the digest), and of its beginning, which people type."""
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def code(person: UUID) -> str:
    """The whole code of a person's card."""
    digest = int.from_bytes(vault().index(str(person), "custody card"))
    return "".join(ALPHABET[digest >> (251 - 5 * place) & 31] for place in range(LENGTH))


def short(person: UUID) -> str:
    """What stands under the mark, to be typed: `7F3K-9Q2D`."""
    typed = code(person)[:SHORT]
    return f"{typed[:4]}-{typed[4:]}"


def find(given: str, people: Iterable[UUID]) -> UUID | None:
    """Which of these people a scanned or typed code means; None where none, or it is too short to mean anybody."""
    wanted = given.strip().upper().translate(_READ_AS)
    if len(wanted) < SHORT:
        return None
    return next((person for person in people if code(person)[: len(wanted)] == wanted), None)
