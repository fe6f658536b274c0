"""One process of a storm: prepares the house, writes, moves the clock, or checks what is left. It joins the server.

python worker.py prepare HOME          python worker.py clock HOME STEPS
python worker.py write HOME N SEED     python worker.py check HOME
"""

import json
import os
import random
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any, TextIO

from bulou.cli.database import start_django

BREATH = 0.1
"""Seconds between clock passes: often, but leaving the machine to the writers."""


def prepare(home: Path) -> None:
    """Areas, units, people, the trial plan in force, and the clock at the beginning."""
    from bulou.directory.models import Area, Person, Unit, UnitRole
    from bulou.directory.scope import everywhere
    from bulou.directory.services.access import clock_set
    from bulou.kernel import clock
    from bulou.ledger import services
    from histories import AREAS, START, trial_rules
    from storm.pool import PEOPLE

    with everywhere():
        codes = ["12", "1201", "120101", "120101001", *AREAS]
        Area.objects.bulk_create(Area(code=code, name=code, name_en=code, level="") for code in codes)
        for role, area in (("village_committee", AREAS[0]), ("county_command", "120101"), ("city_command", "1201")):
            unit = Unit.objects.create(name=role, area_id=area)
            UnitRole.objects.create(unit=unit, role=role, area=area)
        made = [Person.objects.create(name=str(n), area_id=AREAS[0], synthetic=True) for n in range(PEOPLE)]
    (home / "people.json").write_text(json.dumps([f"person:{person.id}" for person in made]))
    clock_set(START)
    with clock.at(START):
        services.adopt(trial_rules(), area="")


def write(home: Path, number: int, seed: int) -> None:
    """Record random batches; log each receipt, synced, before the next. A batch the server lost is sent again.

    Writers whose seeds begin alike draw from the same facts.
    """
    from storm.pool import pool, quarrel

    rnd = random.Random(seed)
    people = _people(home)
    facts = pool(seed // 100, people)
    with (home / f"acknowledged-{seed}.jsonl").open("a", encoding="utf-8") as log:
        for _ in range(number):
            batch = rnd.sample(facts, rnd.choice([1, 1, 3, 10, 30]))
            batch = [quarrel(rnd, fact, people) if rnd.random() < 0.1 else fact for fact in batch]
            receipt, again = _until_answered(partial(_record, batch))
            refused = {refusal.place: refusal.problem.code for refusal in receipt.refused}
            kept = [_plain(fact) for place, fact in enumerate(batch) if place not in refused]
            said = {"created": receipt.created, "unchanged": receipt.unchanged, "refused": sorted(refused.values())}
            _log(log, said | {"sent": len(batch), "again": again, "kept": kept})


def move(home: Path, steps: int) -> None:
    """Move the house's clock on in random steps and let the ledger catch up, `steps` times (0: until killed)."""
    from bulou.directory.services.access import clock_set
    from bulou.ledger import services
    from histories import START
    from storm.pool import END

    rnd = random.Random(steps)
    at, done = START, 0
    while not steps or done < steps:
        at = min(at + timedelta(minutes=rnd.randint(1, 600)), END)
        if steps:
            _until_answered(partial(clock_set, at))
        _until_answered(services.catch_up)
        Event().wait(BREATH)
        done += 1


def check(home: Path) -> None:
    """Bring the ledger to the end, hold it to the reference and to the acknowledgements, and print what is wrong."""
    from bulou.directory.scope import everywhere
    from bulou.directory.services.access import clock_set
    from bulou.ledger import services, verification
    from bulou.ledger.engines import store
    from histories import trial_rules
    from storm.pool import END

    clock_set(END)
    now = services.catch_up()
    duties, differences = verification.verify(trial_rules(), services.adopted(), now)
    with everywhere():
        stored = {
            str(id): json.dumps([kind, subject, at.timestamp(), json.loads(data)], sort_keys=True)
            for id, kind, subject, at, data in store.query("SELECT id, kind, subject, at, data FROM fact")
        }
        ((facts, keys, waiting),) = store.query(
            "SELECT (SELECT count(*) FROM fact), (SELECT count(*) FROM fact_key), (SELECT count(*) FROM waiting)"
        )
        tallies = [list(map(str, row)) for row in verification.tally_differences()]
    said = [json.loads(line) for log in sorted(home.glob("acknowledged-*.jsonl")) for line in _whole(log)]
    lost = [fact["id"] for line in said for fact in line["kept"] if stored.get(fact["id"]) != fact["says"]]
    print(
        json.dumps(
            {
                "duties": duties,
                "differences": [[*map(str, asdict(difference).values())] for difference in differences],
                "tallies": tallies,
                "facts": facts,
                "doubled": facts - len(stored),
                "keys": keys,
                "waiting": waiting,
                "lost": sorted(set(lost)),
                "created": sum(line["created"] for line in said),
                "refused": sum(len(line["refused"]) for line in said),
                "unchanged": sum(line["unchanged"] for line in said),
                "again": sum(line["again"] for line in said),
                "unbalanced": [
                    line for line in said if line["created"] + line["unchanged"] + len(line["refused"]) != line["sent"]
                ],
                "batches": len(said),
            }
        )
    )


def _record(batch: list[Any]) -> Any:
    from bulou.directory.models import BusinessClock
    from bulou.kernel import clock
    from bulou.ledger import services

    with clock.at(BusinessClock.objects.get().set_to):
        return services.record(batch, allow_future=True)


def _until_answered(act: Callable[[], Any]) -> tuple[Any, int]:
    """The answer, and how often the server went away before it came. Any other error ends this process."""
    from django.db import InterfaceError, OperationalError, connection

    from bulou.config.faults import problem_of

    for again in range(50):
        try:
            return act(), again
        except (OperationalError, InterfaceError) as error:
            if problem_of(error) is None:
                raise
            connection.close()
    raise SystemExit("the server did not come back")


def _plain(fact: Any) -> dict[str, str]:
    says = json.dumps([fact.kind, fact.subject, fact.at.timestamp(), dict(fact.data)], sort_keys=True)
    return {"id": fact.id, "says": says}


def _log(log: TextIO, line: dict[str, Any]) -> None:
    log.write(json.dumps(line) + "\n")
    log.flush()
    os.fsync(log.fileno())


def _whole(log: Path) -> list[str]:
    """The lines of a log that were written to their end."""
    return [line for line in log.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]


def _people(home: Path) -> list[str]:
    return list(json.loads((home / "people.json").read_text()))


if __name__ == "__main__":
    act, home, *numbers = sys.argv[1:]
    start_django("app")
    {"prepare": prepare, "write": write, "clock": move, "check": check}[act](Path(home), *map(int, numbers))
