"""Every list can be narrowed, sorted by every column, have its columns chosen, and become a file; a table says so."""

import pytest
from django.urls import reverse

from bulou.web import urls
from bulou.web.lists import table
from bulou.web.lists.spec import LISTS

NAMES = sorted(LISTS) if urls.urlpatterns else []


@pytest.mark.parametrize("name", NAMES)
def test_every_column_sorts_or_says_why_not(name: str) -> None:
    made = LISTS[name]

    unsorted = {one.name for one in made.columns if not table.can_sort(made, one)}

    assert unsorted == set(table.UNSORTED.get(name, ()))


@pytest.mark.parametrize("name", NAMES)
def test_every_list_can_be_narrowed_and_its_columns_chosen_and_leaves_as_a_file(name: str) -> None:
    made = LISTS[name]

    assert made.filters
    assert [one.name for one in made.columns if not one.fixed]
    assert [one.name for one in made.columns if one.fixed]
    assert made.goes_out or name in table.INSIDE


@pytest.mark.parametrize("name", [name for name in NAMES if LISTS[name].acts])
def test_every_act_on_many_can_find_its_rows_again(name: str) -> None:
    made = LISTS[name]

    assert made.found, "an act names rows by key, so the list must find them by key"
    for act in made.acts:
        assert act.name and str(act.word) and act.icon


@pytest.mark.parametrize("name", NAMES)
def test_the_table_of_lists_says_what_each_can_do(name: str) -> None:
    (row,) = [row for row in table.rows() if row[0].startswith(f"`{name}`")]

    assert all(row)
    assert row[2].count("↕") == len(LISTS[name].columns) - len(table.UNSORTED.get(name, ()))


def test_pages_with_rows_that_are_no_list_say_why() -> None:
    assert all(reason for reason in table.APART.values())
    assert all(reverse(name, args=[]) for name in table.APART)
