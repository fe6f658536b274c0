"""How often the collector looks for circles of objects nobody needs: seldom where a great many objects make none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

SELDOM = 100_000
"""Objects made between two looks. A row is some twenty: at the usual 700 all rows at hand are looked through often."""
_lock = Lock()
_inside = 0
_usual = gc.get_threshold()


@contextmanager
def collected_seldom() -> Iterator[None]:
    """Within the block, in all threads, circles are looked for seldom. Blocks may nest and overlap."""
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _inside, _usual
    with _lock:
        if not _inside:
            _usual = gc.get_threshold()
            gc.set_threshold(SELDOM, *_usual[1:])
        _inside += 1


def _leave() -> None:
    global _inside
    with _lock:
        _inside -= 1
        if not _inside:
            gc.set_threshold(*_usual)
