"""The worker: takes jobs from the queue as they come, and takes up those whose worker died."""

import asyncio
import logging
import signal
from contextlib import suppress
from datetime import timedelta
from threading import current_thread, main_thread

import psycopg
from django.db import OperationalError, connection, connections
from django.utils import timezone
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException

AT_ONCE = 2
"""Jobs done at once by one worker."""
DEAD_AFTER = 30.0
"""Seconds without a sign of life after which a worker is taken for dead, and its jobs are taken up by others."""
GRACE = 10.0
"""Seconds a job is let go on when the worker is told to end; then it is stopped, and done by the next."""
WEEK = 7 * 86_400.0
"""Seconds a worker that ends when nothing is left waits for what it is doing: as long as that takes."""
PAUSE = 1.0
GONE = (ConnectorException, OperationalError, psycopg.OperationalError)
logger = logging.getLogger(__name__)


async def work(*, dead_after: float = DEAD_AFTER, wait: bool = True) -> None:
    """Do jobs until told to end (SIGTERM, Ctrl+C); without `wait`, until none is left.

    Where the database goes away it waits for it to come back.
    """
    working = asyncio.ensure_future(_work_on(dead_after, wait))
    if current_thread() is main_thread():  # no other hears signals
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, working.cancel)
    with suppress(asyncio.CancelledError):
        await working


async def _work_on(dead_after: float, wait: bool) -> None:
    while True:
        try:
            await _work(dead_after, wait)
            if not wait and not await asyncio.to_thread(_is_any_left):
                return
        except GONE:
            logger.warning("the queue's database went away", exc_info=True)
        await asyncio.sleep(PAUSE)


async def _work(dead_after: float, wait: bool) -> None:
    """Returns where there is nothing left to wait for, or the connection was lost."""
    await asyncio.to_thread(_join)
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4)
    with queue.replace_connector(connector) as app:
        async with app.open_async():
            await rescue(app, dead_after)
            rescuer = asyncio.ensure_future(_rescue_every(app, dead_after))
            try:
                await app.run_worker_async(
                    concurrency=AT_ONCE,
                    wait=wait,
                    delete_jobs="always",
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=GRACE if wait else WEEK,
                    update_heartbeat_interval=dead_after / 3,
                    stalled_worker_timeout=dead_after,
                )
            finally:
                rescuer.cancel()


async def rescue(app: App, dead_after: float) -> int:
    """Put the jobs of dead workers back into the queue; how many there were."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=dead_after))
    for job in stalled:
        logger.warning("job %s of a dead worker is taken up again", job.task_kwargs.get("job"))
        await app.job_manager.retry_job(job=job, retry_at=timezone.now() - timedelta(seconds=1))
    return len(stalled)


async def _rescue_every(app: App, dead_after: float) -> None:
    while True:
        await asyncio.sleep(dead_after / 3)
        try:
            await rescue(app, dead_after)
        except GONE:
            logger.warning("no dead worker could be looked for", exc_info=True)


def _join() -> None:
    """Join the database, which starts where it does not run; then leave the connection to others."""
    connection.ensure_connection()
    connections.close_all()


def _is_any_left() -> bool:
    """True where a job waits that another asked for while the worker was already about to end."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT)
        left = bool(cursor.fetchone()[0])
    connections.close_all()
    return left


_LEFT = """
SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()))
"""
