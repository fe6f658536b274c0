from datetime import UTC, datetime
from threading import Thread

import pytest

from bulou.kernel import clock

DRILL = datetime(2020, 2, 10, 4, tzinfo=UTC)


def test_the_clock_is_the_real_one_until_it_is_set() -> None:
    before = datetime.now(UTC)

    assert before <= clock.now() <= datetime.now(UTC)
    assert not clock.is_set()


def test_within_the_block_the_clock_stands_still() -> None:
    with clock.at(DRILL):
        assert clock.now() == DRILL
        assert clock.is_set()
    assert not clock.is_set()


def test_blocks_nest_and_none_is_the_real_clock() -> None:
    with clock.at(DRILL):
        with clock.at(None):
            assert clock.now() > DRILL
        assert clock.now() == DRILL


def test_another_thread_keeps_the_real_clock() -> None:
    seen: list[datetime] = []

    with clock.at(DRILL):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()

    assert seen[0] > DRILL


def test_the_clock_is_restored_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), clock.at(DRILL):
        _ = 1 / 0

    assert not clock.is_set()


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2020, 2, 10)):  # noqa: DTZ001
        pass
