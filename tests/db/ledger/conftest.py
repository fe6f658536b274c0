"""People, units and the trial plan for the ledger's tests."""

from collections.abc import Callable

import pytest

from bulou.directory.models import Person, Unit
from bulou.directory.scope import everywhere


@pytest.fixture
def people(areas: dict[str, object]) -> list[str]:
    """Two synthetic people of one village, as subjects."""
    with everywhere():
        made = [Person.objects.create(name=name, area_id="120101001001", synthetic=True) for name in ("甲", "乙")]
    return [f"person:{person.id}" for person in made]


@pytest.fixture
def owners(make_unit: Callable[..., Unit]) -> dict[str, Unit]:
    """Who owes: a village's committee and its county's command post; nobody is the CDC."""
    return {
        "village_committee": make_unit("蓉芳里居委会", "120101001001", "village_committee"),
        "county_command": make_unit("和平区指挥部", "120101", "county_command"),
    }
