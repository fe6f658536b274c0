"""Whether the process that takes a file in by itself, without a job, is still there: it holds a lock while it lives.

Killed, it holds none: whoever looks next ends its run as interrupted, which can be gone on with, and undone.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from bulou.exchange.imports.models import INTERRUPTED, UNDER_WAY, ImportBatch
from bulou.exchange.imports.refusing import bad_file
from bulou.exchange.jobs.models import CANCELLED, FAILED

LOCKS = 0x696D70
"""The class of these locks."""


@contextmanager
def held(batch: UUID) -> Iterator[None]:
    """Within the block the run is under way here. BulouError where it is under way in another process."""
    if not _lock("SELECT pg_try_advisory_lock(%s, hashtext(%s))", batch):
        raise bad_file(
            "under_way",
            "另一个程序正在做这一批，没有改动。等它做完再看。",
            "another process is at work on this import; wait until it has ended.",
        )
    try:
        yield
    finally:
        with suppress(DatabaseError):
            _lock("SELECT pg_advisory_unlock(%s, hashtext(%s))", batch)


def settle() -> int:
    """End the runs in scope whose job was given up or stopped, and those whose process is gone; how many.

    Each says why. Two statements.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_WITH_JOBS, [list(UNDER_WAY), [FAILED, CANCELLED]])
        ended = int(cursor.rowcount)
        cursor.execute(_ALONE, [list(UNDER_WAY), INTERRUPTED, LOCKS])
        return ended + int(cursor.rowcount)


def left_off(digest: str, kind: str) -> ImportBatch | None:
    """The latest import in scope of a file that ended before the file did; None where there is none. One query."""
    found = ImportBatch.objects.select_related("file").filter(
        file__digest=digest, kind=kind, rehearsal=False, state__in=(INTERRUPTED, FAILED, CANCELLED)
    )
    return found.order_by("-begun_at").first()


def _lock(statement: str, batch: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, [LOCKS, str(batch)])
        return bool(cursor.fetchone()[0])


_WITH_JOBS = """
UPDATE import_batch b SET state = j.state, problem = j.problem
FROM job j WHERE b.job = j.id AND b.state = ANY(%s) AND j.state = ANY(%s)
"""
# Shared: two who look at once do not take each other for the process.
_ALONE = """
WITH alone AS MATERIALIZED (SELECT id FROM import_batch WHERE job IS NULL AND state = ANY(%s))
UPDATE import_batch b SET state = %s FROM alone a
WHERE a.id = b.id AND pg_try_advisory_xact_lock_shared(%s, hashtext(a.id::text))
"""
