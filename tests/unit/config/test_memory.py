"""A server that has started looks for garbage seldom, and never through what it was loaded with."""

import gc
from collections.abc import Iterator

import pytest

from bulou.config import memory


@pytest.fixture
def collector() -> Iterator[None]:
    """The collector as it was, when the test is over."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_is_loaded_is_set_aside_for_good(collector: None) -> None:
    loaded = [[number] for number in range(1000)]

    memory.settle()

    assert gc.get_freeze_count() > len(loaded)
    assert gc.get_threshold() == memory.THRESHOLDS


def test_garbage_in_a_circle_is_still_found(collector: None) -> None:
    memory.settle()
    circle: list[object] = []
    circle.append(circle)
    del circle

    assert gc.collect() >= 1
