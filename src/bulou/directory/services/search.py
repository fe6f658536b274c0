"""Keys to find by, for rows that came without them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import transaction

from bulou.directory.crypto import vault
from bulou.directory.models import Person, Place, Unit
from bulou.directory.search_keys import person_keys

SIZE = 2_000


@transaction.atomic
def keys_make(limit: int = 10_000, models: Sequence[Any] = (Person, Place, Unit)) -> int:
    """Give up to `limit` people, places and units each the keys they lack; how many were given some.

    Run until it is zero. Needs the scope of the whole country. `models`: as a migration knows them.
    """
    people, *named = models
    bare = people.objects.filter(initials="").exclude(name="").select_for_update(skip_locked=True)[:limit]
    made = _kept(people, bare, ["initials", "id_tail", "phone_tail"], _tails)
    for model in named:
        bare = model.objects.filter(initials="").exclude(name="").select_for_update(skip_locked=True)[:limit]
        made += _kept(model, bare, ["initials"], lambda _: None)
    return made


def _kept(model: Any, rows: Iterable[Any], columns: list[str], fill: Callable[[Any], None]) -> int:
    found = list(rows)
    for row in found:
        row._meta.get_field("initials").pre_save(row, add=False)
        fill(row)
    model._base_manager.bulk_update(found, columns, batch_size=SIZE)
    return sum(bool(row.initials) for row in found)


def _tails(person: Any) -> None:
    number, phone = (_open(person, column) for column in ("id_number", "phone"))
    _, person.id_tail, person.phone_tail = person_keys(person.name, number, phone)


def _open(person: Any, column: str) -> str:
    sealed = getattr(person, column)
    return vault().unseal(sealed, person.id, column) if sealed else ""
