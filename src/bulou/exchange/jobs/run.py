"""What a task is handed: whom it works for, how it tells how far it is, and whether it should stop."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import translation

from bulou.directory import scope
from bulou.directory.models import Account
from bulou.exchange.jobs.models import RUNNING, Job
from bulou.kernel import clock
from bulou.kernel.areas import prefix_range

BREATH = 0.5
"""Seconds between two tellings: what a page that looks every second can show."""


class CancelledError(Exception):
    """Somebody asked the job to stop."""


class StoppedError(Exception):
    """The worker is told to end; the job is taken up again by the next."""


class SupersededError(Exception):
    """Another worker took the job up, because this one was taken for dead."""


class Run:
    """One attempt at a job. `kept` is what earlier attempts kept for good, `attempt` counts from one."""

    def __init__(self, job: Job, account: Account, should_stop: Callable[[], bool] = lambda: False) -> None:
        self.id: UUID = job.id
        self.task: str = job.task
        self.args: dict[str, Any] = dict(job.args)
        self.area: str = job.area
        self.account = account
        self.attempt: int = job.attempt
        self.kept: dict[str, Any] = dict(job.kept)
        self._should_stop = should_stop
        self._aside: Any = None
        self._told = 0.0

    def progress(self, done: int, total: int | None = None, *, now: bool = False) -> None:
        """Tell how far the work is, seen at once whatever transaction it is in; at most every `BREATH` unless `now`.

        Raises what ends the attempt where somebody asked to cancel it, or the worker is to end: let it pass.
        """
        if not now and time.monotonic() - self._told < BREATH:
            return
        self._told = time.monotonic()
        if self._should_stop():
            raise StoppedError
        if self._tell(done, total):
            raise CancelledError

    @contextmanager
    def act(self) -> Iterator[None]:
        """One transaction in the account's scope, clock and language, for a task that is not `whole`.

        What is kept in it is kept with what it did. Raises SupersededError where the job is no longer this attempt's.
        """
        with self.for_account():
            mine = Job.objects.select_for_update().filter(id=self.id, attempt=self.attempt, state=RUNNING)
            if not mine.values_list("id").first():
                raise SupersededError
            yield

    def keep(self, **values: Any) -> None:
        """Within an act: remember how far the work is for good (JSON values); the next attempt finds it in `kept`."""
        self.kept |= values
        Job.objects.filter(id=self.id).update(kept=self.kept)

    @contextmanager
    def for_account(self) -> Iterator[None]:
        """One transaction in which the account's row-level security, the business clock and its language hold."""
        with (
            scope.for_account(self.account) as set_to,
            clock.at(set_to),
            translation.override(self.account.language),
        ):
            yield

    def _tell(self, done: int, total: int | None) -> bool:
        """True where somebody asked to cancel. On a connection of its own, so that it is seen before the work ends."""
        if self._aside is None:
            self._aside = connection.copy()
        with self._aside.wrap_database_errors:
            self._aside.ensure_connection()
            with self._aside.connection.transaction():
                execute = self._aside.connection.execute
                execute(_SCOPE, prefix_range(self.area))
                row = execute(_TELL, [done, total, str(self.id)]).fetchone()
        return bool(row and row[0])

    def close(self) -> None:
        """Let go of the connection it told on."""
        if self._aside is not None:
            self._aside.close()
            self._aside = None


_SCOPE = "SELECT set_config('bulou.lo', %s, true), set_config('bulou.hi', %s, true)"
_TELL = """
UPDATE job_progress SET done = %s, total = coalesce(%s, total), seen_at = now() WHERE job = %s
RETURNING cancel_asked_at IS NOT NULL
"""
