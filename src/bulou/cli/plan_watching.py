"""`bulou plan check --watch`: again whenever a file of the plans is saved."""

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

PAUSE = 0.5
"""Seconds between two looks at the files."""
State = dict[Path, tuple[int, int]]
"""Each file with when it was changed and how long it is."""


def pause() -> None:
    time.sleep(PAUSE)


def state(folders: Iterable[Path]) -> State:
    """The YAML and text files of some folders, as they are now; one that goes while it is looked at is left out."""
    found: State = {}
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.suffix in (".yaml", ".yml", ".txt"):
                try:
                    known = file.stat()
                except FileNotFoundError:
                    continue
                found[file] = (known.st_mtime_ns, known.st_size)
    return found


def saved(folders: Callable[[], Iterable[Path]], wait: Callable[[], None] | None = None) -> Iterator[list[Path]]:
    """The files that were changed, made or removed since the last look, whenever there are any; without end.

    `folders` is asked again after each, because a plan may begin to extend another.
    """
    known = set(folders())
    before = state(known)
    while True:
        (wait or pause)()
        now = state(known)
        if now != before:
            yield sorted(file for file in now.keys() | before.keys() if now.get(file) != before.get(file))
        added = set(folders()) - known
        known |= added
        before = now | state(added)
