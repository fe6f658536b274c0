"""What was sent is kept for a while; a run whose job ended otherwise is told as ended."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from bulou.exchange.imports import keeping, services
from bulou.exchange.imports.happenings import Sender
from bulou.exchange.imports.models import ImportBatch, ImportFile, ImportPiece, ImportRow
from bulou.exchange.jobs.models import Job
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id

from .conftest import COUNTY, VILLAGE, Scope, counts, number

Bring = Callable[..., ImportBatch]
ROWS = [["姓名", "手机", "属地"], ["演示甲", "19900000001", VILLAGE], ["演示乙", "1", VILLAGE]]


def age(days: float) -> None:
    then = timezone.now() - timedelta(days=days)
    ImportFile.objects.update(sent_at=then)
    ImportBatch.objects.update(begun_at=then)


def sent(path: Path, sender: Sender) -> ImportFile:
    return services.file_keep(path, path.name, "people", sender)


@pytest.fixture
def long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of several pieces."""
    monkeypatch.setattr(keeping, "PIECE", 1_000)
    path = tmp_path / "list.csv"
    path.write_text("姓名,属地\n" + f"演示甲,{VILLAGE}\n" * 200, "utf-8")
    return path


def test_a_file_is_kept_in_sealed_pieces_and_comes_out_as_it_was(long: Path, sender: Sender, scope: Scope) -> None:
    file = sent(long, sender)

    with scope(COUNTY):
        pieces = [bytes(piece.content) for piece in ImportPiece.objects.order_by("number")]
        assert len(pieces) == -(-long.stat().st_size // 1_000)
        assert not any("演示甲".encode() in piece for piece in pieces)
        with services.file_open(file) as found:
            assert found.read_bytes() == long.read_bytes()


def test_a_piece_that_is_missing_is_noticed(long: Path, sender: Sender, scope: Scope) -> None:
    file = sent(long, sender)

    with scope(COUNTY):
        ImportPiece.objects.filter(number=2).delete()
        with pytest.raises(BulouError) as refused, services.file_open(file):
            pass
    assert refused.value.problems[0].code == "import.torn"


def test_pieces_cannot_change_places(long: Path, sender: Sender, scope: Scope) -> None:
    file = sent(long, sender)
    with scope(COUNTY):
        first, second = ImportPiece.objects.filter(number__lt=2).order_by("number").values_list("content", flat=True)
        ImportPiece.objects.filter(number__lt=2).delete()
        for number, content in enumerate((second, first)):
            ImportPiece.objects.create(file=file, number=number, area=COUNTY, content=content)

        with pytest.raises(BulouError) as refused, services.file_open(file):
            pass
    assert refused.value.problems[0].code == "crypto.tampered"


def test_what_rows_said_of_people_goes_with_the_file(bring: Bring, scope: Scope) -> None:
    bring("people", ROWS)
    bring("people", [ROWS[0], ["演示甲", "19900000001", VILLAGE], ["演示丙", "1", VILLAGE]])
    changed = [["姓名", "身份证号", "属地"], ["演示甲", number(), VILLAGE]]
    bring("people", changed)
    bring("people", [changed[0], ["演示改", number(), VILLAGE]])
    with scope(""):
        assert ImportRow.objects.exclude(shown=None).count() == 1
        age(31)

    services.purge()

    with scope(""):
        rows = list(ImportRow.objects.all())
        assert {(row.shown is None, row.change is None) for row in rows} == {(True, True)}
        said = [problem for row in rows for problem in row.problems or []]
        assert {(one["code"], one["field"], one["zh"] + one["en"]) for one in said} == {("phone.invalid", "phone", "")}
        assert sorted(row.outcome for row in rows) == [
            "created",
            "created",
            "rejected",
            "rejected",
            "unchanged",
            "updated",
        ]
        assert not ImportBatch.objects.filter(words_kept=True).exists()


def test_what_an_undoing_needs_is_kept_while_it_can_be_undone(bring: Bring, scope: Scope, settings: Any) -> None:
    settings.IMPORT_DAYS = 1
    head = ["姓名", "身份证号", "属地"]
    bring("people", [head, ["演示甲", number(), VILLAGE]])
    batch = bring("people", [head, ["演示改", number(), VILLAGE]])
    with scope(""):
        age(6)

    services.purge()

    with scope(""):
        assert ImportRow.objects.exclude(change=None).count() == 1
        assert services.undo(ImportBatch.objects.get(id=batch.id), by=None)["put_back"] == 1


def test_the_database_empties_no_row_of_an_import_that_can_be_undone(bring: Bring, scope: Scope) -> None:
    bring("people", ROWS)
    with scope(""), connection.cursor() as cursor:
        cursor.execute("SELECT import_row_forget(array_agg(id)) FROM import_batch")

        assert ImportRow.objects.exclude(problems=None).count() == 1


@pytest.mark.parametrize(("days", "gone"), [(29.9, 0), (30.1, 1)])
def test_the_content_of_a_file_goes_when_its_time_is_over_and_its_rows_stay(
    days: float, gone: int, bring: Bring, scope: Scope
) -> None:
    batch = bring("people", ROWS)
    with scope(""):
        age(days)

    assert services.purge() == gone

    with scope(COUNTY):
        assert ImportPiece.objects.exists() is not bool(gone)
        assert batch.rows.count() == 2
    assert counts(batch) == (1, 0, 0, 1)


def test_how_long_is_a_setting(bring: Bring, scope: Scope, settings: Any) -> None:
    settings.IMPORT_DAYS = 1
    bring("people", ROWS)
    with scope(""):
        age(2)

    assert services.purge() == 1
    assert services.purge() == 0, "it goes once"


def test_a_file_that_is_gone_says_so(bring: Bring, scope: Scope) -> None:
    bring("people", ROWS)
    with scope(""):
        age(31)
    services.purge()

    with scope(COUNTY), pytest.raises(BulouError) as refused, services.file_open(ImportFile.objects.get()):
        pass
    assert refused.value.problems[0].code == "import.gone"


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_a_run_whose_job_ended_otherwise_has_ended_too_and_can_be_undone(
    state: str, bring: Bring, scope: Scope
) -> None:
    batch = bring("people", ROWS)
    why = [{"zh": "停了", "en": "Stopped"}]
    with scope(COUNTY):
        job = Job.objects.create(
            task="import", title_zh="导入", title_en="Import", account=new_id(), area=COUNTY, state=state, problem=why
        )
        ImportBatch.objects.filter(id=batch.id).update(state="running", job=job.id)

    with scope(COUNTY):
        assert services.settle() == 1

        left = ImportBatch.objects.get(id=batch.id)
    assert (left.state, left.problem) == (state, why)
    assert services.undo(left, by=None)["retired"] == 1


def test_a_run_whose_job_goes_on_is_left(bring: Bring, scope: Scope) -> None:
    batch = bring("people", ROWS)
    with scope(COUNTY):
        job = Job.objects.create(task="import", title_zh="", title_en="", account=new_id(), area=COUNTY)
        ImportBatch.objects.filter(id=batch.id).update(state="running", job=job.id)

    with scope(COUNTY):
        assert services.settle() == 0
        assert ImportBatch.objects.get(id=batch.id).state == "running"
