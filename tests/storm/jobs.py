"""One process of a storm among jobs: asks for them, or does them until it is killed. It joins the house's server.

python jobs.py ask HOME TASK...        python jobs.py work HOME

Each job leaves `STEPS` looks on record. Its first attempt stands still in the midst of it, for the storm to kill it.
"""

import asyncio
import sys
from pathlib import Path
from threading import Event
from typing import Any

from bulou.cli.database import start_django

STEPS, STILL = 6, 3
"""Looks a job leaves, and after how many its first attempt stands still."""
DEAD_AFTER, GRACE = 5.0, 0.2
"""Seconds after which a worker counts as dead, and which it lets jobs go on when told to end: a short storm."""


def declare() -> list[Any]:
    """The tasks: one in a single transaction, one in steps."""
    from bulou.directory import services as directory
    from bulou.exchange.jobs.registry import Outcome, task
    from bulou.exchange.jobs.run import Run
    from bulou.kernel.text import Text

    def leave(run: Run, n: int) -> None:
        directory.access_record("view", by=run.account, area=run.area, purpose=f"{run.id} {n}")

    def wait(run: Run, n: int) -> None:
        run.progress(n, STEPS, now=True)
        if run.attempt == 1 and n == STILL:
            Event().wait()

    @task("storm-whole", zh="一次", en="At once")
    def whole(run: Run) -> Outcome:
        for n in range(STEPS):
            leave(run, n)
            wait(run, n + 1)
        return Outcome(Text(zh="好", en="Done"))

    @task("storm-steps", zh="分步", en="In steps", whole=False)
    def steps(run: Run) -> Outcome:
        for n in range(run.kept.get("next", 0), STEPS):
            with run.act():
                leave(run, n)
                run.keep(next=n + 1)
            wait(run, n + 1)
        return Outcome(Text(zh="好", en="Done"))

    @task("storm-endless", zh="不停", en="Without end")
    def endless(run: Run) -> Outcome:
        leave(run, 0)
        while True:
            run.progress(1, now=True)
            Event().wait(0.01)

    return [whole, steps, endless]


def ask(*which: int) -> None:
    """A job of each of these tasks, in the name of a village's worker."""
    from bulou.directory.models import Account, Unit
    from bulou.directory.scope import for_account
    from bulou.exchange.jobs.services import enqueue

    unit = Unit.objects.get(name="village_committee")
    account, _ = Account.objects.get_or_create(username="storm", unit=unit, role="village_committee")
    for number in which:
        with for_account(account):
            enqueue(tasks[number], account=account, area=account.area)


def work() -> None:
    """Jobs as they come, until killed."""
    from bulou.exchange.jobs import working

    working.GRACE = GRACE
    asyncio.run(working.work(dead_after=DEAD_AFTER))


if __name__ == "__main__":
    act, home, *numbers = sys.argv[1:]
    assert Path(home).is_dir()
    start_django("app")
    tasks = declare()
    {"ask": ask, "work": work}[act](*map(int, numbers))
