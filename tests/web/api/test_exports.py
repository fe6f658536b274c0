"""Lists as files through the API: the same rules, its own statuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.http import FileResponse

from bulou.directory.scope import everywhere
from bulou.exchange.exports.models import Export, ExportEvent
from bulou.exchange.jobs.models import Job
from bulou.exchange.jobs.running import execute

from .conftest import Caller

GOOD = {"list": "people", "format": "json", "purpose": "weekly report"}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.EXPORTS = tmp_path / "exports"


def asked(caller: Caller, **changes: Any) -> Any:
    body = json.dumps(GOOD | changes)
    return caller.client.post("/api/v1/exports", body, content_type="application/json", headers=caller.headers)


def codes(answer: Any) -> list[str]:
    return [problem["code"] for problem in answer.json()["problems"]]


def test_a_file_is_asked_for_looked_at_and_fetched(commander: Caller) -> None:
    answer = asked(commander)
    assert answer.status_code == 202
    said = answer.json()
    assert (said["state"], said["file"], said["rows"]) == ("working", None, None)
    assert codes(commander.get(f"/exports/{said['id']}/file")) == ["export.not_made"]

    with everywhere():
        job = Job.objects.get()
    execute(job.id)
    made = commander.get(f"/exports/{said['id']}").json()
    file = commander.get(f"/exports/{said['id']}/file")

    assert (made["state"], made["rows"], made["file"]) == ("ready", 1, f"/api/v1/exports/{said['id']}/file")
    assert isinstance(file, FileResponse)
    assert json.loads(b"".join(file.streaming_content))["about"]["title"]
    with everywhere():
        assert ExportEvent.objects.filter(act="downloaded").count() == 1


def test_a_grid_worker_is_refused(worker: Caller) -> None:
    answer = asked(worker)

    assert (answer.status_code, codes(answer)) == (403, ["export.forbidden"])
    with everywhere():
        assert not Export.objects.exists()


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"list": "nonsense"}, 400, "export.list"),
        ({"purpose": " "}, 400, "export.purpose"),
        ({"area": "450103"}, 403, "access.outside"),
    ],
)
def test_what_is_wrong_is_told(changes: dict[str, str], status: int, code: str, commander: Caller) -> None:
    answer = asked(commander, **changes)

    assert (answer.status_code, codes(answer)) == (status, [code])


def test_a_format_there_is_not_is_no_request(commander: Caller) -> None:
    assert asked(commander, format="pdf").status_code == 422


def test_an_export_is_its_accounts_own(commander: Caller, outsider: Caller, worker: Caller) -> None:
    id = asked(commander).json()["id"]

    for caller in (outsider, worker):
        assert caller.get(f"/exports/{id}").status_code == 404
        assert caller.get(f"/exports/{id}/file").status_code == 404


def test_an_expired_file_is_gone(commander: Caller, settings: Any) -> None:
    id = asked(commander).json()["id"]
    with everywhere():
        job = Job.objects.get()
    execute(job.id)
    settings.EXPORT_HOURS = 0

    answer = commander.get(f"/exports/{id}/file")

    assert (answer.status_code, codes(answer)) == (410, ["export.expired"])
