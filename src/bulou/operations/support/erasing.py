"""What is left of the links of people who are erased: that they were opened, and from no address."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection


def erase(people: Collection[UUID]) -> None:
    """The record of openings stays, without the addresses they came from. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT own_page_opening_erase(%s::uuid[])", [list(people)])
