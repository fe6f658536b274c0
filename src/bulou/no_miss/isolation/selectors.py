"""Reads of isolation. Scope is the session's."""

from uuid import UUID

from django.db import connection

_RECORDED = """
SELECT f.area, f.account FROM fact_key k JOIN fact f ON f.id = k.id AND f.at = k.at
WHERE k.id = %s AND f.subject = %s AND f.kind = %s AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
"""


def recorded(id: UUID, subject: str, kind: str) -> tuple[str, UUID | None] | None:
    """The area of a fact that counts and the account that recorded it; None where there is none in scope."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORDED, [id, subject, kind])
        row: tuple[str, UUID | None] | None = cursor.fetchone()
        return row
