"""A house that has its people and its plan."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from storm.house import House


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Not under pytest's own directory: another run of pytest closes that to the server's user."""
    with tempfile.TemporaryDirectory(prefix="bulou-storm-") as home:
        house = House(Path(home))
        try:
            house.prepare()
            yield house
        finally:
            house.end()
