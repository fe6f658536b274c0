"""A flood of uploads from one address is turned away; an honest phone never notices."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from bulou.kernel.ids import new_id
from bulou.web.field.sync import pace
from bulou.web.models import FieldEntry
from web.phone import Phone, post
from web.world import World

NOTHING: dict[str, Any] = {"clock": 0, "steady": 0, "run": "", "entries": []}


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def stray(count: int) -> dict[str, Any]:
    """An upload of entries nobody sealed for this house."""
    return NOTHING | {"entries": [{"id": str(new_id()), "sealed": "AAAA"} for _ in range(count)]}


def test_more_uploads_than_a_minute_has_room_for_are_told_to_come_again(phone: Phone, settings: Any) -> None:
    settings.UPLOADS_A_MINUTE = 2
    phone.record(phone.task("甲"), celsius="36.6")
    assert [post(NOTHING).status_code for _ in range(2)] == [200, 200]

    refused = post(NOTHING)

    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert "still on the phone" in refused.json()["why"]
    assert "仍在手机" in post(NOTHING, "zh-Hans").json()["why"]
    cache.clear()
    assert phone.send() == ["stored"], "a minute later it goes up"


def test_an_address_that_sends_what_no_phone_of_the_house_made_rests(
    world: World, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "STRIKES", 6)
    assert post(stray(5)).status_code == 200
    assert Client().post("/my/sync/upload/", "{", content_type="application/json").status_code == 400

    refused = post(stray(1))

    assert (refused.status_code, refused["Retry-After"]) == (429, str(pace.PENALTY))
    assert not FieldEntry.objects.exists()


def test_refusals_of_the_house_s_own_phones_are_no_strikes(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "STRIKES", 1)
    phone.record(phone.task("甲"), celsius="99")
    phone.record(phone.task("乙"), celsius="36.6")

    assert phone.send(batch=1) == ["refused"]
    assert phone.send(batch=1) == ["stored"]


@pytest.mark.parametrize(
    ("trusted", "forwarded", "counted"),
    [([], "10.0.0.1", [200, 429]), (["127.0.0.1"], "10.0.0.1", [200, 429]), (["127.0.0.1"], "", [200, 429])],
)
def test_each_address_is_counted_by_itself_and_nobody_names_another(
    db: None, settings: Any, trusted: list[str], forwarded: str, counted: list[int]
) -> None:
    settings.UPLOADS_A_MINUTE, settings.TRUSTED_PROXIES = 1, trusted
    headers = {"X-Forwarded-For": f"made-up, {forwarded}"} if forwarded else {}

    def send(**more: str) -> int:
        browser = Client()
        kind = "application/json"
        body = '{"clock": 0, "steady": 0, "run": "", "entries": []}'
        return browser.post("/my/sync/upload/", body, content_type=kind, headers=headers | more).status_code

    assert [send(), send()] == counted
    other = send(**{"X-Forwarded-For": "made-up, 10.0.0.2"})
    assert other == (200 if trusted else 429)
