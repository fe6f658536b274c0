"""Reads the database's own catalogue for holes in what the application may see and do. Used by checks and tests."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection

from bulou.directory.grants import FRAMEWORK_RIGHTS
from bulou.directory.rls import APP, OPEN

APPEND_ONLY = (
    "fact",
    "access_log",
    "own_page_opening",
    "alert_read",
    "alert_attempt",
    "import_row",
    "field_entry",
    "field_ruling",
    "export",
    "export_event",
)


class Relation(NamedTuple):
    """A table or view of the public schema, and what the application may do with it."""

    name: str
    is_view: bool
    is_materialized: bool
    is_protected: bool
    """Row-level security is on; of a view: it reads with the reader's rights."""
    comment: str
    has_area: bool
    rights: frozenset[str]

    @property
    def is_open(self) -> bool:
        """True where a migration declared, with a reason, that everyone may read it."""
        return self.comment.startswith(OPEN) or self.name in FRAMEWORK_RIGHTS


def relations() -> list[Relation]:
    """Every table, partition and view of the public schema. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_RELATIONS, [APP])
        return [Relation._make((*row[:-1], frozenset(row[-1]))) for row in cursor.fetchall()]


def protected_tables() -> list[Relation]:
    """The tables whose rows the application sees by area."""
    return [relation for relation in relations() if relation.is_protected and not relation.is_view]


def holes() -> Iterator[str]:
    """What lets the application past row-level security, one sentence each; none is as it must be."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = %s", [APP])
        row = cursor.fetchone()
        if row and row[0]:
            yield f"{APP} is a superuser, bypasses row-level security or makes roles"
        cursor.execute(_OWNED, [APP])
        for kind, name in cursor.fetchall():
            yield f"{APP} owns the {kind} {name}"
        cursor.execute(_DEFINERS, [APP, f"{OPEN}%"])
        for (name,) in cursor.fetchall():
            yield f"the function {name} runs with its owner's rights and its comment does not say why"
        cursor.execute(_WIDE_POLICIES)
        for table, policy in cursor.fetchall():
            yield f"the policy {policy} on {table} does not look at the session's area"
    yield from _relation_holes()


def _relation_holes() -> Iterator[str]:
    for relation in relations():
        if relation.rights and not relation.is_protected and not relation.is_open:
            how = "is a view with its owner's rights" if relation.is_view else "has no row-level security"
            yield f"{relation.name} is granted to {APP}, {how}, and is not declared open"
        if relation.is_materialized and relation.rights:
            yield f"{relation.name} is a materialized view, which row-level security cannot hold"
        if relation.name in APPEND_ONLY and relation.rights & {"UPDATE", "DELETE", "TRUNCATE"}:
            yield f"{relation.name} is append-only, yet {APP} may {', '.join(sorted(relation.rights))}"
        if relation.rights & {"TRUNCATE", "TRIGGER", "REFERENCES"}:
            yield f"{APP} may {', '.join(sorted(relation.rights))} {relation.name}"


_RELATIONS = """
SELECT c.relname, c.relkind IN ('v', 'm'), c.relkind = 'm',
    CASE WHEN c.relkind = 'v' THEN coalesce(c.reloptions::text LIKE '%%security_invoker=true%%', false)
         ELSE c.relrowsecurity END,
    coalesce(obj_description(c.oid, 'pg_class'), ''),
    EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'area' AND NOT a.attisdropped),
    array(SELECT x.privilege_type FROM aclexplode(c.relacl) x
          WHERE x.grantee IN (0, (SELECT oid FROM pg_roles WHERE rolname = %s)))
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
ORDER BY c.relname
"""
_OWNED = """
WITH app AS (SELECT oid FROM pg_roles WHERE rolname = %s)
SELECT 'table', relname::text FROM pg_class, app WHERE relowner = app.oid AND relpersistence <> 't'
UNION ALL SELECT 'function', proname::text FROM pg_proc, app WHERE proowner = app.oid
UNION ALL SELECT 'schema', nspname::text FROM pg_namespace, app
    WHERE nspowner = app.oid AND nspname NOT LIKE 'pg\\_temp%%' AND nspname NOT LIKE 'pg\\_toast\\_temp%%'
UNION ALL SELECT 'database', datname::text FROM pg_database, app WHERE datdba = app.oid
"""
_DEFINERS = """
SELECT p.oid::regprocedure::text FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND has_function_privilege(%s, p.oid, 'EXECUTE')
  AND coalesce(obj_description(p.oid, 'pg_proc'), '') NOT LIKE %s
"""
_WIDE_POLICIES = """
SELECT c.relname, p.polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
WHERE c.relnamespace = 'public'::regnamespace AND p.polpermissive
  AND (coalesce(pg_get_expr(p.polqual, p.polrelid), 'bulou.') NOT LIKE '%bulou.%'
    OR coalesce(pg_get_expr(p.polwithcheck, p.polrelid), 'bulou.') NOT LIKE '%bulou.%')
  AND pg_get_expr(coalesce(p.polqual, p.polwithcheck), p.polrelid) NOT LIKE '%EXISTS%'
"""
