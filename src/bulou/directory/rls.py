"""Row-level security as SQL, for the migrations of every room that keeps people, places, facts or duties.

A session carries its area as two settings, `bulou.lo` and `bulou.hi`; a row is seen and written only where
`lo <= area < hi`. A session that set neither sees nothing. Codes compare as bytes, so area columns are `COLLATE "C"`.
"""

from bulou.kernel.errors import BulouError

APP = "bulou_app"
IN_SCOPE = "{column} >= current_setting('bulou.lo', true) AND {column} < current_setting('bulou.hi', true)"
IN_ONE = (
    "({column} >= (SELECT current_setting('bulou.lo', true)) AND {column} < (SELECT current_setting('bulou.hi', true)))"
)
"""The same for one of several columns: the settings are read once a statement, for no index serves all columns."""
OPEN = "open: "
"""How the comment of a table begins that everyone signed in may read, followed by why."""


def protect(
    table: str, *area_columns: str, insert: bool = True, update: bool = True, delete: bool = False
) -> list[str]:
    """Statements that let the application reach only the rows of `table` in its scope.

    A row is in scope where one of its `area_columns` is (by default the only one, `area`): a handover belongs to the
    areas of both hands. Grants SELECT and, unless told otherwise, INSERT and UPDATE; DELETE only where asked for. An
    append-only table is `protect(table, update=False)`. For a partitioned table name the parent: its partitions are not
    granted at all.
    """
    inside = in_scope(*area_columns)
    return [
        f"ALTER TABLE {_name(table)} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY {table}_scope ON {table} TO {APP} USING ({inside}) WITH CHECK ({inside})",
        _grant(table, insert=insert, update=update, delete=delete),
    ]


def in_scope(*area_columns: str) -> str:
    """The condition under which a row is in scope, by one or several columns (by default `area`)."""
    if len(area_columns) < 2:
        return IN_SCOPE.format(column=_name(*area_columns or ("area",)))
    return " OR ".join(IN_ONE.format(column=_name(column)) for column in area_columns)


def open_to_all(table: str, why: str, *, insert: bool = True, update: bool = True, delete: bool = False) -> list[str]:
    """Statements for a table that holds no people, places, facts or duties and is read whatever the scope.

    The reason is kept as the table's comment; the test of scopes refuses a table that is neither protected nor open.
    """
    reason = why.replace("'", "''")
    return [
        f"COMMENT ON TABLE {_name(table)} IS '{OPEN}{reason}'",
        _grant(table, insert=insert, update=update, delete=delete),
    ]


def _grant(table: str, **rights: bool) -> str:
    granted = ", ".join(["SELECT", *(right.upper() for right, given in rights.items() if given)])
    return f"GRANT {granted} ON {table} TO {APP}"


def _name(name: str) -> str:
    if not name.isidentifier():
        raise BulouError.of(
            "rls.name", f"{name!r} 不是表或列的名称。", f"{name!r} is not the name of a table or column."
        )
    return name
