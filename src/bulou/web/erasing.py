"""Words about people in what the pages keep: names in acts on many rows, what phones brought, scans of papers."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

_ACTS = """
UPDATE bulk_act b SET rows = (
    SELECT jsonb_agg(CASE WHEN r ->> 'subject' = ANY (%(subjects)s::text[])
        THEN r || '{"name": "", "problem": ""}' ELSE r END)
    FROM jsonb_array_elements(b.rows) r)
WHERE EXISTS (SELECT FROM jsonb_array_elements(b.rows) r WHERE r ->> 'subject' = ANY (%(subjects)s::text[]))
"""
_ENTRIES = "SELECT field_entry_erase(%(subjects)s::text[])"
_SCANS = "SELECT paper_scan_erase(%s::uuid[])"


def erase(people: Collection[UUID]) -> None:
    """The ids of subjects stay. Three statements."""
    given = {"subjects": [f"person:{person}" for person in people]}
    with connection.cursor() as cursor:
        cursor.execute(_ACTS, given)
        cursor.execute(_ENTRIES, given)
        cursor.execute(_SCANS, [list(people)])
