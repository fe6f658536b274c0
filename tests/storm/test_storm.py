"""Many writers at once, and a clock that moves: the ledger is what the facts say, and every fact is there once."""

from storm.house import House

WRITERS, BATCHES = 4, 60


def test_a_storm_of_writers_under_a_moving_clock_leaves_an_exact_ledger(house: House) -> None:
    writers = [house.start("write", BATCHES, seed) for seed in range(WRITERS)]
    clocks = [house.start("clock", 40), house.start("clock", 0)]

    house.finish(*writers, clocks[0])
    clocks[1].kill()
    found = house.check()

    assert found["differences"] == []
    assert found["tallies"] == []
    assert found["lost"] == []
    assert found["unbalanced"] == []
    assert found["doubled"] == found["waiting"] == 0
    assert found["created"] == found["facts"] == found["keys"]
    assert found["refused"] > 0
    assert found["duties"] > 1000
