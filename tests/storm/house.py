"""A house of its own for a storm: a data directory, a real server that syncs to disk, and processes that join it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import psycopg

from bulou.config.embedded import DATABASE, OWNER, Embedded

WORKER = Path(__file__).parent / "worker.py"
MIGRATE = "from bulou.cli.main import main; main()"
PATIENCE = 60.0
TICK = 0.005


@dataclass
class House:
    """`home` is the data directory, `options` go to the server, `patience` is how long a worker may take, in seconds.

    Every process started here is ended by `end`.
    """

    home: Path
    options: Mapping[str, str] = field(default_factory=dict)
    patience: float = 5 * PATIENCE
    processes: list["subprocess.Popen[str]"] = field(default_factory=list)
    killed: list["subprocess.Popen[str]"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server = Embedded(self.home, self.options)

    def prepare(self) -> None:
        """Tables, people, units and a plan in force. The server is kept running meanwhile."""
        self.server.ensure()
        self._finish(self._launch([sys.executable, "-c", MIGRATE, "db", "migrate", "--quiet"], role="owner"))
        self.run("prepare")

    def start(self, act: str, *numbers: int, script: Path = WORKER) -> "subprocess.Popen[str]":
        """A worker at work in the background."""
        return self._launch([sys.executable, str(script), act, str(self.home), *map(str, numbers)])

    def run(self, act: str, *numbers: int, script: Path = WORKER) -> str:
        """A worker's output, once it has ended; the test fails with what it said where it fails."""
        return self._finish(self.start(act, *numbers, script=script))

    def finish(self, *processes: "subprocess.Popen[str]") -> None:
        """Wait for all of them; the test fails with what each said that failed: one may only have missed another."""
        said = [process.communicate(timeout=self.patience)[1] for process in processes]
        failed = [words[-4000:] for process, words in zip(processes, said, strict=True) if process.returncode]
        assert not failed, "\n".join(failed)

    def kill(self, process: "subprocess.Popen[str]") -> None:
        """`kill -9`, of a worker."""
        process.kill()
        self.killed.append(process)

    def check(self) -> dict[str, Any]:
        """What the checker finds of the ledger and of the acknowledgements."""
        found: dict[str, Any] = json.loads(self.run("check"))
        return found

    def acknowledged(self) -> int:
        """Batches acknowledged so far, by all writers."""
        return sum(log.read_bytes().count(b"\n") for log in self.home.glob("acknowledged-*.jsonl"))

    def await_acknowledged(self, number: int, *writers: "subprocess.Popen[str]") -> None:
        """Wait until so many more batches are acknowledged, or the writers have ended."""
        target, waited = self.acknowledged() + number, 0.0
        while self.acknowledged() < target and any(writer.poll() is None for writer in writers):
            Event().wait(TICK)
            waited += TICK
            assert waited < PATIENCE, "no batch was acknowledged for a minute"

    def pid(self) -> int:
        """The server's process, once it runs again."""
        return patiently(lambda: self.server.status().pid)

    def session(self) -> int:
        """The process of one session of the application, a busy one first."""
        return patiently(self._session)

    def _session(self) -> int | None:
        with suppress(psycopg.Error), self.connect() as connection:
            row = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE usename = 'bulou_app' ORDER BY state = 'active' DESC LIMIT 1"
            ).fetchone()
            return int(row[0]) if row else None
        return None

    def connect(self) -> "psycopg.Connection[tuple[Any, ...]]":
        return psycopg.connect(host=self.server.host, dbname=DATABASE, user=OWNER, autocommit=True)

    def end(self) -> None:
        """End what is still running and delete the data."""
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate()
        self.server.erase()

    def _launch(self, command: list[str], role: str = "app") -> "subprocess.Popen[str]":
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("BULOU_", "DJANGO_"))}
        tests = str(WORKER.parents[1])
        ours = {"BULOU_DATA_DIR": str(self.home), "BULOU_ROLE": role, "BULOU_DATABASE_KEEP": "off"}
        process = subprocess.Popen(
            command,
            env={**kept, **ours, "PYTHONPATH": tests},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        return process

    def _finish(self, process: "subprocess.Popen[str]") -> str:
        out, said = process.communicate(timeout=self.patience)
        assert process.returncode == 0, said[-4000:]
        return out


def patiently(look: Callable[[], int | None]) -> int:
    """What `look` finds, as soon as there is something."""
    waited = 0.0
    while (found := look()) is None:
        Event().wait(TICK)
        waited += TICK
        assert waited < PATIENCE, "the server did not come back"
    return found


def kill(pid: int) -> None:
    """`kill -9`, of a process of the house's server."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
