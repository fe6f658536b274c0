"""The machine, and the memory of processes on it (Linux)."""

import os
import platform
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def describe() -> str:
    """Cores, memory, kernel and Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    return (
        f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"
    )


def resident(*pids: int) -> float:
    """GiB of memory of processes and all their children; shared pages counted once a process tree (PSS)."""
    family = [pid for pid in pids for pid in (pid, *_children(pid))]
    return sum(map(_proportional, family)) / 2**20


@contextmanager
def peak(pid: int) -> Iterator[list[float]]:
    """`with peak(pid) as gib: …` then `gib[0]`: the most memory of its own (shared buffers apart) a process had."""
    highest: list[float] = []
    done = threading.Event()

    def watch() -> None:
        most = 0
        while not done.wait(0.02):
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            most = max(most, *(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")))
        highest.append(most / 2**20)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield highest
    finally:
        done.set()
        watcher.join()


def _children(pid: int) -> list[int]:
    import psutil

    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
