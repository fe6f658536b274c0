"""The PostgreSQL server that lives in the data directory, shared by every process of its user.

It starts with the first connection and stops with the last process that used it. Who uses it is known from shared
file locks, which the kernel drops however a process ends; so neither a `kill -9` of a program nor one of the server
leaves anything to repair.
"""

import atexit
import fcntl
import os
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil
import psycopg
from psycopg import sql

from bulou.config.cluster import Cluster
from bulou.config.faults import server_failure

DATABASE = "bulou"
OWNER = "postgres"
PATIENCE = 60.0
"""Seconds to wait for a server to start before giving up."""


@dataclass(frozen=True, slots=True)
class Status:
    """What `bulou db status` tells: whether the server answers, its process, and where its data are."""

    running: bool
    pid: int | None
    directory: Path
    kept: bool


@dataclass
class Embedded:
    """One server. `home` is the data directory; `options` are PostgreSQL settings that override the house's."""

    home: Path
    options: Mapping[str, str] = field(default_factory=dict)
    _member: IO[str] | None = field(default=None, repr=False)
    _member_pid: int = 0
    _process: psutil.Process | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.cluster = Cluster(self.home / "postgres", self.options)

    @property
    def host(self) -> str:
        """The directory of the server's socket, as psycopg's `host`. Known before the server runs."""
        return str(self.cluster.socket_dir)

    def ensure(self) -> bool:
        """Join the server, starting it where it does not run; True where it was started now, or by another process.

        Costs some microseconds where it runs. BulouError where it cannot start.
        """
        if self._member_pid == os.getpid() and _is_alive(self._process):
            return False
        with self._alone():
            self._join()
            before = self._process
            if not self.answers():
                self.cluster.start(PATIENCE)
                self._create_database()
            self._process = self.cluster.process()
        return self._process != before

    def doubt(self) -> None:
        """A connection failed: look again, the next time, whether the server really answers."""
        self._process = None

    def leave(self) -> None:
        """Let go of the server; the last one out stops it, unless it is kept running."""
        if self._member is None or self._member_pid != os.getpid() or not self.home.exists():
            return
        with self._alone():
            self._forget()
            if not self.is_used() and not self._kept.exists():
                self.cluster.stop()

    def start(self) -> None:
        """Start the server and keep it running until `stop`, whoever leaves."""
        self._kept.touch()
        self.ensure()

    def stop(self) -> None:
        """Stop the server now. Programs that still use it start it again when they next connect."""
        with self._alone():
            self._kept.unlink(missing_ok=True)
            self.cluster.stop()

    def status(self) -> Status:
        """How the server stands, without touching it."""
        running = self.answers()
        return Status(running, self.cluster.pid() if running else None, self.cluster.data, self._kept.exists())

    def answers(self) -> bool:
        """True where something listens on the server's socket."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                probe.connect(str(self.cluster.socket))
            except OSError:
                return False
            return True

    def is_used(self) -> bool:
        """True while a living process, this one included, has joined the server."""
        with self._open("users") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    def erase(self) -> None:
        """Stop the server and delete all its data. For tests and drills."""
        with self._alone():
            self.cluster.stop()
            shutil.rmtree(self.cluster.root, ignore_errors=True)
            self._forget()

    @property
    def _kept(self) -> Path:
        return self.home / "keep-running"

    def _join(self) -> None:
        if self._member_pid == os.getpid() and self._member is not None:
            return
        self._member, self._member_pid = self._open("users"), os.getpid()
        fcntl.flock(self._member, fcntl.LOCK_SH)
        atexit.register(self.leave)

    def _forget(self) -> None:
        if self._member is not None:
            fcntl.flock(self._member, fcntl.LOCK_UN)  # a forked child may hold the file open, but not the share
            self._member.close()
        self._member, self._member_pid, self._process = None, 0, None

    def _create_database(self) -> None:
        with psycopg.connect(host=self.host, dbname="postgres", user=OWNER, autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def _open(self, name: str) -> IO[str]:
        try:
            return (self.home / f"{name}.lock").open("a")
        except OSError as error:
            raise server_failure(str(error), self.home) from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Only one process at a time starts, joins, leaves or stops."""
        with self._open("server") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _is_alive(process: psutil.Process | None) -> bool:
    """True for a process that runs; one that was killed and not yet buried (a zombie) does not."""
    try:
        return process is not None and process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
