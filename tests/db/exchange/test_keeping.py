"""What was sent is kept for a while; a run whose job ended otherwise is told as ended."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from bulou.exchange.imports import services
from bulou.exchange.imports.models import ImportBatch, ImportFile
from bulou.exchange.jobs.models import Job
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id

from .conftest import COUNTY, VILLAGE, Scope, counts

Bring = Callable[..., ImportBatch]
ROWS = [["姓名", "手机", "属地"], ["演示甲", "19900000001", VILLAGE], ["演示乙", "1", VILLAGE]]


def age(days: float) -> None:
    ImportFile.objects.update(sent_at=timezone.now() - timedelta(days=days))


@pytest.mark.parametrize(("days", "gone"), [(29.9, 0), (30.1, 1)])
def test_the_content_of_a_file_goes_when_its_time_is_over_and_its_rows_stay(
    days: float, gone: int, bring: Bring, scope: Scope
) -> None:
    batch = bring("people", ROWS)
    with scope(""):
        age(days)

    assert services.purge() == gone

    with scope(COUNTY):
        file = ImportFile.objects.get()
        assert (file.content is None) is bool(gone)
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

    services.purge()

    with scope(COUNTY):
        left = ImportBatch.objects.get(id=batch.id)
    assert (left.state, left.problem) == (state, why)
    assert services.undo(left, by=None)["retired"] == 1


def test_a_run_whose_job_goes_on_is_left(bring: Bring, scope: Scope) -> None:
    batch = bring("people", ROWS)
    with scope(COUNTY):
        job = Job.objects.create(task="import", title_zh="", title_en="", account=new_id(), area=COUNTY)
        ImportBatch.objects.filter(id=batch.id).update(state="running", job=job.id)

    services.purge()

    with scope(COUNTY):
        assert ImportBatch.objects.get(id=batch.id).state == "running"
