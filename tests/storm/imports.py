"""One process of a storm among imports: asks for them, does them until it is killed, or counts. It joins the server.

python imports.py ask HOME        python imports.py work HOME        python imports.py count HOME

The worker's first attempt stands still behind `STILL` rows, for the storm to kill it.
"""

import asyncio
import csv
import json
import sys
from pathlib import Path
from threading import Event
from typing import Any

from bulou.cli.database import start_django

ROWS, CHUNK, STILL = 300, 50, 150
"""Rows of the file, of a chunk, and behind how many the first attempt stands still."""
VILLAGE = "120101001001"
DEAD_AFTER, GRACE = 5.0, 0.2


def ask(home: Path) -> None:
    """A list of people: most of them new, some sent twice, some refused; its import waits in the queue."""
    from bulou.directory.models import Account, Unit
    from bulou.directory.scope import for_account
    from bulou.exchange.imports import reading, services, tasks
    from bulou.exchange.imports.happenings import Sender
    from bulou.exchange.jobs.services import enqueue

    path = home / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["姓名", "手机", "属地"])
        rows.writerows(row(n) for n in range(ROWS))
    unit = Unit.objects.get(name="village_committee")
    account, _ = Account.objects.get_or_create(username="storm", unit=unit, role="village_committee")
    with for_account(account):
        sender = Sender(account.area, unit.pk, account.pk, synthetic=True)
        kept = services.file_keep(path, path.name, "people", sender)
        run = services.begin(kept, reading.read(path), sender, rehearsal=False)
        job = enqueue(tasks.take_in, account=account, area=account.area, batch=str(run.batch.id))
        services.give_job(run.batch, job)


def row(n: int) -> list[str]:
    """Every tenth row says what the one before said; every tenth but one cannot be read."""
    n -= n % 10 == 9
    return [f"风暴{n}", "123" if n % 10 == 5 else f"199{n:08}", VILLAGE]


def work(home: Path) -> None:
    """Jobs as they come, until killed."""
    from bulou.exchange.imports import running
    from bulou.exchange.jobs import working
    from bulou.exchange.jobs.run import Run

    def progress(run: Run, done: int, total: int | None = None, *, now: bool = False) -> None:
        told(run, done, total, now=True)
        if run.attempt == 1 and done == STILL:
            Event().wait()

    told = Run.progress
    Run.progress = progress  # type: ignore[method-assign]
    running.CHUNK, working.GRACE = CHUNK, GRACE
    asyncio.run(working.work(dead_after=DEAD_AFTER))


def count(home: Path) -> None:
    """What is on file, and what the import says of it."""
    from bulou.directory.models import Person
    from bulou.directory.scope import everywhere
    from bulou.exchange.imports.models import ImportBatch, ImportRow

    with everywhere():
        batch = ImportBatch.objects.get()
        names = list(Person.objects.filter(name__startswith="风暴").values_list("name", flat=True))
        told = list(ImportRow.objects.values_list("number", "outcome"))
        found: dict[str, Any] = {
            "state": batch.state,
            "in": batch.rows_in,
            "fates": [batch.created, batch.updated, batch.unchanged, batch.rejected],
            "rows": len(told),
            "numbers": len({number for number, _ in told}),
            "people": len(names),
            "names": len(set(names)),
        }
    print(json.dumps(found))


if __name__ == "__main__":
    act, given = sys.argv[1:3]
    start_django("app")
    {"ask": ask, "work": work, "count": count}[act](Path(given))
