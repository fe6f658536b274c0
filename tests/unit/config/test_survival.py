"""A program goes on writing while its server is killed under it; what was acknowledged is there."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg

from bulou.config.database import Embedded
from bulou.config.embedded import DATABASE, OWNER

DEATHS = 3
WRITER = """
import sys
import django
django.setup()
from django.db import OperationalError, connection

with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE IF NOT EXISTS kept (n int PRIMARY KEY)")
n = 0
while n < %d:
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO kept VALUES (%%s) ON CONFLICT DO NOTHING", [n])
    except OperationalError:
        connection.close()
        continue
    print(n, flush=True)
    n += 1
"""
ROWS = 300


def writer(home: Path) -> "subprocess.Popen[str]":
    """A program that writes rows one by one, tells each that was acknowledged, and tries again what was not."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BULOU_")}
    mine = {"BULOU_DATA_DIR": str(home), "BULOU_ROLE": "owner", "DJANGO_SETTINGS_MODULE": "bulou.config.settings"}
    command = [sys.executable, "-W", "ignore", "-c", WRITER % ROWS]
    return subprocess.Popen(command, env={**kept, **mine}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def test_what_was_acknowledged_survives_the_death_of_the_server(new_house: Callable[[], Path]) -> None:
    home = new_house()
    server = Embedded(home)
    acknowledged = []
    with writer(home) as program:
        assert program.stdout is not None
        for line in program.stdout:
            acknowledged.append(int(line))
            if len(acknowledged) % (ROWS // (DEATHS + 1)) == 0 and (pid := server.status().pid):
                os.kill(pid, signal.SIGKILL)

    assert program.returncode == 0
    assert acknowledged == list(range(ROWS))
    server.ensure()
    with psycopg.connect(host=server.host, dbname=DATABASE, user=OWNER) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (ROWS,)
    server.leave()


def test_what_was_acknowledged_survives_the_death_of_the_program(new_house: Callable[[], Path]) -> None:
    home = new_house()
    with writer(home) as program:
        assert program.stdout is not None
        acknowledged = {int(next(program.stdout)) for _ in range(20)}
        program.kill()
        acknowledged |= {int(line) for line in program.stdout}

    server = Embedded(home)
    server.ensure()
    with psycopg.connect(host=server.host, dbname=DATABASE, user=OWNER) as connection:
        kept = {n for (n,) in connection.execute("SELECT n FROM kept")}
    server.leave()

    assert acknowledged <= kept
    assert not server.answers()
