"""Several at once: one person is on file once, whoever comes first."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Barrier

import pytest
from django.db import connection

from bulou.directory.models import Area, Person
from bulou.directory.services import NewPerson, clock_set, person_register
from bulou.kernel.errors import BulouError

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 4


def together(act: Callable[[], str]) -> Counter[str]:
    """What comes of an act that several threads do at the same moment."""
    barrier = Barrier(WRITERS)

    def run(_: int) -> str:
        try:
            barrier.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        return Counter(pool.map(run, range(WRITERS)))


def test_one_number_sent_by_many_at_once_makes_one_file(
    areas: dict[str, Area], scope: Callable[[str], AbstractContextManager[None]]
) -> None:
    def register() -> str:
        with scope("12"):
            try:
                person_register(NewPerson("李某", "120101", id_number="11010519491231002X"))
            except BulouError as error:
                return error.problems[0].code
            return "created"

    assert together(register) == {"created": 1, "person.known": WRITERS - 1}
    with scope(""):
        assert Person.objects.count() == 1


def test_the_clock_set_by_many_at_once_is_set(areas: dict[str, Area]) -> None:
    def set_clock() -> str:
        clock_set(None)
        return "set"

    assert together(set_clock) == {"set": WRITERS}
