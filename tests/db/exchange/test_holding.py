"""An import whose process is gone is seen to be, by whoever looks next; it is gone on with, or undone."""

import json
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from django.db import connection

from bulou.cli.main import main
from bulou.directory.models import Person
from bulou.exchange.imports import reading, services
from bulou.exchange.imports.happenings import Sender
from bulou.exchange.imports.holding import LOCKS
from bulou.exchange.imports.models import ImportBatch
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id

from .conftest import COUNTY, VILLAGE, Scope, counts

MakeCsv = Callable[..., Path]
HEAD = ["姓名", "手机", "属地"]


@pytest.fixture
def path(make_csv: MakeCsv) -> Path:
    return make_csv([HEAD, *([f"张{n}", f"199{n:08}", VILLAGE] for n in range(90))])


def killed(path: Path, sender: Sender) -> ImportBatch:
    """An import of the file whose process went after its first fifty rows."""
    file = services.file_keep(path, path.name, "people", sender, content=False)
    run = services.begin(file, reading.read(path), sender, rehearsal=False)
    next(run.go(size=50))
    return run.batch


def test_a_run_whose_process_is_gone_is_interrupted(path: Path, sender: Sender, scope: Scope) -> None:
    batch = killed(path, sender)

    with scope(COUNTY):
        assert services.settle() == 1

        left = services.left_off(batch.file.digest, "people")
    assert left is not None
    assert (left.id, left.state, left.last_row) == (batch.id, "interrupted", 51)


def test_a_run_whose_process_lives_is_left_and_begun_nowhere_else(path: Path, sender: Sender, scope: Scope) -> None:
    batch = killed(path, sender)
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [LOCKS, str(batch.id)])

        with scope(COUNTY):
            assert services.settle() == 0
        with pytest.raises(BulouError) as refused, services.held(batch.id):
            pass

    assert refused.value.problems[0].code == "import.under_way"
    with scope(COUNTY):
        assert services.settle() == 1, "and once that process is gone"


def test_what_is_held_is_let_go_whatever_happens(scope: Scope) -> None:
    id = new_id()
    with pytest.raises(ValueError, match="row"), services.held(id):
        raise ValueError("row")

    with psycopg.connect(**connection.get_connection_params()) as other:
        row = other.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [LOCKS, str(id)]).fetchone()
    assert row == (True,)


def test_what_was_interrupted_goes_on_behind_its_last_row(path: Path, sender: Sender, scope: Scope) -> None:
    batch = killed(path, sender)
    with scope(COUNTY):
        services.settle()
        left = services.left_off(batch.file.digest, "people")
        assert left is not None

    services.go_on(left)
    *_, done = services.run_of(left, path, sender).go()

    assert counts(done) == (90, 0, 0, 0)
    with scope(COUNTY):
        assert Person.objects.count() == 90
        assert ImportBatch.objects.get().state == "done"
        assert services.left_off(batch.file.digest, "people") is None


def test_what_was_interrupted_can_be_undone(path: Path, sender: Sender, scope: Scope) -> None:
    batch = killed(path, sender)
    with scope(COUNTY):
        services.settle()
        left = ImportBatch.objects.get(id=batch.id)

    assert services.undo(left, by=None)["retired"] == 50


def test_what_is_whole_or_undone_does_not_go_on(path: Path, sender: Sender) -> None:
    batch = killed(path, sender)
    batch.state = "done"

    with pytest.raises(BulouError) as refused:
        services.go_on(batch)
    assert refused.value.problems[0].code == "import.go_on"


def test_the_command_tells_of_it_and_goes_on_where_that_is_asked(
    path: Path, sender: Sender, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BULOU_LANG", "en")
    killed(path, Sender(""))
    run = CliRunner().invoke

    told = run(main, ["import", "people", str(path), "--dry-run"])
    assert "interrupted after 50 rows" in told.stderr
    assert "--resume" in told.stderr

    done = json.loads(run(main, ["import", "people", str(path), "--resume", "--json"]).stdout)
    assert (done["rows_in"], done["created"]) == (90, 90)

    again = run(main, ["import", "people", str(path), "--resume"])
    assert again.exit_code != 0
    assert "was interrupted" in again.output + str(again.exception)
