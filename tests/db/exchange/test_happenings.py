"""What happened to people comes in with them: contacts, results, line lists, and any kind of fact."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from bulou.directory.models import Person, Place, Unit, UnitRole
from bulou.exchange.imports.models import ImportBatch
from bulou.kernel.clock import SHANGHAI

from .conftest import COUNTY, ELSEWHERE, NOON, VILLAGE, Rows, Scope, counts, number, why

Bring = Callable[..., ImportBatch]


def facts(kind: str = "") -> list[tuple[str, str, datetime, dict[str, Any]]]:
    """Kind, subject, at and data of the facts that count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, subject, at, data::text FROM fact WHERE (kind = %s OR %s = '') AND kind <> 'fact.withdrawn'"
            " AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = id) ORDER BY at, subject",
            [kind, kind],
        )
        return [(k, subject, at, json.loads(data)) for k, subject, at, data in cursor.fetchall()]


CONTACTS: Rows = [
    ["姓名", "证件号码", "手机号", "现住地编码", "密接类别", "末次接触日期", "与病例关系"],
    ["演示甲", number(), "19900000001", VILLAGE, "密接", "2020-02-08", "同事"],
    ["演示乙", "", "19900000002", VILLAGE, "次密接", "2020/2/9 10:30", ""],
]


def test_a_list_of_contacts_puts_people_on_file_and_tells_their_exposure(bring: Bring, scope: Scope) -> None:
    batch = bring("contacts", CONTACTS)

    assert counts(batch) == (2, 0, 0, 0)
    with scope(""):
        told = facts("contact.identified")
        assert Person.objects.count() == 2
    assert [data["degree"] for *_, data in told if data.get("relation")] == ["close"]
    assert {data["last_exposure"] for *_, data in told} == {"2020-02-08T00:00:00+08:00", "2020-02-09T10:30:00+08:00"}
    assert {at for _, _, at, _ in told} == {NOON}, "the list does not say when: it is known from now on"


def test_the_list_of_contacts_again_changes_nothing_and_a_change_corrects(bring: Bring, scope: Scope) -> None:
    bring("contacts", CONTACTS)
    assert counts(bring("contacts", CONTACTS)) == (0, 0, 2, 0)

    worse = [CONTACTS[0], ["演示乙", "", "19900000002", VILLAGE, "密接", "2020/2/9 10:30", ""]]
    batch = bring("contacts", worse)

    assert counts(batch) == (0, 1, 0, 0)
    with scope(""):
        assert sorted(data["degree"] for *_, data in facts("contact.identified")) == ["close", "close"]
        (row,) = batch.rows.all()
    assert row.shown == {"degree": ["secondary", "close"]}


def test_results_find_people_by_their_number_alone(bring: Bring, scope: Scope) -> None:
    bring("people", [["姓名", "身份证号", "属地"], ["演示甲", number(), VILLAGE]])

    rows = [["身份证号", "检测时间", "检测结果", "Ct值"], [number(), "2020-02-09 08:00", "阳性", "23.5"]]
    batch = bring(
        "results", [*rows, [number(4, "19600101"), "2020-02-09 08:00", "阴性", ""], ["", "2020-02-09", "阴性", ""]]
    )

    assert counts(batch) == (1, 0, 0, 2)
    assert why(batch) == ["nobody", "who"]
    with scope(""):
        ((_, _, at, data),) = facts("specimen.resulted")
    assert (at, data) == (datetime(2020, 2, 9, 8, tzinfo=SHANGHAI), {"result": "positive", "ct": 23.5})


CASES: Rows = [
    [
        "病例编号",
        "姓名",
        "身份证号",
        "现住地编码",
        "病例分类",
        "确诊日期",
        "发病日期",
        "临床严重程度",
        "感染来源",
        "病种",
    ],
    ["DEMO-1", "演示甲", number(), VILLAGE, "确诊", "2020-02-05", "2020-02-01", "普通型", "本地", "新冠肺炎"],
    ["DEMO-2", "演示乙", "", VILLAGE, "无症状感染者", "2020-02-06", "", "", "", "新冠肺炎"],
]


def test_a_line_list_makes_cases_and_contacts_may_name_them(bring: Bring, scope: Scope) -> None:
    batch = bring("cases", CASES)
    assert counts(batch) == (2, 0, 0, 0)
    assert counts(bring("cases", CASES)) == (0, 0, 2, 0)

    linked = bring("contacts", [[*CONTACTS[0], "病例编号"], [*CONTACTS[2], "DEMO-1"], [*CONTACTS[1], "DEMO-9"]])

    assert counts(linked) == (1, 0, 0, 1)
    assert why(linked) == ["no_case"]
    with scope(""):
        confirmed, asymptomatic = facts("episode.confirmed"), facts("episode.asymptomatic")
        ((_, _, _, contact),) = facts("contact.identified")
        person = Person.objects.get(name="演示甲")
    assert confirmed[0][3]["person"] == f"person:{person.id}"
    assert confirmed[0][3] | {"person": ""} == {
        "disease": "covid-19-2020",
        "person": "",
        "severity": "moderate",
        "origin": "local",
        "case_no": "DEMO-1",
        "onset_on": "2020-02-01",
    }
    assert len(asymptomatic) == 1
    assert contact["episode"] == confirmed[0][1]


def test_any_kind_of_fact_has_its_fields_for_columns(bring: Bring, scope: Scope) -> None:
    bring("people", [["姓名", "手机", "属地"], ["演示甲", "19900000001", VILLAGE]])

    batch = bring(
        "temperature.read",
        [
            ["手机", "测温时间", "体温"],
            ["19900000001", "2020-02-09 08:00", "36.6℃"],
            ["19900000001", "2020-02-09 18:00", "50"],
            ["19900000001", "2020-02-19 08:00", "36.5"],
            ["19900000001", "2020-02-10 08:00", ""],
        ],
    )

    assert counts(batch) == (1, 0, 0, 3)
    assert why(batch) == ["value", "time", "required"]
    with scope(""):
        assert facts("temperature.read")[0][3] == {"celsius": 36.6}


def test_facts_about_places_find_them_by_name(bring: Bring, scope: Scope) -> None:
    places = [
        ["场所名称", "场所类型", "上级场所", "属地"],
        ["演示一班", "class", "演示小学", VILLAGE],
        ["演示小学", "school", "", VILLAGE],
    ]
    assert counts(bring("places", places)) == (2, 0, 0, 0)

    batch = bring(
        "place.closed", [["场所名称", "时间", "原因"], ["演示小学", "2020-02-09", "停课"], ["没有的", "2020-02-09", ""]]
    )

    assert counts(batch) == (1, 0, 0, 1)
    with scope(""):
        lower = Place.objects.select_related("parent").get(name="演示一班")
        assert lower.parent is not None and lower.parent.name == "演示小学"


def test_units_come_in_with_the_roles_the_office_calls_them(bring: Bring, scope: Scope) -> None:
    rows = [["单位名称", "职责", "电话", "属地"], ["演示居委会", "village_committee", "022-10000000", VILLAGE]]
    assert counts(
        bring("units", [*rows, ["演示厂", "不存在的职责", "", VILLAGE], ["演示队", "transport_team", "x", VILLAGE]])
    ) == (1, 0, 0, 2)
    assert counts(bring("units", rows)) == (0, 0, 1, 0)

    batch = bring("units", [rows[0], ["演示居委会", "village_committee, grid_worker", "022-20000000", VILLAGE]])

    assert counts(batch) == (0, 1, 0, 0)
    unit = Unit.objects.get(name="演示居委会")
    assert (unit.phone, sorted(UnitRole.objects.filter(unit=unit).values_list("role", flat=True))) == (
        "022-20000000",
        ["grid_worker", "village_committee"],
    )


def test_households_are_known_by_their_address(bring: Bring) -> None:
    rows = [["详细地址", "属地"], ["演示路1号", VILLAGE], ["演示路2号", VILLAGE], ["演示路1号", VILLAGE], ["", VILLAGE]]

    assert counts(bring("households", rows)) == (2, 0, 1, 1)
    assert counts(bring("households", rows)) == (0, 0, 3, 1)


@pytest.mark.parametrize("kind", ["contacts", "cases"])
def test_rows_of_other_areas_are_refused_and_nobody_is_put_on_file(kind: str, bring: Bring, scope: Scope) -> None:
    rows = [
        [ELSEWHERE if cell == VILLAGE else cell for cell in row] for row in (CONTACTS if kind == "contacts" else CASES)
    ]

    batch = bring(kind, rows)

    assert counts(batch) == (0, 0, 0, 2)
    assert why(batch) == ["area_outside", "area_outside"]
    with scope(""):
        assert Person.objects.count() == 0


def test_a_rehearsal_of_facts_keeps_neither_people_nor_facts(bring: Bring, scope: Scope) -> None:
    batch = bring("contacts", CONTACTS, rehearsal=True)

    assert counts(batch) == (2, 0, 0, 0)
    with scope(""):
        assert (Person.objects.count(), facts()) == (0, [])


def test_sormas_cases_come_with_their_two_rows_of_headings(bring: Bring, scope: Scope) -> None:
    rows = [
        ["Case", "Case", "Person", "Person", "Person", "Person", "Person", "Person", "Case", "Case"],
        [
            *("disease", "externalID", "person.firstName", "person.lastName", "person.sex", "person.birthdateDD"),
            *("person.birthdateMM", "person.birthdateYYYY", "caseClassification", "reportDate"),
        ],
        ["CORONAVIRUS", "DEMO-7", "Ann", "Demo", "FEMALE", "1", "2", "1980", "CONFIRMED", "02/13/2020"],
        ["CORONAVIRUS", "DEMO-8", "Bob", "Demo", "MALE", "", "", "", "SUSPECT", "01/31/2020"],
    ]

    batch = bring("cases", rows, stated={"area": COUNTY})

    assert why(batch) == ["time"], "the 13th lies in the future"
    assert counts(batch) == (1, 0, 0, 1)
    with scope(""):
        assert facts("episode.suspected")[0][3]["case_no"] == "DEMO-8"
        assert Person.objects.filter(name="Bob Demo", sex="male").exists()


def test_godata_cases_come_as_json(bring: Bring, scope: Scope, tmp_path: Path) -> None:
    reference = "LNG_REFERENCE_DATA_CATEGORY"
    path = tmp_path / "cases.json"
    case = {
        "firstName": "Ann",
        "lastName": "Demo",
        "gender": f"{reference}_GENDER_FEMALE",
        "dob": "1980-02-01T00:00:00.000Z",
        "visualId": "DEMO-7",
        "dateOfReporting": "2020-02-03T00:00:00.000Z",
        "classification": f"{reference}_CASE_CLASSIFICATION_CONFIRMED",
        "addresses": [{"phoneNumber": "19900000001", "addressLine1": "演示路1号"}],
    }
    path.write_text(json.dumps([case]), "utf-8")

    batch = bring("cases", path, stated={"area": VILLAGE, "disease": "covid-19-2020"})

    assert counts(batch) == (1, 0, 0, 0)
    with scope(""):
        person = Person.objects.get()
        assert (person.name, person.sex, str(person.birth_date)) == ("Ann Demo", "female", "1980-02-01")
        assert person.phone_index is not None and person.household_id is not None


def test_a_published_line_list_without_names_comes_in_by_its_numbers(bring: Bring, scope: Scope) -> None:
    rows = [
        ["case_id", "gender", "symptom_onset", "confirm_date", "severity"],
        ["TJ1", "F", "14/01/2020", "21/01/2020", "severe"],
        ["TJ2", "M", "NA", "05/02/2020", "normal"],
        ["TJ3", "F", "05/01/2020", "03/02/2020", "NA"],
    ]
    mapping = {"case_id": "case_no", "symptom_onset": "onset_on", "confirm_date": "at"}

    batch = bring(
        "cases", rows, mapping=mapping, stated={"area": VILLAGE, "status": "确诊", "disease": "covid-19-2020"}
    )

    assert counts(batch) == (3, 0, 0, 0)
    with scope(""):
        told = {data["case_no"]: data for *_, data in facts("episode.confirmed")}
        assert set(Person.objects.values_list("name", flat=True)) == {"病例 TJ1", "病例 TJ2", "病例 TJ3"}
    assert told["TJ3"]["onset_on"] == "2020-01-05", "the day stands first, as other rows of the column show"
    assert told["TJ2"]["severity"] == "moderate"
    assert "onset_on" not in told["TJ2"] and "severity" not in told["TJ3"]
