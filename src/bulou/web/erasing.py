"""Words about people in what the pages keep: names in acts, what phones brought, scans of papers, views saved."""

from collections.abc import Collection
from urllib.parse import quote, quote_plus
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
_VIEWS = """
DELETE FROM saved_view v WHERE EXISTS (
    SELECT FROM unnest(%s::text[]) word WHERE position(lower(word) IN lower(v.query || ' ' || v.title)) > 0)
"""
SHORTEST = 2
"""Characters of a name by which a saved view is found: one alone is a part of many words."""


def erase(people: Collection[UUID]) -> None:
    """The ids of subjects stay. Three statements."""
    given = {"subjects": [f"person:{person}" for person in people]}
    with connection.cursor() as cursor:
        cursor.execute(_ACTS, given)
        cursor.execute(_ENTRIES, given)
        cursor.execute(_SCANS, [list(people)])


def erase_views(words: Collection[str]) -> None:
    """A view that looks for somebody by name or number, or is called after them, is dropped: without it it is no view.

    An address may have a word as it is or in percents. One statement.
    """
    written = {form for word in words if len(word) >= SHORTEST for form in (word, quote(word), quote_plus(word))}
    with connection.cursor() as cursor:
        cursor.execute(_VIEWS, [sorted(written)])
