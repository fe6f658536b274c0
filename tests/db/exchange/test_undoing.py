"""A whole import is taken back, or the part of it nobody has built on since; and said so."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from bulou.directory.models import Household, Person, Place, Unit
from bulou.exchange.imports import services
from bulou.exchange.imports.models import ImportBatch
from bulou.exchange.imports.undoing import DAYS
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger

from .conftest import NEXT, NOON, VILLAGE, Scope, counts, number
from .test_happenings import CASES, CONTACTS, facts

Bring = Callable[..., ImportBatch]
PEOPLE = [
    ["姓名", "身份证号", "手机", "属地"],
    ["演示甲", number(), "19900000001", VILLAGE],
    ["演示乙", "", "", VILLAGE],
]


def undo(batch: ImportBatch) -> dict[str, int]:
    return services.undo(batch, by=None)


def test_people_who_came_go_and_those_who_changed_are_as_they_were(bring: Bring, scope: Scope) -> None:
    bring("people", [PEOPLE[0], ["演示甲", number(), "19900000009", NEXT]])
    batch = bring("people", PEOPLE)
    assert counts(batch) == (1, 1, 0, 0)

    assert undo(batch) == {"facts": 0, "retired": 1, "kept": 0, "put_back": 1, "changed_since": 0}

    with scope(""):
        person = Person.objects.get()
        assert (person.name, person.area_id) == ("演示甲", NEXT)
        assert ImportBatch.objects.get(id=batch.id).state == "undone"


def test_the_same_file_can_come_again_after_it_was_undone(bring: Bring) -> None:
    undo(bring("people", PEOPLE))

    assert counts(bring("people", PEOPLE)) == (2, 0, 0, 0)


def test_contacts_go_with_the_people_they_brought(bring: Bring, scope: Scope) -> None:
    batch = bring("contacts", CONTACTS)

    assert undo(batch) == {"facts": 2, "retired": 2, "kept": 0, "put_back": 0, "changed_since": 0}

    with scope(""):
        assert (facts(), Person.objects.count()) == ([], 0)
    again = bring("contacts", CONTACTS)
    assert counts(again) == (2, 0, 0, 0)


def test_a_correction_that_is_undone_lets_the_earlier_fact_count_again(bring: Bring, scope: Scope) -> None:
    bring("contacts", CONTACTS)
    batch = bring("contacts", [CONTACTS[0], ["演示乙", "", "19900000002", VILLAGE, "密接", "2020/2/9 10:30", ""]])

    assert undo(batch)["facts"] == 1

    with scope(""):
        assert sorted(data["degree"] for *_, data in facts("contact.identified")) == ["close", "secondary"]


def test_somebody_a_later_fact_hangs_on_stays_on_file(bring: Bring, scope: Scope) -> None:
    batch = bring("people", PEOPLE)
    with scope(""):
        person = Person.objects.get(name="演示乙")
    fact = Fact(str(new_id()), "temperature.read", f"person:{person.id}", VILLAGE, NOON, None, {"celsius": 36.5})
    assert ledger.record([fact]).created == 1

    assert undo(batch) == {"facts": 0, "retired": 1, "kept": 1, "put_back": 0, "changed_since": 0}


def test_the_patient_of_a_case_somebody_else_reported_stays(bring: Bring, scope: Scope) -> None:
    people = bring("people", [["姓名", "身份证号", "属地"], ["演示甲", number(), VILLAGE]])
    cases = bring("cases", CASES)

    assert undo(people)["kept"] == 1
    assert undo(cases) == {"facts": 2, "retired": 1, "kept": 0, "put_back": 0, "changed_since": 0}


def test_what_was_changed_since_is_left_and_told(bring: Bring, scope: Scope) -> None:
    bring("people", PEOPLE)
    batch = bring("people", [PEOPLE[0], ["演示甲", number(), "19900000002", VILLAGE]])
    bring("people", [PEOPLE[0], ["演示甲", number(), "19900000003", VILLAGE]])

    done = undo(batch)

    assert (done["put_back"], done["changed_since"]) == (0, 1)


def test_a_file_that_changed_a_person_twice_is_undone_from_its_end(bring: Bring, scope: Scope) -> None:
    bring("people", [["姓名", "身份证号", "属地"], ["演示甲", number(), VILLAGE]])
    head = ["姓名", "身份证号", "属地", "体温", "测温时间"]
    rows = [
        ["演示甲", number(), NEXT, "36.5", "2020-02-08 08:00"],
        ["演示甲", number(), VILLAGE, "36.6", "2020-02-09 08:00"],
    ]
    filler = [[f"演示{n}", "", VILLAGE, "36.5", "2020-02-08 08:00"] for n in range(60)]
    batch = bring("temperature.read", [head, rows[0], *filler, rows[1]])

    done = undo(batch)

    assert (done["facts"], done["put_back"]) == (62, 2)
    with scope(""):
        assert Person.objects.get().area_id == VILLAGE


@pytest.mark.parametrize(
    ("kind", "rows", "model"),
    [
        ("households", [["详细地址", "属地"], ["演示路1号", VILLAGE]], Household),
        ("places", [["场所名称", "场所类型", "属地"], ["演示小学", "school", VILLAGE]], Place),
    ],
)
def test_listed_things_go_again(kind: str, rows: Any, model: Any, bring: Bring, scope: Scope) -> None:
    batch = bring(kind, rows)

    assert undo(batch)["retired"] == 1

    with scope(""):
        assert model.objects.count() == 0


def test_listed_units_end_and_changed_ones_are_as_they_were(bring: Bring, scope: Scope) -> None:
    head = ["单位名称", "职责", "电话", "属地"]
    bring("units", [head, ["演示居委会", "village_committee", "022-1", VILLAGE]])
    batch = bring(
        "units", [head, ["演示居委会", "grid_worker", "022-2", VILLAGE], ["演示队", "transport_team", "", VILLAGE]]
    )

    assert undo(batch) == {"facts": 0, "retired": 1, "kept": 0, "put_back": 1, "changed_since": 0}

    unit = Unit.objects.get(name="演示居委会")
    assert (unit.phone, list(unit.roles.values_list("role", flat=True))) == ("022-1", ["village_committee"])
    assert Unit.objects.get(name="演示队").valid_to is not None


def test_a_place_that_was_closed_since_stays(bring: Bring, scope: Scope) -> None:
    batch = bring("places", [["场所名称", "场所类型", "属地"], ["演示小学", "school", VILLAGE]])
    bring("place.closed", [["场所名称", "时间"], ["演示小学", "2020-02-09"]])

    assert undo(batch)["kept"] == 1


def test_what_is_undone_or_old_or_a_rehearsal_cannot_be_undone(bring: Bring, scope: Scope) -> None:
    rehearsed, done, old = bring("people", PEOPLE, rehearsal=True), bring("people", PEOPLE), bring("people", PEOPLE)
    undo(done)
    with scope(""):
        ImportBatch.objects.filter(id=old.id).update(begun_at=timezone.now() - timezone.timedelta(days=DAYS, hours=1))

    for batch in (rehearsed, done, old):
        with pytest.raises(BulouError):
            undo(batch)


def test_the_counts_of_a_batch_cannot_be_made_not_to_add_up(bring: Bring, scope: Scope) -> None:
    from django.db import IntegrityError, transaction

    batch = bring("people", PEOPLE)

    with scope(""), pytest.raises(IntegrityError, match="adds_up"), transaction.atomic():
        ImportBatch.objects.filter(id=batch.id).update(rows_in=3)


def test_what_became_of_a_row_cannot_be_rewritten(bring: Bring, scope: Scope) -> None:
    from django.db import ProgrammingError, transaction

    batch = bring("people", PEOPLE)

    with scope(""), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE import_row SET outcome = 'unchanged' WHERE batch = %s", [batch.id])
