"""What people declared of themselves on arriving: name, phone and address, sealed, go with their file."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection


def erase(people: Collection[UUID]) -> None:
    """That somebody came, when and from where stays a fact; what they are called does not. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT declaration_erase(%s::uuid[])", [list(people)])
