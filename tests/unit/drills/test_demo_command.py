"""`bulou demo` from the outside: its options, its password, its port, its server."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner

from bulou.cli import demo, demo_versions, serving
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.errors import BulouError
from bulou.oversight.drills import services

ROOT = Path(__file__).parents[3]
ANSWER = "def application(environ, start):\n    start('200 OK', [])\n    return [b'here']\n"


@pytest.mark.parametrize(
    ("given", "instant"),
    [
        ("2020-02-10", "2020-02-10T10:00:00+08:00"),
        ("2020-02-14T22:30", "2020-02-14T22:30:00+08:00"),
        ("2020-02-14T22:30+00:00", "2020-02-14T22:30:00+00:00"),
    ],
)
def test_a_day_means_ten_in_the_morning_in_tianjin(given, instant):
    assert demo.Moment().convert(given, None, None).isoformat() == instant


@pytest.mark.parametrize("given", ["tomorrow", "2020-13-01", "2019-12-31", "2020-03-01", "2026-11-21"])
def test_a_time_the_demonstration_does_not_cover_is_refused(given):
    with pytest.raises(click.BadParameter, match="2020-0"):
        demo.Moment().convert(given, None, None)


def test_an_instant_stays_as_it_is():
    instant = datetime(2020, 2, 1, tzinfo=SHANGHAI)

    assert demo.Moment().convert(instant, None, None) is instant


def test_the_password_is_made_once_and_only_its_user_may_read_it(tmp_path):
    made = demo.password(tmp_path)

    file = tmp_path / "secrets" / "demo_password"
    assert demo.password(tmp_path) == made == file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(made) >= 12


def test_two_installations_have_different_passwords(tmp_path):
    assert demo.password(tmp_path / "one") != demo.password(tmp_path / "other")


def test_the_next_port_is_taken_where_the_wanted_one_is_not_free():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert port < serving.free_port(port) < port + serving.PORTS


def test_a_row_of_taken_ports_is_told(monkeypatch):
    monkeypatch.setattr(serving, "PORTS", 1)
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(BulouError, match="are taken"),
    ):
        serving.free_port(taken.getsockname()[1])


def test_the_command_names_its_options_in_both_languages():
    shown = CliRunner().invoke(demo.demo, ["--help"]).output

    for option in ("--at", "--port", "--no-browser", "--no-serve", "--reset", "--scale", "--data-dir"):
        assert option in shown
    assert "清空后重来 · erase the data first" in shown


@pytest.mark.parametrize("options", [["--scale", "0"], ["--port", "70000"], ["--at", "someday"]])
def test_nonsense_is_a_usage_error(options):
    assert CliRunner().invoke(demo.demo, options).exit_code == 2


@pytest.fixture
def house(tmp_path, monkeypatch):
    """An installation with loaded data, its database left out."""

    class Server:
        home = tmp_path
        cluster = SimpleNamespace(root=tmp_path)

        def ensure(self):
            """Nothing to start."""

        def erase(self):
            """Nothing to erase."""

    from bulou.config import database

    monkeypatch.setattr(database, "embedded", Server)
    monkeypatch.setattr(demo, "start_django", lambda role: None)
    monkeypatch.setattr(demo, "prepare", lambda: None)
    monkeypatch.setattr(demo_versions, "behind", lambda: 0)
    monkeypatch.setattr(services, "is_loaded", lambda: True)
    (tmp_path / "demo.json").write_text(json.dumps({"seed": 2020, "scale": 1}))
    return tmp_path


@pytest.fixture(autouse=True)
def plain_paths(monkeypatch):
    monkeypatch.setenv("BULOU_LANG", "en")


def test_a_second_start_loads_nothing_and_leaves_the_clock(house, monkeypatch):
    moved = []
    monkeypatch.setattr(services, "clock_move", moved.append)
    monkeypatch.setattr(demo, "_load", lambda *_: pytest.fail("loaded again"))

    result = CliRunner().invoke(demo.demo, ["--no-serve"])

    assert result.exit_code == 0, result.output
    assert moved == []


def test_a_second_start_moves_the_clock_where_it_is_asked_to(house, monkeypatch):
    moved = []
    monkeypatch.setattr(services, "clock_move", moved.append)

    CliRunner().invoke(demo.demo, ["--no-serve", "--at", "2020-02-14"])

    assert moved == [datetime(2020, 2, 14, 10, tzinfo=SHANGHAI)]


def test_tables_of_an_older_version_are_updated_first(house, monkeypatch):
    updated = []
    monkeypatch.setattr(demo_versions, "behind", lambda: 3)
    monkeypatch.setattr(demo, "prepare", lambda: updated.append(True))

    result = CliRunner().invoke(demo.demo, ["--no-serve"])

    assert updated == [True]
    assert "Tables brought to this version (3 steps)" in result.output


def test_data_of_another_version_are_kept_and_said_to_be_old(house):
    result = CliRunner().invoke(demo.demo, ["--no-serve"])

    assert "made by another version and are kept" in result.output
    (house / "demo.json").write_text(json.dumps({"seed": 2020, "scale": 1, "made_by": demo_versions.maker()}))
    assert "another version" not in CliRunner().invoke(demo.demo, ["--no-serve"]).output


def test_another_scale_needs_a_new_start(house):
    result = CliRunner().invoke(demo.demo, ["--no-serve", "--scale", "10"])

    assert isinstance(result.exception, BulouError)
    assert "--reset" in str(result.exception)


def test_an_interrupted_load_is_taken_up_again(house, monkeypatch):
    loads = []
    (house / "demo.json").unlink()
    monkeypatch.setattr(demo, "_load", lambda *given: loads.append(given))

    CliRunner().invoke(demo.demo, ["--no-serve"])

    assert loads == [(house, demo.DEFAULT, 1)]


def test_a_database_that_was_deleted_is_made_and_loaded_anew(house, monkeypatch):
    loads, tables = [], []
    monkeypatch.setattr(demo, "_load", lambda *given: loads.append(given))
    monkeypatch.setattr(demo, "prepare", lambda: tables.append(True))
    from bulou.config import database

    database.embedded.cluster = SimpleNamespace(root=house / "gone")
    CliRunner().invoke(demo.demo, ["--no-serve"])

    assert (len(loads), tables) == (1, [True])


def test_a_state_that_cannot_be_read_counts_as_none(house):
    (house / "demo.json").write_text("{")

    assert demo._state(house) == {}


def test_a_reset_erases_the_database_and_loads_anew(house, monkeypatch):
    loads = []
    monkeypatch.setattr(demo, "_load", lambda *given: loads.append(given))

    result = CliRunner().invoke(demo.demo, ["--no-serve", "--reset", "--at", "2020-02-01"])

    assert result.exit_code == 0, result.output
    assert loads == [(house, datetime(2020, 2, 1, 10, tzinfo=SHANGHAI), 1)]


def test_a_database_of_somebody_else_is_not_erased(house, monkeypatch):
    from bulou.config import database

    monkeypatch.setattr(database, "embedded", lambda: None)
    monkeypatch.setenv("BULOU_DATA_DIR", str(house))

    result = CliRunner().invoke(demo.demo, ["--no-serve", "--reset"])

    assert "BULOU_DATABASE_URL" in str(result.exception)


def test_the_plan_of_the_demonstration_is_found():
    assert {rule.plan for rule in demo._rules()} == {demo.PLAN}


@contextmanager
def application(tmp_path, monkeypatch, text):
    """A web application of one file in the place of the product."""
    (tmp_path / "stand_in.py").write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(serving, "APPLICATION", "stand_in:application")
    yield serving.free_port(8160)


def test_a_server_answers_when_it_is_started_and_is_gone_when_it_is_left(tmp_path, monkeypatch):
    with application(tmp_path, monkeypatch, ANSWER) as port:
        server = serving.start(port, workers=1, alone=True)
        with server, urllib.request.urlopen(server.url) as answer:
            body = answer.read()

    assert body == b"here"
    assert server.process.returncode is not None


def test_a_server_that_cannot_start_is_told(tmp_path, monkeypatch):
    with application(tmp_path, monkeypatch, "raise RuntimeError\n") as port, pytest.raises(BulouError, match="start"):
        serving.start(port, workers=1, alone=True)


def test_a_server_that_only_fails_is_told(tmp_path, monkeypatch):
    broken = ANSWER.replace("200 OK", "500 Broken")
    with application(tmp_path, monkeypatch, broken) as port, pytest.raises(BulouError, match="start"):
        serving.start(port, workers=1, alone=True)


def test_a_termination_ends_the_server_too(tmp_path, monkeypatch):
    code = (
        "import sys; from bulou.cli import serving; serving.APPLICATION = 'stand_in:application'\n"
        "with serving.start(int(sys.argv[1]), workers=1, alone=True) as server:\n"
        "    print(server.process.pid, flush=True); server.wait()\n"
    )
    with application(tmp_path, monkeypatch, ANSWER) as port:
        command = [sys.executable, "-c", code, str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        served = int(program.stdout.readline())
        program.send_signal(signal.SIGTERM)
        program.wait(timeout=30)

    with pytest.raises(ProcessLookupError):
        os.kill(served, 0)


STAND_IN = f"from bulou.config import lifeline\nlifeline.follow_forker()\n{ANSWER}"
SERVE = (
    "import sys; from bulou.cli import serving; serving.APPLICATION = 'stand_in:application'\n"
    "with serving.start(int(sys.argv[1]), workers=2, alone=True) as server:\n"
    "    print(server.process.pid, flush=True); server.wait()\n"
)


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A program that serves: itself, its server's process id, its port. All of it holds the program's output open."""
    with application(tmp_path, monkeypatch, STAND_IN) as port:
        command = [sys.executable, "-c", SERVE, str(port)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
            yield program, int(program.stdout.readline()), port


def test_where_only_the_server_s_parent_process_is_killed_its_workers_end_too(served):
    program, server, port = served

    os.kill(server, signal.SIGKILL)

    assert program.communicate(timeout=30) == ("", None), "nobody holds the output any more"
    assert serving.free_port(port) == port


def test_where_the_program_is_killed_its_server_and_the_workers_end_too(served):
    program, _server, port = served

    program.kill()

    assert program.communicate(timeout=30) == ("", None), "nobody holds the output any more"
    assert serving.free_port(port) == port


def test_the_door_of_the_product_watches_too():
    assert "lifeline.follow_forker()" in (ROOT / "src" / "bulou" / "config" / "wsgi.py").read_text()


def test_the_demonstration_covers_six_weeks():
    assert timedelta(days=40) < demo.LAST - demo.FIRST < timedelta(days=43)
    assert demo.FIRST < demo.DEFAULT < demo.LAST
