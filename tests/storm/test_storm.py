"""Many writers at once under a moving clock, and `kill -9` in their midst: nothing acknowledged is lost.

Nothing is half, and the ledger is what the facts say. One house weathers all of it; each storm has facts of its own.
"""

import random
from subprocess import Popen
from threading import Event
from typing import Any

from storm.house import House, kill

WRITERS, BATCHES, STEPS = 3, 40, 12
VICTIMS = ("writer", "server", "session") * 2


def test_a_storm_of_writers_under_a_moving_clock_leaves_an_exact_ledger(house: House) -> None:
    writers = [house.start("write", BATCHES, 100 + n) for n in range(WRITERS)]
    clocks = [house.start("clock", STEPS), house.start("clock", 0)]

    house.finish(*writers, clocks[0])
    house.kill(clocks[1])
    found = house.check()

    assert_whole(found)
    assert found["created"] == found["facts"]
    assert found["refused"] > 0 < found["unchanged"]
    assert found["duties"] > 1000


def test_whatever_is_killed_in_the_midst_nothing_acknowledged_is_lost(house: House) -> None:
    rnd = random.Random(20_200_121)
    writers = [house.start("write", BATCHES, 200 + n) for n in range(WRITERS)]
    clocks = [house.start("clock", STEPS), house.start("clock", 0)]

    for number, victim in enumerate(rnd.sample(VICTIMS, len(VICTIMS)), WRITERS):
        house.await_acknowledged(rnd.randint(1, 10), *writers)
        Event().wait(rnd.random() / 30)
        strike(house, victim, writers, rnd)
        if victim == "writer":
            writers.append(house.start("write", BATCHES // 2, 200 + number))
    house.finish(*(process for process in (*writers, clocks[0]) if process not in house.killed))
    house.kill(clocks[1])
    found = house.check()

    assert_whole(found)
    assert found["facts"] >= found["created"]
    assert found["again"] > 0


def test_after_a_crash_the_first_to_come_starts_the_server_and_the_others_join_it(house: House) -> None:
    before = house.pid()
    kill(before)

    house.finish(*(house.start("write", 2, 300 + n) for n in range(2)))

    after = house.pid()
    assert after != before
    assert_whole(house.check())
    assert house.pid() == after


def strike(house: House, victim: str, writers: list["Popen[str]"], rnd: random.Random) -> None:
    """Kill one of a kind: a writer, the server, or one session of it."""
    if victim == "writer":
        house.kill(rnd.choice([writer for writer in writers if writer.poll() is None]))
    else:
        kill(house.pid() if victim == "server" else house.session())


def assert_whole(found: dict[str, Any]) -> None:
    """Every acknowledged fact is there, as it was sent and once; the ledger and its counts are exact."""
    assert found["lost"] == []
    assert found["unbalanced"] == []
    assert found["doubled"] == found["waiting"] == 0
    assert found["keys"] == found["facts"]
    assert found["differences"] == []
    assert found["tallies"] == []
