"""A file that says the same thing twice says it once, wherever in it that is, and where its run was interrupted too."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from pytest_django import DjangoAssertNumQueries

from bulou.directory.models import Person
from bulou.exchange.imports import reading, services
from bulou.exchange.imports.happenings import Sender
from bulou.exchange.imports.lines import Line
from bulou.exchange.imports.models import ImportBatch
from bulou.exchange.imports.repeats import BITS, Repeats

from .conftest import VILLAGE, Scope, counts, number, why

Bring = Callable[..., ImportBatch]
HEAD = ["姓名", "手机", "属地"]


def row(n: int) -> list[str]:
    return [f"张{n}", f"199{n:08}", VILLAGE]


def test_a_row_far_down_that_says_the_same_changes_nothing(bring: Bring, scope: Scope) -> None:
    rows = [row(n) for n in range(120)]

    batch = bring("people", [HEAD, *rows, rows[0], rows[119]])

    assert counts(batch) == (120, 0, 2, 0)
    with scope("120101"):
        assert Person.objects.count() == 120


def test_a_row_far_down_that_says_otherwise_is_refused_with_the_row_it_contradicts(bring: Bring) -> None:
    head = ["姓名", "身份证号", "属地"]
    rows = [[f"李{n}", number(2 * n), VILLAGE] for n in range(1, 80)]

    batch = bring("people", [head, *rows, ["赵一", rows[0][1], VILLAGE]])

    assert counts(batch) == (79, 0, 0, 1)
    assert why(batch) == ["repeated"]


def test_a_run_that_was_interrupted_knows_what_it_took_before(
    make_csv: Callable[..., Path], sender: Sender, scope: Scope
) -> None:
    rows = [row(n) for n in range(60)]
    path = make_csv([HEAD, *rows, rows[3], row(99)])
    file = services.file_keep(path, path.name, "people", sender)
    begun = services.begin(file, reading.read(path), sender, rehearsal=True)
    next(begun.go(size=50))

    *_, batch = services.run_of(begun.batch, path, sender).go(size=50)

    assert counts(batch) == (61, 0, 1, 0)


def test_keys_that_were_not_met_are_not_asked_for(
    make_csv: Callable[..., Path], sender: Sender, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    repeats = Repeats(ImportBatch())
    lines = [Line(n, n, {}, key=UUID(int=n)) for n in range(1, 100)]

    with django_assert_num_queries(0):
        assert repeats.fates(lines) == {}


def test_two_keys_of_one_bit_are_two(scope: Scope) -> None:
    lines = [Line(1, 7, {}, key=UUID(int=5)), Line(2, 8, {}, key=UUID(int=5 + BITS))]

    with scope("120101"):
        assert Repeats(ImportBatch()).fates(lines) == {}
