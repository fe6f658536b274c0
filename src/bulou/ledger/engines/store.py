"""One way to the database for every engine: named blocks of SQL, run on Django's connection."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from itertools import islice
from types import MappingProxyType
from typing import Any

from django.db import connection

from bulou.ledger import sql

Row = tuple[Any, ...]
NONE: Mapping[str, str] = MappingProxyType({})


CHUNK = 500
"""Rows handed to COPY at once."""
BULK, HUGE = 1000, 200_000
"""Rows of a batch from which planning afresh, and from which hashing whole tables, pays for itself."""
STREAMED = 2_000
"""Rows fetched at once from a cursor of the server."""
_size: ContextVar[int] = ContextVar("bulou_size", default=0)


@contextmanager
def sized(rows: int) -> Iterator[None]:
    """Within the block statements are planned for about so many rows."""
    token = _size.set(rows)
    try:
        yield
    finally:
        _size.reset(token)


def grown(rows: int) -> AbstractContextManager[None]:
    """The same, where a batch turns out to bear on so many rows."""
    return sized(max(rows, _size.get()))


def is_bulk() -> bool:
    """True for a batch that is planned afresh, with statistics: no plan is kept from before."""
    return _size.get() >= BULK


def is_huge() -> bool:
    """True for a batch beside which the tables are small."""
    return _size.get() >= HUGE


@contextmanager
def by_hash() -> Iterator[None]:
    """Within the block a huge batch is joined by hashing: nobody can tell how many rows a condition lets pass."""
    if is_huge():
        script("SET LOCAL enable_nestloop = off; SET LOCAL enable_sort = off; SET LOCAL work_mem = '128MB'")
    yield
    if is_huge():
        script("SET LOCAL enable_nestloop = on; SET LOCAL enable_sort = on; SET LOCAL work_mem = DEFAULT")


def run(file: str, name: str, fragments: Mapping[str, str] = NONE, /, **values: Any) -> int:
    """Execute a named block; gives the number of rows it wrote."""
    return execute(sql.block(file, name, **fragments), values)


def rows(file: str, name: str, fragments: Mapping[str, str] = NONE, /, **values: Any) -> list[Row]:
    """The rows a named block reads; `fragments` fill its open places."""
    return query(sql.block(file, name, **fragments), values)


def query(statement: str, values: Any = None) -> list[Row]:
    with connection.cursor() as cursor:
        _execute(cursor, statement, values)
        return list(cursor.fetchall())


def stream(file: str, name: str, fragments: Mapping[str, str] = NONE, /, **values: Any) -> Iterator[Row]:
    """The rows a named block reads, as of now, from a cursor of the server: in constant memory, in a transaction."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql.block(file, name, **fragments), values)
        while found := cursor.fetchmany(STREAMED):
            yield from found


def execute(statement: str, values: Any = None) -> int:
    with connection.cursor() as cursor:
        _execute(cursor, statement, values)
        return int(cursor.rowcount)


def script(statements: str) -> None:
    """Several statements without values, in one round trip."""
    with connection.cursor() as cursor:
        cursor.execute(statements)


def _execute(cursor: Any, statement: str, values: Any) -> None:
    """Small batches reuse prepared plans; large ones are planned afresh. Logged queries go Django's way."""
    if connection.queries_logged:
        cursor.execute(statement, values)
        return
    with connection.wrap_database_errors:
        cursor.cursor.execute(statement, values, prepare=False if is_bulk() else None)


def in_transaction() -> bool:
    """True within a caller's transaction, whose work no other session sees."""
    return connection.in_atomic_block


def leave() -> None:
    """End the session of this thread, which nobody uses again."""
    connection.close()


def write(table: str, columns: Sequence[str], records: Iterable[Sequence[Any]]) -> None:
    """Rows into a table by COPY: as fast as the database takes them, in constant memory."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for record in records:
            copy.write_row(record)


def write_text(table: str, columns: Sequence[str], records: Iterable[Sequence[str | None]]) -> None:
    """The same of rows already in COPY's text form: no tab, no line break, backslashes doubled, None for null."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        rows = iter(records)
        while some := list(islice(rows, CHUNK)):
            lines = ["\t".join([r"\N" if text is None else text for text in record]) for record in some]
            copy.write("\n".join(lines) + "\n")


def insert(table: str, columns: Sequence[str], records: Sequence[Sequence[Any]]) -> None:
    """A few rows in one INSERT: for tables under row-level security, which COPY does not serve."""
    row = f"({', '.join(['%s'] * len(columns))})"
    values = ", ".join([row] * len(records))
    execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values}", [v for record in records for v in record])
