"""Ring the owner: the number stands beside whose job it is, wherever a miss is seen."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bulou.directory import services
from bulou.ledger import selectors as ledger

Enter = Callable[..., Client]


@pytest.fixture
def rung(world: Any) -> Any:
    services.unit_phone_set(world.village, "022-1234 5678")
    return world


def addresses(world: Any) -> list[str]:
    with world.everywhere():
        key = next(row.key for row in ledger.misses("").rows if row.owner == world.village.pk)
    return ["/misses/", f"/duties/{key}/", f"/units/{world.village.pk}/", f"/people/{world.second.pk}/"]


def test_the_number_stands_beside_the_owner_and_dials(rung: Any, enter: Enter) -> None:
    browser = enter(rung.commander, "en")

    for address in addresses(rung):
        text = browser.get(address).text
        assert 'href="tel:02212345678"' in text, address
        assert "022-1234 5678" in text


def test_an_invented_number_says_so(rung: Any, enter: Enter) -> None:
    rung.village.synthetic = True
    rung.village.save()

    assert "synthetic number" in enter(rung.commander, "en").get(f"/units/{rung.village.pk}/").text
    assert "合成号码" in enter(rung.commander, "zh-hans").get(f"/units/{rung.village.pk}/").text


def test_where_there_is_no_number_there_is_no_link(world: Any, enter: Enter) -> None:
    assert 'href="tel:' not in enter(world.commander, "en").get("/misses/").text
