"""How the API speaks: languages, faults of its own, the state of the database, its document, no names in logs."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError, OperationalError
from django.test import Client

from bulou.api import duties, intake
from bulou.api.door import api
from bulou.api.language import language_of
from bulou.directory import scope
from bulou.directory.models import Account

from .conftest import Caller, World
from .refusals import failed

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "api.md"


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of every operation."""
    paths = api.get_openapi_schema()["paths"]
    return [(method, path, operation) for path, methods in paths.items() for method, operation in methods.items()]


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("", "zh-hans"),
        ("zh-CN,zh;q=0.9", "zh-hans"),
        ("en", "en"),
        ("en-GB;q=0.3, zh;q=0.9", "zh-hans"),
        ("fr-FR, EN-us;q=0.5", "en"),
        ("fr", "zh-hans"),
        ("*", "zh-hans"),
        ("zh-TW", "zh-hans"),
        (";;;q=x", "zh-hans"),
    ],
)
def test_an_answer_is_in_the_language_asked_for(asked: str, spoken: str, db: None) -> None:
    response = Client().get("/api/v1/me", headers={"Accept-Language": asked} if asked else {})

    problem = failed(response, 401)
    assert response["Content-Language"] == spoken
    assert problem["message"] == problem["en" if spoken == "en" else "zh"]


def test_without_a_wish_an_account_is_spoken_to_in_its_own_language(
    world: World, caller: Callable[..., Caller]
) -> None:
    Account.objects.update(language="en")
    program = caller(world.worker)
    del program.headers["Accept-Language"]

    response = program.get("/duties", limit=0)

    assert failed(response, 422)["message"].startswith("limit")
    assert response["Content-Language"] == "en"
    assert language_of(response.wsgi_request) == "en"


def test_answers_are_json_chinese_as_it_is_and_kept_by_no_cache(worker: Caller) -> None:
    response = worker.get("/me")

    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert "蓉芳里居委会" in response.content.decode()


def test_a_fault_of_ours_is_told_without_its_details_and_stores_nothing(
    world: World, worker: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ValueError(world.inside.name)

    monkeypatch.setattr(intake.services, "record", fails)

    response = worker.send([world.fact()])

    assert failed(response, 500)["code"] == "internal"
    assert "安居仁" not in response.content.decode() + caplog.text
    assert "ValueError" in caplog.text


def test_a_value_the_database_cannot_take_is_a_fault_told_without_it(
    world: World, worker: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise DataError(world.inside.name)

    monkeypatch.setattr(duties.ledger, "duties", fails)

    assert failed(worker.get("/duties"), 500)["code"] == "internal"
    assert "安居仁" not in caplog.text


def test_a_database_that_went_away_is_told_as_such(
    world: World, worker: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(duties.ledger, "duties", fails)

    assert failed(worker.get("/duties"), 503)["code"] == "database.down"


def test_a_database_that_is_down_is_told_to_watchdogs(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(scope, "for_account", fails)

    assert failed(Client().get("/api/v1/healthz"), 503)["code"] == "database.down"


def test_the_house_is_well_before_its_first_clock_pass(db: None) -> None:
    health = Client().get("/api/v1/healthz").json()

    assert (health["passed_at"], health["pass_age_seconds"]) == (None, None)


def test_nothing_a_sender_wrote_about_people_reaches_the_log(
    world: World, worker: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = {"name": "安居仁", "phone": "19900000001", "id": "120101199001011234"}
    bad = world.fact(data={"celsius": "安居仁", **secret})

    worker.send([bad])
    worker.send(json.dumps([bad], ensure_ascii=False)[:-5])
    worker.send([bad], "text/plain")
    worker.get(f"/subjects/person:{world.inside.pk}/facts", purpose="19900000001")

    said = " ".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert not any(value in said for value in secret.values())


def test_every_operation_says_what_it_does_and_what_it_answers() -> None:
    for method, path, operation in operations():
        assert operation["description"], path
        answers = [answer for status, answer in operation["responses"].items() if status in (200, 202)]
        assert [answer["content"]["application/json"].keys() for answer in answers] == [{"schema"}], (method, path)
        assert "Failure" in str(operation["responses"]["default"]), path


def test_everything_but_health_asks_who_is_there() -> None:
    assert [path for _, path, operation in operations() if not operation.get("security")] == ["/api/v1/healthz"]


def test_the_document_refers_to_nothing_it_does_not_hold(worker: Caller) -> None:
    document = worker.read("/openapi.json")

    referred = {part.split('"')[0] for part in json.dumps(document).split("#/components/schemas/")[1:]}
    assert referred <= document["components"]["schemas"].keys()
    assert {"FactIn", "Failure", "ReceiptOut", "WhyOut"} <= referred


def test_the_list_of_addresses_loads_nothing_from_elsewhere(worker: Caller) -> None:
    page = worker.get("/docs").content.decode()

    assert all(f"<code>{path}</code>" in page for _, path, _ in operations())
    assert "://" not in page
    assert "<script" not in page


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/"])
def test_documents_too_ask_who_is_there(path: str, worker: Caller) -> None:
    assert failed(Client().get(f"/api/v1{path}"), 401)["code"] == "access.unknown"
    assert worker.get(path).status_code == 200


def test_the_root_leads_to_the_documents(worker: Caller) -> None:
    root = worker.read("/")

    assert Client().get(root["openapi"], headers=worker.headers).status_code == 200
    assert Client().get(root["docs"], headers=worker.headers).status_code == 200


def test_the_reference_tells_every_address_with_its_method() -> None:
    told = REFERENCE.read_text(encoding="utf-8")

    missing = [
        path for method, path, _ in operations() if f"`{method.upper()} {path.removeprefix('/api/v1')}`" not in told
    ]
    assert missing == []


def test_the_reference_tells_every_parameter() -> None:
    told = REFERENCE.read_text(encoding="utf-8")
    names = {parameter["name"] for _, _, operation in operations() for parameter in operation.get("parameters", [])}

    assert [name for name in sorted(names) if f"`{name}`" not in told and f"{{{name}}}" not in told] == []


def test_the_examples_of_the_reference_stay_on_this_machine() -> None:
    told = REFERENCE.read_text(encoding="utf-8")
    hosts = {word.split("://")[1].split("/")[0] for word in told.split() if "://" in word}

    assert hosts == {"127.0.0.1:8000"}
