"""What the robots are sent: bodies as their makers ask for them, signatures by their published recipes."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, time
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

import pytest

from bulou.alerts import adapters
from bulou.alerts.hours import held_until
from bulou.kernel.clock import SHANGHAI

AT = 1577808000.5


def sent(kind: str, secret: str = "", text: str = "正文") -> tuple[str, Any]:
    made = adapters.post(kind, "https://robot.example/send?key=k", secret, "标题", text, at=AT)
    return made.url, json.loads(made.body)


def test_dingtalk_signs_the_time_and_the_secret_in_the_address() -> None:
    url, body = sent("dingtalk", "SECthis")

    query = parse_qs(urlsplit(url).query)
    recipe = hmac.new(b"SECthis", b"1577808000500\nSECthis", digestmod=hashlib.sha256).digest()
    assert query["timestamp"] == ["1577808000500"]
    assert base64.b64decode(query["sign"][0]) == recipe
    assert body == {"msgtype": "markdown", "markdown": {"title": "标题", "text": "#### 标题\n\n正文"}}


def test_a_signature_survives_an_address_whatever_its_characters() -> None:
    made = [adapters.dingtalk_sign("s", milliseconds) for milliseconds in range(200)]

    assert not any(set(one) & set("+/=") for one in made)
    assert all(len(base64.b64decode(unquote_plus(one))) == 32 for one in made)


def test_wecom_has_its_key_in_the_address_and_no_signature() -> None:
    assert sent("wecom", "ignored") == (
        "https://robot.example/send?key=k",
        {"msgtype": "markdown", "markdown": {"content": "**标题**\n正文"}},
    )


def test_feishu_signs_in_the_body_with_the_string_as_the_key() -> None:
    url, body = sent("feishu", "this")

    recipe = hmac.new(b"1577808000\nthis", digestmod=hashlib.sha256).digest()
    assert url == "https://robot.example/send?key=k"
    assert (body["timestamp"], base64.b64decode(body["sign"])) == ("1577808000", recipe)
    assert (body["msg_type"], body["content"]) == ("text", {"text": "标题\n正文"})


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
def test_without_a_secret_nothing_is_signed(kind: str) -> None:
    url, body = sent(kind)

    assert "sign" not in url
    assert "sign" not in body


def test_a_long_message_is_cut_below_every_limit() -> None:
    for kind in adapters.KINDS:
        assert len(adapters.post(kind, "https://x.example", "", "标题", "漏" * 9000, at=AT).body) <= 4096


@pytest.mark.parametrize(
    ("status", "answer", "problem"),
    [
        (200, b'{"errcode": 0, "errmsg": "ok"}', ""),
        (200, b'{"code": 0, "msg": "success"}', ""),
        (200, b'{"StatusCode": 0, "StatusMessage": "success"}', ""),
        (200, b'{"errcode": 310000, "errmsg": "keywords not in content"}', "200 310000 keywords not in content"),
        (200, b'{"code": 19021, "msg": "sign match fail"}', "200 19021 sign match fail"),
        (200, b"<html>", "200"),
        (200, b"[0]", "200"),
        (200, b"", "200"),
        (201, b'{"errcode": 0}', "201 0"),
    ],
)
def test_only_a_code_of_zero_is_a_yes(status: int, answer: bytes, problem: str) -> None:
    assert adapters.problem_in(status, answer) == problem


def test_an_address_is_shown_without_its_key() -> None:
    assert adapters.masked("https://oapi.dingtalk.com/robot/send?access_token=t0ken") == "https://oapi.dingtalk.com/…"


@pytest.mark.parametrize(
    ("now", "start", "end", "until"),
    [
        ("10T21:59", "22:00", "07:00", "10T21:59"),
        ("10T22:00", "22:00", "07:00", "11T07:00"),
        ("10T03:00", "22:00", "07:00", "10T07:00"),
        ("10T07:00", "22:00", "07:00", "10T07:00"),
        ("10T12:30", "12:00", "14:00", "10T14:00"),
        ("10T14:00", "12:00", "14:00", "10T14:00"),
        ("10T12:30", "12:00", "12:00", "10T12:30"),
    ],
)
def test_quiet_hours_hold_until_their_end_and_may_cross_midnight(now: str, start: str, end: str, until: str) -> None:
    def local(text: str) -> datetime:
        return datetime.fromisoformat(f"2020-02-{text}").replace(tzinfo=SHANGHAI)

    assert held_until(local(now), time.fromisoformat(start), time.fromisoformat(end)) == local(until)


def test_without_quiet_hours_everything_comes_at_once() -> None:
    now = datetime(2020, 2, 10, 3, tzinfo=SHANGHAI)

    assert held_until(now, None, None) == now
    assert held_until(now, time(22), None) == now
