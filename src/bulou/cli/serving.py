"""The web server on loopback, for commands that need it while they run."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from types import FrameType, TracebackType

from bulou.config import lifeline
from bulou.kernel.errors import BulouError

WORKERS, THREADS, PORTS, PATIENCE = 2, 8, 20, 60.0
"""Worker processes and threads of each; ports tried from the one asked for; seconds until the first answer."""
PASS = 30
"""Seconds between clock passes."""
TIED = "from bulou.config import lifeline; lifeline.follow_starter()"
BULOU = [sys.executable, "-c", f"{TIED}; from bulou.cli.main import main; main()"]
GRANIAN = [sys.executable, "-c", f"{TIED}; from granian.cli import entrypoint; entrypoint()"]
APPLICATION = "bulou.config.wsgi:application"


class Server:
    """A running server, with the clock pass and the worker beside it. Leaving its block ends them all, also on Ctrl+C
    and SIGTERM; where the program is killed outright they end by themselves.
    """

    def __init__(self, url: str, process: "subprocess.Popen[bytes]") -> None:
        self.url = url
        self.process = process
        self.beside: list[subprocess.Popen[bytes]] = []

    def wait(self) -> None:
        """Serve until somebody ends it."""
        with suppress(KeyboardInterrupt):
            self.process.wait()

    def __enter__(self) -> "Server":
        self._before = signal.signal(signal.SIGTERM, _end)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGTERM, self._before)
        processes = [*self.beside, self.process]
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                _kill(process)


def start(port: int, *, workers: int = WORKERS, alone: bool = False) -> Server:
    """Serve on 127.0.0.1, with the clock pass and the worker of jobs beside it unless `alone`; return once it answers.

    BulouError where it does not.
    """
    url = f"http://127.0.0.1:{port}/"
    address = ["--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)]
    command = [*GRANIAN, "--interface", "wsgi", *address, "--no-ws", "--log-level", "error"]
    command += ["--blocking-threads", str(THREADS), "--backpressure", str(4 * THREADS)]
    server = Server(url, _begin([*command, APPLICATION]))
    try:
        _await_answer(server)
    except BaseException:
        _kill(server.process)
        raise
    if not alone:
        commands = (["ledger", "advance", "--every", str(PASS)], ["work"])
        server.beside = [_begin([*BULOU, *words]) for words in commands]
    return server


def free_port(wanted: int) -> int:
    """The port asked for, or the next free one on loopback. BulouError where a score of them are taken."""
    for port in range(wanted, min(wanted + PORTS, 65536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise BulouError.of(
        "server.port",
        f"{wanted} 起的 {PORTS} 个端口都被占用，请用 --port 另指。",
        f"{PORTS} ports from {wanted} on are taken; name another with --port.",
        field="--port",
    )


def _begin(command: list[str]) -> "subprocess.Popen[bytes]":
    """A process in a session of its own that ends with this one."""
    tied = {**os.environ, lifeline.STARTER: str(os.getpid())}
    return subprocess.Popen(command, start_new_session=True, env=tied)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End a process and its workers, which are a session of their own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _await_answer(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with urllib.request.urlopen(server.url, timeout=PATIENCE):  # noqa: S310  (loopback)
                return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return
            break
        except OSError:
            time.sleep(0.1)
    raise BulouError.of(
        "server.start", "网页服务没有启动，原因见上。", "The web server did not start; see above.", where=server.url
    )


def _end(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
