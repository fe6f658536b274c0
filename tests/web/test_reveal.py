"""What is behind a mask: one at a time, for a reason, on record."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bulou.directory.models import AccessLog
from bulou.directory.scope import everywhere

Enter = Callable[..., Client]


def looks() -> list[tuple[str, str]]:
    with everywhere():
        return list(AccessLog.objects.filter(act="reveal").values_list("subject", "purpose"))


@pytest.mark.parametrize(("column", "full"), [("phone", "+8619900000001"), ("address", "滨江道88号3门201")])
def test_a_masked_value_is_shown_for_a_reason_and_the_look_is_on_record(
    world: Any, enter: Enter, column: str, full: str
) -> None:
    browser = enter(world.commander, "en")
    assert full not in browser.get(f"/people/{world.first.pk}/").text

    given = {"column": column, "purpose": "tracing"}
    page = browser.post(f"/people/{world.first.pk}/reveal/", given, headers={"HX-Request": "true"})

    assert full in page.text
    assert "<html" not in page.text
    assert looks() == [(f"person:{world.first.pk}", f"{column}: tracing")]


@pytest.mark.parametrize("purpose", ["", "because"])
def test_without_a_reason_of_the_list_nothing_is_shown(world: Any, enter: Enter, purpose: str) -> None:
    given = {"column": "phone", "purpose": purpose}

    page = enter(world.commander, "en").post(f"/people/{world.first.pk}/reveal/", given)

    assert page.status_code == 422
    assert "19900000001" not in page.text
    assert "the look is recorded" in page.text
    assert looks() == []


def test_what_is_not_on_file_is_said_so(world: Any, enter: Enter) -> None:
    given = {"column": "id_number", "purpose": "identity"}

    page = enter(world.commander, "en").post(f"/people/{world.first.pk}/reveal/", given)

    assert page.status_code == 200
    assert "unknown" in page.text


@pytest.mark.parametrize("column", ["name", "id_index", ""])
def test_only_what_is_masked_can_be_revealed(world: Any, enter: Enter, column: str) -> None:
    given = {"column": column, "purpose": "tracing"}

    assert enter(world.commander).post(f"/people/{world.first.pk}/reveal/", given).status_code == 404


def test_nobody_of_another_area_is_revealed(world: Any, enter: Enter, stranger: Any, make_account: Any) -> None:
    far = enter(make_account("far", stranger, "county_command"))

    page = far.post(f"/people/{world.first.pk}/reveal/", {"column": "phone", "purpose": "tracing"})

    assert page.status_code == 404
    assert looks() == []
