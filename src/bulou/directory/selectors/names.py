"""Names of whatever facts and duties are about."""

from collections.abc import Iterable

from django.db import connection

from bulou.directory.selectors.areas import in_english
from bulou.kernel.ids import Subject, parse_subject

_NAMES = """
SELECT 'person:' || id, name FROM person WHERE id = ANY(%(person)s::uuid[])
UNION ALL SELECT 'place:' || id, name FROM place WHERE id = ANY(%(place)s::uuid[])
UNION ALL SELECT 'unit:' || id, CASE WHEN %(english)s AND name_en <> '' THEN name_en ELSE name END
    FROM unit WHERE id = ANY(%(unit)s::uuid[])
UNION ALL SELECT 'area:' || code, CASE WHEN %(english)s AND name_en <> '' THEN name_en ELSE name END
    FROM area WHERE code = ANY(%(area)s::text[])
"""
NAMED = ("person", "place", "unit", "area")


def names(subjects: Iterable[str]) -> dict[str, str]:
    """Subject to name, for people and places in the session's scope, units and areas. One query.

    Absent: subjects out of scope, unknown, malformed, or of a type that has no name of its own (an episode, a tube).
    """
    wanted: dict[str, list[str]] = {kind: [] for kind in NAMED}
    for subject in filter(None, map(_parsed, set(subjects))):
        if subject.type in wanted:
            wanted[subject.type].append(subject.id)
    if not any(wanted.values()):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {**wanted, "english": in_english()})
        return dict(cursor.fetchall())


def _parsed(subject: str) -> Subject | None:
    try:
        return parse_subject(subject)
    except ValueError:
        return None
