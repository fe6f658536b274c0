"""The embedded server: started by the first, shared by all, stopped by the last, and never in need of repair."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from bulou.config.cluster import HOUSE_OPTIONS, LONGEST_SOCKET_PATH, SOCKET_NAME, Cluster
from bulou.config.embedded import DATABASE, OWNER, Embedded
from bulou.kernel.errors import BulouError

QUICK = {"fsync": "off", "shared_buffers": "16MB"}
JOIN = f"""
import os, signal
from pathlib import Path
from bulou.config.embedded import Embedded
server = Embedded(Path(%r), {QUICK!r})
server.ensure()
print(server.status().pid, flush=True)
"""


@pytest.fixture(scope="module")
def home(new_house: Callable[[], Path]) -> Path:
    return new_house()


@pytest.fixture
def server(home: Path) -> Iterator[Embedded]:
    """A server on the module's directory, left at the end of the test."""
    server = Embedded(home, QUICK)
    yield server
    server.leave()


def connect(server: Embedded) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(host=server.host, dbname=DATABASE, user=OWNER, autocommit=True)


def reconnect(server: Embedded) -> "psycopg.Connection[tuple[object, ...]]":
    """As the backend does: a killed server may still accept, and drop, a connection while it dies."""
    for _ in range(100):
        server.doubt()
        server.ensure()
        with suppress(psycopg.OperationalError):
            return connect(server)
    raise AssertionError("the server does not come back")


def another_program(home: Path, then: str = "") -> subprocess.CompletedProcess[str]:
    """Another process joins the server, prints the server's process, and ends."""
    return subprocess.run([sys.executable, "-c", JOIN % str(home) + then], capture_output=True, text=True, check=False)


def test_it_starts_from_nothing_with_a_database_and_the_houses_options(server: Embedded) -> None:
    assert not server.status().running

    server.ensure()

    assert server.status().running
    with connect(server) as connection:
        rows = connection.execute(
            "SELECT name, setting FROM pg_settings WHERE name IN ('jit', 'fsync', 'max_connections')"
        )
        assert dict(rows.fetchall()) == {
            "jit": "off",
            "fsync": "off",
            "max_connections": HOUSE_OPTIONS["max_connections"],
        }


def test_it_listens_to_no_network_and_its_directory_is_closed(server: Embedded) -> None:
    server.ensure()

    with connect(server) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert server.cluster.root.stat().st_mode & 0o077 == 0


def test_asking_again_does_nothing(server: Embedded) -> None:
    server.ensure()
    before = server.status().pid

    server.ensure()

    assert server.status().pid == before


def test_a_second_process_joins_and_leaves_it_running(server: Embedded, home: Path) -> None:
    server.ensure()

    joined = another_program(home)

    assert joined.stdout.strip() == str(server.status().pid), joined.stderr
    assert server.answers()


def test_the_last_one_out_stops_it(server: Embedded, home: Path) -> None:
    server.ensure()
    server.leave()
    assert not server.answers()

    assert another_program(home).returncode == 0
    assert not server.answers()


def test_a_killed_program_does_not_keep_it_running_for_ever(server: Embedded, home: Path) -> None:
    killed = another_program(home, "os.kill(os.getpid(), signal.SIGKILL)")
    assert killed.returncode == -signal.SIGKILL
    assert server.answers()

    server.ensure()
    server.leave()

    assert not server.answers()


def test_after_the_server_was_killed_it_starts_again_with_everything_acknowledged(server: Embedded) -> None:
    server.ensure()
    with connect(server) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")
    os.kill(server.status().pid or 0, signal.SIGKILL)

    with reconnect(server) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1,)


def test_a_pid_file_whose_number_is_now_another_process_does_not_stop_it(server: Embedded) -> None:
    server.ensure()
    server.leave()
    (server.cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.cluster.data}\n1\n5432\n")

    server.ensure()

    assert server.status().running


def test_kept_running_it_outlives_its_users_until_it_is_stopped(server: Embedded) -> None:
    server.start()
    server.leave()
    assert server.status().running
    assert server.status().kept

    server.stop()

    assert not server.status().running
    assert not server.status().kept


def test_data_of_an_older_version_are_refused_and_left_alone(server: Embedded) -> None:
    server.ensure()
    server.leave()
    version = server.cluster.data / "PG_VERSION"
    version.write_text("16\n")

    with pytest.raises(BulouError, match="PostgreSQL 16") as refused:
        server.ensure()

    assert refused.value.problems[0].code == "database.version"
    version.write_text("18\n")


def test_a_path_too_long_for_a_socket_gets_one_elsewhere(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / ("x" * 120), {})

    assert len(str(cluster.socket)) <= LONGEST_SOCKET_PATH
    assert cluster.socket_dir != cluster.root
    assert Cluster(tmp_path, {}).socket == tmp_path / SOCKET_NAME


def test_a_full_disk_is_named_and_leaves_no_half_made_directory(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("initdb", "postgres"):
        (programs / name).write_text("#!/bin/sh\necho 'could not write: No space left on device'; exit 1\n")
        (programs / name).chmod(0o755)
    server = Embedded(tmp_path)
    server.cluster.programs = programs

    with pytest.raises(BulouError) as refused:
        server.ensure()

    assert refused.value.problems[0].code == "database.full"
    assert not server.cluster.data.exists()
    server.leave()


def test_a_directory_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "postgres").write_text("not a directory")
    server = Embedded(tmp_path)

    with pytest.raises(BulouError, match=str(tmp_path)):
        server.ensure()
    server.leave()
