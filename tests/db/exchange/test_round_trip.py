"""What goes out in the form of an import comes in again unchanged, and nothing on file is otherwise than before."""

import tempfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.directory import services as directory
from bulou.directory.models import Account, Household, Person, Place, Unit
from bulou.directory.scope import everywhere, scope
from bulou.directory.services import NewHousehold, NewPerson
from bulou.exchange.exports.writing import FORMATS, About
from bulou.exchange.imports import outgoing, reading, services
from bulou.exchange.imports.happenings import Sender
from bulou.exchange.imports.kinds import kind as kind_of
from bulou.exchange.imports.models import ImportBatch
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.web.lists.same_form import SAME_FORM, KindSource

from .conftest import COUNTY, NEXT, NOON, VILLAGE, number, why

pytestmark = pytest.mark.usefixtures("areas")
EACH = ("people", "households", "places", "units", "enrolments", "contacts", "cases", "results")
WORD = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=12)
NAMES = st.sampled_from(["演示甲", "=1+1", "'甲", "Ann  Demo", "+86", "1234", "甲,乙、丙"]) | WORD
MOMENT = st.integers(0, 10**12).map(lambda n: NOON - timedelta(days=30, microseconds=n))
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "name": NAMES,
            "area": st.sampled_from([VILLAGE, NEXT, COUNTY]),
            "sex": st.sampled_from(["male", "female", "other", "unknown", ""]),
            "birth_date": st.dates(date(1920, 1, 1), date(2020, 1, 1)) | st.none(),
            "nationality": st.sampled_from(["CHN", "FRA"]),
            "phone": st.sampled_from(["", "19900000001", "022-27000000", "+33142685300"]),
        }
    ),
    min_size=1,
    max_size=5,
)


@pytest.fixture
def account(county: Unit, make_account: Any) -> Account:
    return make_account("desk", county, "county_command")  # type: ignore[no-any-return]


def there_and_back(kind: str, format: str, account: Account) -> ImportBatch:
    """Everything of a kind written as its file, and that file imported."""
    sender = Sender(account.area, account.unit_id, account.pk)
    with tempfile.TemporaryDirectory() as folder, scope(account.area):
        path = Path(folder) / f"{SAME_FORM}{kind}.{format}"
        table = KindSource(kind_of(kind)).read("", account.area, account, full=True)
        writer, written = FORMATS[format](path, table.heads, "说明"), 0
        for row in table.rows:
            writer.row(row)
            written += 1
        writer.close(About(table.title, [("名单", table.title)]))
        assert written, kind
        file = services.file_keep(path, path.name, kind, sender)
        *_, batch = services.begin(file, reading.read(path), sender, rehearsal=False).go(size=3)
        told = list(batch.rows.exclude(outcome="unchanged").values_list("outcome", "problems", "shown", "change"))
    assert (batch.rows_in, batch.unchanged) == (written, written), (kind, told)
    return batch


def state() -> list[Any]:
    """All that is on file, as it stands."""
    models: Sequence[Any] = (Person.everyone, Household.objects, Place.objects, Unit.objects)
    with everywhere(), connection.cursor() as cursor:
        cursor.execute("SELECT id, kind, subject, area, at, data::text FROM fact ORDER BY id")
        return [*(sorted(map(repr, model.values_list())) for model in models), cursor.fetchall()]


def happen(kind: str, subject: str, at: datetime, **data: Any) -> None:
    receipt = ledger.record([Fact(str(new_id()), kind, subject, VILLAGE, at, None, data)])
    assert receipt.created == 1, receipt


def populate(people: list[dict[str, Any]], moment: datetime, words: list[str]) -> None:
    """People with and without numbers and where they live, places in places, and what happened, some of it twice."""
    with everywhere():
        home = NewHousehold(VILLAGE, "演示路1号，2门\n301")
        directory.households_register([home])
        made = [NewPerson(**one, household=home.id if n % 2 else None) for n, one in enumerate(people)]
        numbered = NewPerson("演示号", VILLAGE, home.id, id_number=number(), phone="19900000009")
        directory.people_register([*made, numbered])
        school = directory.place_register("演示小学", "school", VILLAGE)
        for grade in ("一年级", "二年级"):
            above = directory.place_register(grade, "grade", VILLAGE, parent=school.pk)
            directory.place_register("一班", "class", VILLAGE, parent=above.pk)
        one, unit = f"person:{numbered.id}", f"unit:{Unit.objects.values_list('id', flat=True)[0]}"
        for word in words:
            happen("person.enrolled", one, moment, category="close_contact", reason=word)
        happen("contact.identified", one, moment, degree="close", last_exposure="2020-01-02")
        happen("specimen.resulted", one, moment, result="negative", laboratory=unit)
        case = {"person": one, "disease": "covid-19-2020", "severity": "mild"}
        happen("episode.confirmed", f"episode:{new_id()}", moment, **case)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=PEOPLE,
    moment=MOMENT,
    words=st.lists(WORD, min_size=1, max_size=3),
    format=st.sampled_from(sorted(FORMATS)),
)
def test_what_goes_out_comes_in_unchanged_and_nothing_is_lost(
    people: list[dict[str, Any]], moment: datetime, words: list[str], format: str, account: Account
) -> None:
    with transaction.atomic():
        populate(people, moment, words)
        before = state()
        for kind in EACH:
            there_and_back(kind, format, account)
        assert state() == before
        transaction.set_rollback(True)


HEAD = ["对象编号", "姓名", "身份证号", "手机", "属地"]


def test_a_person_is_known_by_their_id_though_every_cell_changes(bring: Any, scope: Any) -> None:
    bring("people", [HEAD[1:], ["演示甲", "", "19900000001", VILLAGE]])
    with scope(""):
        (id,) = Person.objects.values_list("id", flat=True)

    batch = bring("people", [HEAD, [f"person:{id}", "演示乙", "", "19900000002", NEXT]])

    assert (batch.created, batch.updated) == (0, 1)
    with scope(""):
        assert Person.objects.get(id=id).name == "演示乙"


def test_an_id_and_a_number_of_two_people_are_refused(bring: Any, scope: Any) -> None:
    bring("people", [HEAD[1:], ["演示甲", "", "", VILLAGE], ["演示乙", number(), "", VILLAGE]])
    with scope(""):
        id = Person.objects.values_list("id", flat=True).get(name="演示甲")

    batch = bring("people", [HEAD, [f"person:{id}", "演示甲", number(), "", VILLAGE]])

    assert why(batch) == ["two"]


def test_masked_cells_are_refused_and_nobody_loses_a_number(bring: Any) -> None:
    rows = [
        ["姓名", "身份证号", "手机", "现住址", "属地"],
        ["演示甲", "110105********002X", "", "", VILLAGE],
        ["演示乙", "", "199****0001", "", VILLAGE],
        ["演示丙", "", "", "滨江道88号****", VILLAGE],
    ]

    assert why(bring("people", rows)) == ["masked"] * 3


def test_a_fact_that_comes_back_otherwise_is_corrected_and_the_others_stand(bring: Any, scope: Any) -> None:
    rows = [
        ["姓名", "属地", "体温", "测温时间"],
        *([f"演示{n}", VILLAGE, "36.5", "2020-02-09 08:00"] for n in range(3)),
    ]
    bring("temperature.read", rows)
    kind = kind_of("temperature.read")
    fields = [column.field for column in outgoing.columns(kind)]
    with scope(COUNTY):
        out = [["" if cell is None else str(cell) for cell in row] for row in outgoing.rows(kind, COUNTY, full=False)]
    out[1][fields.index("celsius")] = "37.5"

    batch = bring("temperature.read", [[column.title.zh for column in outgoing.columns(kind)], *out])

    assert (batch.updated, batch.unchanged) == (1, 2)
    with scope(COUNTY):
        left = sorted(row[fields.index("celsius")] for row in outgoing.rows(kind, COUNTY, full=False))
    assert left == [36.5, 36.5, 37.5]
