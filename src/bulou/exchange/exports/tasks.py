"""The task of an export, and the sweeping of files whose time is over."""

from procrastinate.contrib.django import app as queue

from bulou.exchange.exports import files
from bulou.exchange.exports.making import make
from bulou.exchange.exports.services import TASK
from bulou.exchange.jobs.registry import task

export = task(TASK, zh="导出", en="Export")(make)


@queue.periodic(cron="*/10 * * * *")
@queue.task(name="bulou.exports.purge")
def purge(timestamp: int) -> None:
    """Every ten minutes."""
    files.purge()
