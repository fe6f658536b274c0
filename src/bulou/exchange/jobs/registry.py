"""The tasks there are. A room declares its own in its `tasks.py`, which every process imports at its start::

@task("count-people", zh="数人", en="Count people")
def count_people(run: Run, *, kind: str) -> Outcome: ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from bulou.exchange.jobs.run import Run
from bulou.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job: a sentence, numbers with their words, and the page to go on to (`page`: its name, `key`)."""

    says: Text
    counts: tuple[tuple[Text, int], ...] = ()
    page: str = ""
    key: str = ""


class Work(Protocol):
    """What a task does; its arguments are JSON values."""

    def __call__(self, run: Run, /, **args: Any) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of job. `whole`: it runs in one transaction, which also holds that it is done."""

    name: str
    title: Text
    work: Work
    whole: bool = True


TASKS: dict[str, Task] = {}
"""Every task by name."""


def task(name: str, *, zh: str, en: str, whole: bool = True) -> Callable[[Callable[..., Outcome]], Task]:
    """Declare a task. Without `whole` it opens its own transactions with `run.act()`, and keeps how far it is.

    ValueError where the name is taken.
    """

    def declare(work: Callable[..., Outcome]) -> Task:
        made = Task(name, Text(zh=zh, en=en), work, whole)
        if TASKS.setdefault(name, made) is not made:
            raise ValueError(f"two tasks are called {name!r}")
        return made

    return declare
