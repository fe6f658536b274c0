"""One way to the database for every engine: named blocks of SQL, run on Django's connection."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from bulou.ledger import sql

Row = tuple[Any, ...]


def run(file: str, name: str, **values: Any) -> int:
    """Execute a named block; gives the number of rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(sql.block(file, name), values)
        return cursor.rowcount


def rows(file: str, name: str, **values: Any) -> list[Row]:
    """The rows a named block reads."""
    return query(sql.block(file, name), values)


def query(statement: str, values: Any = None) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def execute(statement: str, values: Any = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def write(table: str, columns: Sequence[str], records: Iterable[Sequence[Any]]) -> None:
    """Rows into a table by COPY: as fast as the database takes them, in constant memory."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for record in records:
            copy.write_row(record)


def insert(table: str, columns: Sequence[str], records: Sequence[Sequence[Any]]) -> None:
    """A few rows in one INSERT: for tables under row-level security, which COPY does not serve."""
    row = f"({', '.join(['%s'] * len(columns))})"
    values = ", ".join([row] * len(records))
    execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values}", [v for record in records for v in record])
