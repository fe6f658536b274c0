"""Two files turn out to be one person's: the newer becomes part of the older, keeps its facts, and can leave again."""

from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from bulou.directory.crypto import vault
from bulou.directory.models import Person, Sex
from bulou.directory.services.putting import Change, put
from bulou.directory.services.refusals import refusals
from bulou.kernel.errors import BulouError

PLAIN = ("sex", "birth_date", "household")
SEALED = {"id_number": ("id_index", "id_tail"), "phone": ("phone_index", "phone_tail")}
"""Sealed columns with those that follow them."""


def people_merge(new: UUID, into: UUID) -> Change:
    """Make one file part of another, which is given what it did not know; column to (before, after).

    Every fact stays where it is: both ids lead to the one file. BulouError where either is out of scope or part of
    another, or something is part of the newer one.
    """
    with refusals():
        found = {p.id: p for p in Person.objects.select_for_update().filter(id__in=[new, into])}
        if len(found) < 2 or Person.everyone.filter(same_as=new).exists():
            raise _cannot()
        newer, older = found[new], found[into]
        change = _given(newer, older)
        newer.same_as_id, newer.retired_at = into, Now()
        if "id_index" in change:
            newer.id_index = None
        newer.save(update_fields=["same_as", "retired_at", "id_index"])
        put([(into, change)])
    return change


def people_part(new: UUID, into: UUID, change: Change) -> None:
    """Take a merging back: the older file is as it was, unless somebody changed it since; the newer is on the books."""
    with refusals():
        newer = Person.everyone.select_for_update().filter(id=new, same_as=into).first()
        if newer is None:
            raise _cannot()
        put([(into, change)], back=True)
        newer.same_as, newer.retired_at = None, None
        if "id_index" in change and change["id_index"][1]:
            newer.id_index = bytes.fromhex(change["id_index"][1])
            taken = Person.everyone.filter(id_index=newer.id_index).exists()
            newer.id_index = None if taken else newer.id_index
        newer.save(update_fields=["same_as", "retired_at", "id_index"])


def _given(newer: Person, older: Person) -> Change:
    """What the newer file knows and the older does not; sealed values sealed anew for the older one's row."""
    change: dict[str, tuple[str | None, str | None]] = {}
    for name in PLAIN:
        attribute = f"{name}_id" if name == "household" else name
        had, has = getattr(older, attribute), getattr(newer, attribute)
        if has not in (None, "", Sex.UNKNOWN) and had in (None, "", Sex.UNKNOWN):
            change[name] = (None if had is None else str(had), str(has))
    for column, following in SEALED.items():
        sealed = getattr(newer, column)
        if sealed is not None and getattr(older, column) is None:
            plain = vault().unseal(sealed, newer.id, column)
            change[column] = (None, vault().seal(plain, older.id, column).hex())
            change |= {name: (None, _hex(getattr(newer, name))) for name in following}
            if column == "id_number":
                change["id_kind"] = (older.id_kind, newer.id_kind)
    return change


def _hex(value: Any) -> str | None:
    return bytes(value).hex() if value is not None else None


def _cannot() -> BulouError:
    return BulouError.of(
        "person.merge",
        "不能合并：其中一份档案不在您的属地内，或已经与别的档案合并。请刷新后再看。",
        "These cannot be made one: a file lies outside your area, or is part of another already. Look again.",
    )
