"""The one task of the queue, which does the job it names. The queue holds ids only, not what jobs are about."""

from uuid import UUID

from django.db import InterfaceError, OperationalError
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app as queue
from procrastinate.exceptions import JobAborted

from bulou.exchange.jobs.run import StoppedError
from bulou.exchange.jobs.running import execute
from bulou.exchange.jobs.services import QUEUE_TASK
from bulou.exchange.jobs.services import prune as prune_jobs
from bulou.ledger import erasing
from bulou.operations.support import answering

AGAIN = RetryStrategy(exponential_wait=2, retry_exceptions=[JobAborted, OperationalError, InterfaceError])
"""A job whose worker was told to end, or whose database went away, waits a little; `running.MOST` ends it."""


@queue.periodic(cron="20 3 * * *")
@queue.task(name="bulou.erase")
def erase(timestamp: int) -> None:
    """Every night: nobody's data are kept after the time for it, nor after they were granted to be erased."""
    answering.carry_out_by_the_clock()
    erasing.erase_closed()


@queue.task(name=QUEUE_TASK, pass_context=True, retry=AGAIN)
def do(context: JobContext, *, job: str) -> None:
    """Do a job. Where the worker is told to end meanwhile, the job goes back into the queue."""
    try:
        execute(UUID(job), context.should_abort)
    except StoppedError as error:
        raise JobAborted from error


@queue.periodic(cron="41 3 * * *")
@queue.task(name="bulou.jobs.prune")
def prune(timestamp: int) -> None:
    """Every night."""
    prune_jobs()
