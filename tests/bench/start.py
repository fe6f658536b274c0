"""The second `make demo`: from the command to the first page."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.bench.report import Line

PATIENCE = 120.0
BULOU = [sys.executable, "-c", "from bulou.cli.main import main; main()"]


def measure() -> list[Line]:
    """Seconds of the first load, and of the next start until the sign-in page is there."""
    house = tempfile.mkdtemp(prefix="bulou-start-")
    try:
        begun = time.perf_counter()
        subprocess.run([*BULOU, "demo", "--no-serve", "--data-dir", house], env=_own(), check=True, capture_output=True)
        first = time.perf_counter() - begun
        begun = time.perf_counter()
        with _demo(house, port := _free()):
            _await(f"http://127.0.0.1:{port}/sign-in/", begun + PATIENCE)
            second = time.perf_counter() - begun
    finally:
        subprocess.run([*BULOU, "db", "stop", "--force"], env=_own(house), check=False, capture_output=True)
        shutil.rmtree(house, ignore_errors=True)
    return [
        Line("start", "the demonstration, loaded for the first time", f"{first:.0f} s", "", first),
        Line("start", "… started again, to the first page", f"{second:.1f} s", "≤ 10 s", second),
    ]


@contextmanager
def _demo(house: str, port: int) -> Iterator[None]:
    command = [*BULOU, "demo", "--no-browser", "--port", str(port), "--data-dir", house]
    running = subprocess.Popen(command, env=_own(), stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(PATIENCE)


def _own(house: str = "") -> dict[str, str]:
    """The environment without what the measurements set for their own house."""
    ours = {"BULOU_DATA_DIR", "BULOU_PLANS"}
    return {name: value for name, value in os.environ.items() if name not in ours} | (
        {"BULOU_DATA_DIR": house} if house else {}
    )


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(url: str, until: float) -> None:
    while time.perf_counter() < until:
        with suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(url, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.05)
    raise AssertionError("the demonstration did not answer")
