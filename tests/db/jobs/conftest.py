"""Tasks made up for a test, and a look at what a job tells while its own transaction runs."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from bulou.exchange.jobs import registry
from bulou.exchange.jobs.registry import Outcome, Task, task
from bulou.kernel.text import Text

DONE = Outcome(Text(zh="数完了", en="Counted"))


@pytest.fixture
def make_task() -> Iterator[Callable[..., Task]]:
    """`make_task(work)`: a task of that work, forgotten after the test."""
    made: list[str] = []

    def declare(work: Callable[..., Any], name: str = "test-count", *, whole: bool = True) -> Task:
        made.append(name)
        return task(name, zh="数人", en="Count people", whole=whole)(work)

    yield declare
    for name in made:
        registry.TASKS.pop(name, None)


@pytest.fixture
def elsewhere() -> Iterator[Callable[..., Any]]:
    """`elsewhere(sql, *values)`: the first row, as another session of the whole country sees it and commits it."""
    other = connection.copy()

    def ask(statement: str, *values: Any) -> Any:
        other.ensure_connection()
        with other.connection.transaction():
            other.connection.execute("SELECT set_config('bulou.lo', '', true), set_config('bulou.hi', ':', true)")
            found = other.connection.execute(statement, values)
            return found.fetchone() if found.description else found.rowcount

    yield ask
    other.close()
