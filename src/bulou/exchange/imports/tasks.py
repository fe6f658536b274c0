"""The work of an import in the background: a chunk at a time, going on where a killed worker left it."""

from uuid import UUID

from procrastinate.contrib.django import app as queue

from bulou.directory.scope import everywhere
from bulou.exchange.imports import selectors, services
from bulou.exchange.imports.happenings import Sender
from bulou.exchange.imports.models import ImportBatch
from bulou.exchange.imports.refusing import bad_file
from bulou.exchange.jobs.registry import Outcome, task
from bulou.exchange.jobs.run import CancelledError, Run
from bulou.kernel.errors import BulouError
from bulou.kernel.text import Text


@task("import", zh="导入", en="Import", whole=False)
def take_in(run: Run, *, batch: str) -> Outcome:
    """Rehearse a file, or take it in; stopped, what was taken in so far stays and can be undone."""
    with run.act():
        found = selectors.batch(UUID(batch))
    if found is None:
        raise bad_file("gone", "找不到这一批。", "this import is not to be found.")
    unit = run.account.unit
    sender = Sender(found.area, found.unit, run.account.pk, unit.synthetic)
    try:
        with services.file_open(found.file) as path:
            for told in services.run_of(found, path, sender).go(run.act):
                run.progress(told.rows_in, told.rows_total)
    except CancelledError:
        services.end(found, "cancelled")
        raise
    except BulouError as error:
        services.end(found, "failed", error)
        raise
    return outcome(found)


@queue.periodic(cron="23 * * * *")
@queue.task(name="bulou.imports.purge")
def purge(timestamp: int) -> None:
    """Every hour."""
    services.purge()
    with everywhere():
        services.settle()


def outcome(batch: ImportBatch) -> Outcome:
    """What came of a run, in words and numbers."""
    counts = (
        (Text(zh="行数", en="Rows in"), batch.rows_in),
        (Text(zh="新增", en="New"), batch.created),
        (Text(zh="更新", en="Changed"), batch.updated),
        (Text(zh="未变", en="Unchanged"), batch.unchanged),
        (Text(zh="退回", en="Refused"), batch.rejected),
    )
    said = Text(zh="试算完成，什么都没有存入。", en="Rehearsed; nothing was kept.")
    return Outcome(said if batch.rehearsal else Text(zh="已导入。", en="Imported."), counts, "import", str(batch.id))
