"""A request that cannot be read is refused whole, with its place and a remedy; nothing of it is stored."""

import json
from typing import Any

import pytest
from django.test import Client

from .conftest import ELSEWHERE, Caller, World
from .refusals import failed

pytestmark = pytest.mark.usefixtures("nothing_stored")
LINES = "application/x-ndjson"


@pytest.mark.parametrize("content_type", ["application/json", LINES])
def test_more_than_ten_thousand_facts_are_refused_with_the_remedy(
    content_type: str, world: World, worker: Caller
) -> None:
    line = json.dumps(world.fact())
    body = "\n".join([line] * 10_001) if content_type == LINES else f"[{','.join([line] * 10_001)}]"

    problem = failed(worker.send(body, content_type), 413)

    assert problem["code"] == "facts.too_many"
    assert "10,001" in problem["en"]
    assert "several requests" in problem["en"]
    assert "分批" in problem["zh"]


def test_a_body_longer_than_the_limit_is_refused_with_the_remedy(world: World, worker: Caller, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    problem = failed(worker.send([world.fact()] * 10), 413)

    assert problem["code"] == "request.too_long"
    assert "several requests" in problem["en"]


def test_a_body_in_chunks_is_told_to_bring_its_length(world: World, worker: Caller) -> None:
    headers = {**worker.headers, "Transfer-Encoding": "chunked"}

    response = Client().generic("POST", "/api/v1/facts", headers=headers, CONTENT_TYPE="application/json")

    assert failed(response, 411)["code"] == "request.length"


def test_a_number_that_is_none_is_told_with_its_place(world: World, worker: Caller) -> None:
    plain = json.dumps(world.fact(data={"note": "NaN 1e400", "celsius": 0}))
    endless = ("9" * 41, "9" * 5000, "-1e-999", "1e400", "1e99999999999999999999", "0e99999")
    for number in ("NaN", "Infinity", "-Infinity", *endless):
        fact = plain.replace('"celsius": 0', f'"celsius": {number}')

        problem = failed(worker.send(f"[\n{fact}]"), 400)

        place = fact.index(number, fact.index("celsius")) + 1
        assert (problem["code"], problem["where"]) == ("json.malformed", f"2:{place}")
        assert f"byte {place + 2})" in problem["en"]


def test_what_is_no_json_is_told_with_line_column_and_byte(worker: Caller) -> None:
    for body, where, byte in (
        (" ", "1:2", 2),
        ("[{]", "1:3", 3),
        ('[{"id": "x"}', "1:13", 13),
        ('[\n{"中文": 1},\n{"a" 2}]', "3:6", 23),
        ("{'id': 1}", "1:2", 2),
        ("[1] [2]", "1:5", 5),
        ("\ufeff[]", "1:1", 1),
        ("id,kind\n1,2", "1:1", 1),
    ):
        problem = failed(worker.send(body), 400)

        assert (problem["code"], problem["where"]) == ("json.malformed", where), body
        assert f"byte {byte})" in problem["en"], body
        assert f"第 {byte} 字节" in problem["zh"], body


def test_a_bad_line_among_good_ones_is_told_by_its_number(world: World, worker: Caller) -> None:
    good = json.dumps(world.fact(data={"celsius": 36.6, "method": "额温"}), ensure_ascii=False)
    body = f"{good}\n\n{good[:-1]}\n{good}\n"

    problem = failed(worker.send(body.encode(), LINES), 400)

    assert problem["where"] == f"3:{len(good)}"
    assert f"byte {2 * len(good.encode()) + 2})" in problem["en"]


def test_what_is_not_utf_8_is_told_with_its_place(worker: Caller) -> None:
    gbk = "中".encode("gbk")

    assert failed(worker.send(b"\xff[]"), 400)["where"] == "1:1"
    assert failed(worker.send('[\n"中'.encode() + gbk + b'"]'), 400)["where"] == "2:3"


def test_json_nested_beyond_reading_is_told(worker: Caller) -> None:
    for body in ("[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000):
        assert failed(worker.send(body), 400)["code"] == "json.deep"


def test_json_that_is_no_batch_is_told(worker: Caller) -> None:
    assert {failed(worker.send(body), 400)["code"] for body in ("5", '"text"', "null", "true")} == {"json.shape"}


def test_another_content_type_is_told_which_are_taken(world: World, worker: Caller) -> None:
    forms = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x")
    for content_type in ("text/plain", "text/csv", "", *forms):
        problem = failed(worker.send([world.fact()], content_type), 415)

        assert problem["field"] == "Content-Type"
        assert LINES in problem["en"]


def test_a_parameter_that_cannot_be_read_is_named(worker: Caller) -> None:
    for path, query in (
        ("/duties", {"day": "2020-02-31"}),
        ("/duties", {"state": "forgotten"}),
        ("/duties", {"no_miss": "luck"}),
        ("/duties", {"limit": "0"}),
        ("/duties", {"limit": "501"}),
        ("/duties", {"limit": "many"}),
        ("/duties", {"after": "x"}),
        ("/duties", {"after": "12.1.1; DROP TABLE fact"}),
        ("/duties", {"after": f"12.{'9' * 19}.1"}),
        ("/duties", {"area": "1234567"}),
        ("/duties", {"area": "%"}),
        ("/duties", {"area": "１２"}),
        ("/duties", {"clause": "\0"}),
        ("/misses", {"unowned": "perhaps"}),
        ("/misses", {"duty": "x" * 201}),
        ("/board", {"day": "today"}),
    ):
        problem = failed(worker.get(path, **query), 422)

        assert (problem["code"], problem["field"]) == ("request.parameter", *query), query


def test_a_path_that_cannot_be_read_is_named(worker: Caller) -> None:
    for path, field in (
        ("/duties/%00", "key"),
        ("/duties/a~b~%00~1", "key"),
        ("/areas/abc", "code"),
        ("/areas/%00", "code"),
    ):
        problem = failed(worker.get(path, purpose="x"), 422)

        assert (problem["code"], problem["field"]) == ("request.parameter", field)


def test_every_wrong_parameter_is_named_at_once(worker: Caller) -> None:
    response = worker.get("/duties", day="x", limit="y")

    assert {problem["field"] for problem in response.json()["problems"]} == {"day", "limit"}


def test_an_area_outside_is_refused_by_name(worker: Caller) -> None:
    for path in ("/duties", "/misses", "/board"):
        for area in (ELSEWHERE, "12", "120101001002", "120101"):
            problem = failed(worker.get(path, area=area), 403)

            assert (problem["code"], problem["field"]) == ("access.outside", "area")
            assert area in problem["zh"]


def test_a_key_of_no_duty_finds_none(worker: Caller) -> None:
    far = "trial~daily~person:x~99999999999999999"
    for key in ("x", "a~b~c~d", "a~b~c~1", far, "a~b~c~-99999999999999999", "a~b~c~٣"):
        assert failed(worker.get(f"/duties/{key}", purpose="x"), 404)["code"] == "request.not_found", key


def test_an_address_that_is_none_is_told_in_json(worker: Caller) -> None:
    for path in ("/nowhere", "/duties/a/b", "/../v2/", "/facts/", "/plans/%00", "/areas/99"):
        assert failed(worker.get(path), 404)["code"] == "request.not_found", path


def test_a_method_an_address_does_not_take_is_told(worker: Caller) -> None:
    response = worker.get("/facts")
    deleted = Client().delete("/api/v1/duties", headers=worker.headers)

    assert failed(response, 405)["code"] == failed(deleted, 405)["code"] == "request.method"
    assert (response["Allow"], deleted["Allow"]) == ("POST", "GET")
