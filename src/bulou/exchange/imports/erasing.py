"""Words about people in what imports keep: the cells of their rows, and what was doubted of them."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

_FILES = """
DELETE FROM import_piece WHERE file IN (
    SELECT b.file FROM import_row r JOIN import_batch b ON b.id = r.batch WHERE r.person = ANY (%s::uuid[]))
"""


def erase(people: Collection[UUID]) -> None:
    """That a row was taken in, and which person it became, stays; the file it stood in does not. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT import_row_erase(%s::uuid[])", [list(people)])
        cursor.execute(_FILES, [list(people)])
