"""One data directory: what is opened to the server's user, what is written, what a dead server left."""

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from bulou.config import cluster as module
from bulou.config.cluster import HOUSE_OPTIONS, Cluster
from bulou.kernel.errors import BulouError

SAYS = '#!/bin/sh\necho "$0 $*" >> {log}\n{then}\n'


class Programs:
    """Stand-ins for PostgreSQL's programs, which note how they were called."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder / "bin", folder / "calls"
        self.folder.mkdir(parents=True)
        for name in ("postgres", "initdb", "pg_ctl"):
            self.write(name, "exit 0")

    def write(self, name: str, then: str) -> None:
        (self.folder / name).write_text(SAYS.format(log=self.log, then=then))
        (self.folder / name).chmod(0o755)

    @property
    def calls(self) -> list[str]:
        return [line.removeprefix(f"{self.folder}/") for line in self.log.read_text().splitlines()]


@pytest.fixture
def cluster(new_house: Callable[[], Path]) -> Cluster:
    """A directory whose programs are stand-ins, run by whoever runs the tests."""
    house = new_house()
    made = Cluster(house / "postgres", {"work_mem": "32MB"})
    made.programs = Programs(house).folder
    made.user = None
    made.data.mkdir(parents=True)
    (made.data / "PG_VERSION").write_text("18\n")
    return made


def programs(cluster: Cluster) -> Programs:
    """The stand-ins of a cluster, to look at or to change."""
    found = Programs.__new__(Programs)
    found.folder, found.log = cluster.programs, cluster.programs.parent / "calls"
    return found


class TestOptions:
    def test_are_the_houses_and_then_the_operators(self, cluster: Cluster) -> None:
        cluster.start(0)

        written = dict(line.split(" = ") for line in (cluster.data / "bulou.conf").read_text().splitlines())
        assert written["work_mem"] == "32MB"
        assert written["max_wal_size"] == HOUSE_OPTIONS["max_wal_size"]
        assert written["unix_socket_directories"] == f"'{cluster.socket_dir}'"

    def test_keep_people_out_of_the_servers_log(self) -> None:
        assert HOUSE_OPTIONS["log_min_error_statement"] == "panic"
        assert HOUSE_OPTIONS["log_error_verbosity"] == "terse"

    def test_never_trade_an_acknowledged_row_for_speed(self) -> None:
        assert HOUSE_OPTIONS["synchronous_commit"] == "on"
        assert "fsync" not in HOUSE_OPTIONS


class TestStarting:
    def test_an_existing_directory_is_not_made_again(self, cluster: Cluster) -> None:
        cluster.start(0)

        assert [call.split()[0] for call in programs(cluster).calls] == ["pg_ctl"]

    def test_a_new_one_is_made_beside_its_place_first(self, cluster: Cluster) -> None:
        (cluster.data / "PG_VERSION").unlink()
        cluster.data.rmdir()
        draft = cluster.root / "data.new"
        programs(cluster).write(
            "initdb", f"mkdir -p {draft}; echo 18 > {draft}/PG_VERSION; touch {draft}/postgresql.conf"
        )

        cluster.start(0)

        assert not draft.exists()
        assert (cluster.data / "postgresql.conf").read_text().endswith("include 'bulou.conf'\n")

    def test_what_a_first_attempt_left_half_made_is_thrown_away(self, cluster: Cluster) -> None:
        (cluster.data / "PG_VERSION").unlink()
        cluster.data.rmdir()
        draft = cluster.root / "data.new"
        draft.mkdir()
        (draft / "half").write_text("")
        programs(cluster).write(
            "initdb", f"mkdir {draft} && echo 18 > {draft}/PG_VERSION && touch {draft}/postgresql.conf"
        )

        cluster.start(0)

        assert not (cluster.data / "half").exists()

    def test_files_of_a_server_that_was_killed_are_cleared_away(self, cluster: Cluster) -> None:
        left = [cluster.data / "postmaster.pid", cluster.socket, Path(f"{cluster.socket}.lock")]
        for path in left:
            path.write_text(f"{os.getpid()}\n")

        cluster.start(0)

        assert [path for path in left if path.exists()] == []

    def test_a_killed_servers_memory_is_waited_for(self, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("time.sleep", lambda seconds: None)
        again = cluster.root / "again"
        complaint = f"echo 'pre-existing shared memory block is still in use' > {cluster.start_log}"
        programs(cluster).write("pg_ctl", f"if [ -e {again} ]; then exit 0; fi; touch {again}; {complaint}; exit 1")

        cluster.start(60)

        assert len(programs(cluster).calls) == 2

    def test_patience_ends_with_the_servers_own_words(self, cluster: Cluster) -> None:
        programs(cluster).write("pg_ctl", f"echo 'FATAL: the moon is full' > {cluster.start_log}; exit 1")

        with pytest.raises(BulouError, match="the moon is full"):
            cluster.start(0)

    def test_programs_that_are_not_there_are_named(self, cluster: Cluster) -> None:
        (cluster.programs / "pg_ctl").unlink()

        with pytest.raises(BulouError, match="pg_ctl"):
            cluster.start(0)


class TestStopping:
    def test_a_server_that_does_not_run_is_left_alone(self, cluster: Cluster) -> None:
        cluster.stop()

        assert not programs(cluster).log.exists()

    def test_one_that_hangs_is_stopped_as_by_a_power_cut(
        self, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cluster, "pid", lambda: 1)
        programs(cluster).write("pg_ctl", 'case "$*" in *fast*) exit 1;; esac')

        cluster.stop()

        assert ["immediate" in call for call in programs(cluster).calls] == [False, True]


class TestTheProcess:
    @pytest.mark.parametrize("written", ["", "\n", "many\n", "999999999\n", f"{os.getpid()}\n"])
    def test_is_none_where_the_file_names_no_server_of_this_directory(self, cluster: Cluster, written: str) -> None:
        (cluster.data / "postmaster.pid").write_text(written)

        assert cluster.process() is None
        assert cluster.pid() is None

    def test_is_the_one_that_serves_this_directory(self, cluster: Cluster) -> None:
        with subprocess.Popen(
            ["/bin/sh", "-c", "read line", "-D", str(cluster.data)], stdin=subprocess.PIPE
        ) as running:
            (cluster.data / "postmaster.pid").write_text(f"{running.pid}\n")

            assert cluster.process() == psutil.Process(running.pid)
            assert running.stdin is not None
            running.stdin.close()


class TestTheServersUser:
    def test_may_pass_but_not_list_the_directories_above(self, tmp_path: Path) -> None:
        inner = tmp_path / "a" / "b"
        inner.mkdir(parents=True)
        (tmp_path / "a").chmod(0o700)

        module._let_through(inner)

        assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o701

    def test_may_run_programs_that_were_installed_for_one_user(self, tmp_path: Path) -> None:
        programs = tmp_path / "bin"
        programs.mkdir(mode=0o700)
        (programs / "postgres").touch(mode=0o700)
        (programs / "README").touch(mode=0o600)

        module._let_run(programs)

        assert stat.S_IMODE((programs / "postgres").stat().st_mode) == 0o705
        assert stat.S_IMODE((programs / "README").stat().st_mode) == 0o604

    def test_is_whoever_owns_the_data_that_are_there(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "data").mkdir()
        owner = os.stat_result([0o40700, 0, 0, 1, 4321, 1234, 0, 0, 0, 0])
        monkeypatch.setattr(Path, "stat", lambda path, **_: owner)
        monkeypatch.setattr(os, "geteuid", lambda: 0)

        assert Cluster(tmp_path, {}).user == (4321, 1234)

    def test_is_the_servers_own_where_there_are_none_yet(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        monkeypatch.setattr(module, "SERVER_USER", "nobody")

        assert Cluster(tmp_path, {}).user == module._server_user()[2:4]

    def test_is_not_another_for_those_who_are_not_root(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 1000)

        assert Cluster(tmp_path, {}).user is None

    def test_is_nobody_where_none_can_be_made(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def no_useradd(*_: object, **__: object) -> None:
            raise FileNotFoundError("useradd")

        monkeypatch.setattr(module, "SERVER_USER", "no-such-user")
        monkeypatch.setattr("subprocess.run", no_useradd)

        assert module._server_user().pw_name == "nobody"


def test_without_the_package_a_server_of_ones_own_is_proposed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)

    with pytest.raises(BulouError, match="BULOU_DATABASE_URL"):
        _ = Cluster(tmp_path, {}).programs
