"""No process of a server outlives the one that started it, however that one died.

A parent that is killed outright tells nobody, and its children go on holding the port and the database. So each child
watches: a worker of the web server the process that forked it, a process started by `bulou` its starter. Both end as
on being told to, with what is under way brought to its end.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable

EVERY = 0.5
"""Seconds between two looks at who the parent is."""
STARTER = "STARTED_BY"
"""Names, in the environment, the process to end with."""


def follow_forker() -> None:
    """End with the process that forked this one; nothing where none did."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        _watch(parent.join)


def follow_starter() -> None:
    """End with the process the environment names; nothing where it names none. Its own children are not tied."""
    starter = os.environ.pop(STARTER, "")
    if starter.isdecimal():
        _watch(lambda: _await_orphaned(int(starter)))


def _await_orphaned(starter: int) -> None:
    while os.getppid() == starter:
        time.sleep(EVERY)


def _watch(await_end: Callable[[], None]) -> None:
    def end() -> None:
        await_end()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=end, name="lifeline", daemon=True).start()
