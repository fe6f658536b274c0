"""The whole list: nothing lost, every doubt named, and the published figures within reach."""

import csv
from collections import Counter
from datetime import date
from statistics import mean

import pytest

from bulou.kernel.errors import BulouError
from bulou.oversight.drills.tianjin import CASES, Cluster, Relation, Setting, Symptom, chains, read_cases


@pytest.fixture(scope="module")
def report():
    return read_cases()


@pytest.fixture(scope="module")
def cases(report):
    return {case.number: case for case in report.cases}


def test_all_135_cases_are_read_in_order(report):
    assert [case.number for case in report.cases] == list(range(1, 136))


def test_every_row_is_understood_plainly_or_has_a_doubt(report):
    assert report.rows == report.understood + report.doubted == 135
    assert (report.understood, len(report.doubts)) == (92, 59)


def test_every_cell_is_kept_as_it_was_written(report):
    with CASES.open(encoding="utf-8-sig", newline="") as file:
        written = [{name.strip(): cell for name, cell in row.items()} for row in csv.DictReader(file)]

    assert [dict(case.raw) for case in report.cases] == written


def test_the_doubts_are_these(report):
    assert Counter(doubt.code for doubt in report.doubts) == {
        "spelling": 21,
        "setting-from-note": 7,
        "ambiguous": 6,
        "to-recheck": 4,
        "note-names-a-day": 4,
        "relation-inferred": 3,
        "unlisted-relation": 2,
        "note-names-a-case": 2,
        "window-after-onset": 2,
        "source-confirmed-later": 2,
        "sex-contradicts": 2,
        "severity-absent": 1,
        "source-absent": 1,
        "not-understood": 1,
        "symptoms-contradict": 1,
    }


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (19, "to-recheck"),
        (22, "to-recheck"),
        (27, "unlisted-relation"),
        (36, "note-names-a-case"),
        (54, "note-names-a-day"),
        (59, "relation-inferred"),
        (67, "window-after-onset"),
        (76, "severity-absent"),
        (79, "setting-from-note"),
        (110, "source-absent"),
        (119, "note-names-a-case"),
        (120, "sex-contradicts"),
        (126, "symptoms-contradict"),
        (134, "sex-contradicts"),
    ],
)
def test_each_doubt_hangs_on_its_case(report, number, code):
    assert code in [doubt.code for doubt in report.of(number)]


def test_a_row_that_reads_plainly_has_no_doubt(report):
    assert report.of(96) == []


def test_the_typing_slip_jn25_is_read_as_case_25_and_doubted(cases, report):
    assert [link.to for link in cases[59].links] == [14, 25]
    assert "“JN25” read as “TJ25”" in [doubt.text.en for doubt in report.of(59)]


def test_days_sexes_and_deaths_add_up(report):
    assert sum(case.onset is not None for case in report.cases) == 125
    assert all(case.confirmed for case in report.cases)
    assert Counter(case.sex for case in report.cases) == {"M": 76, "F": 59}
    assert [(case.number, case.died) for case in report.cases if case.died] == [
        (44, date(2020, 2, 10)),
        (50, date(2020, 2, 5)),
        (68, date(2020, 2, 12)),
    ]


def test_severities_are_normalised(report):
    assert Counter(case.severity for case in report.cases) == {
        "moderate": 102,
        "severe": 25,
        "unclassified": 6,
        "mild": 1,
        None: 1,
    }


@pytest.mark.parametrize(
    ("number", "symptoms"),
    [
        (1, []),
        (22, [Symptom.RUNNY_NOSE, Symptom.FATIGUE, Symptom.FEVER]),
        (48, [Symptom.FEVER, Symptom.DIZZINESS, Symptom.DRY_COUGH]),
        (70, [Symptom.FEVER, Symptom.CHILLS, Symptom.SPUTUM, Symptom.FATIGUE]),
        (104, []),
        (128, [Symptom.RUNNY_NOSE, Symptom.DIZZINESS]),
        (133, [Symptom.COUGH, Symptom.FEVER]),
    ],
)
def test_symptoms_are_normalised(cases, number, symptoms):
    assert list(cases[number].symptoms) == symptoms


def test_no_symptoms_is_not_the_same_as_not_recorded(cases):
    assert [cases[n].without_symptoms for n in (1, 46, 104, 127)] == [False, False, True, True]


@pytest.mark.parametrize(
    ("numbers", "cluster"),
    [
        ([2, 8, 33], "train"),
        ([34, 37, 52, 68, 125, 133], "mall"),
        ([3, 27, 63, 30], "wuhan"),
        ([65, 39, 115], "travel"),
        ([42, 81, 113], "unknown"),
    ],
)
def test_a_case_belongs_to_the_cluster_its_own_text_or_its_links_lead_to(cases, numbers, cluster):
    assert {cases[number].cluster for number in numbers} == {cluster}


def test_the_clusters_have_these_sizes(report):
    assert Counter(case.cluster for case in report.cases) == {
        Cluster.MALL: 55,
        Cluster.WUHAN: 28,
        Cluster.UNKNOWN: 23,
        Cluster.TRAIN: 17,
        Cluster.TRAVEL: 12,
    }


def test_arrivals_are_imported_and_the_people_they_infected_are_local(cases):
    imported = [number for number, case in cases.items() if case.origin == "imported"]

    assert len(imported) == 36
    assert {3, 9, 25, 39, 65, 106} <= set(imported)
    assert {12, 21, 27, 34, 54, 115}.isdisjoint(imported)


def test_a_setting_is_listed_once(cases):
    assert cases[50].settings == (Setting.MALL,)
    assert all(len(set(case.settings)) == len(case.settings) for case in cases.values())


def test_a_case_without_any_source_has_the_setting_unknown(cases):
    assert cases[110].settings == (Setting.UNKNOWN,)


def test_the_relation_in_a_row_with_one_named_case_is_inferred(cases):
    assert [link.relation for link in cases[75].links] == [Relation.HUSBAND]
    assert cases[75].unlisted == ()


def test_the_largest_chain_is_the_family_and_friends_of_case_93(report):
    assert chains(report.cases)[0] == (93, 96, 97, 107, 117, 119, 121, 125, 127, 134)


def test_a_case_is_in_one_chain_at_most(report):
    members = [number for chain in chains(report.cases) for number in chain]

    assert len(members) == len(set(members))


def test_the_plain_incubation_period_lies_near_the_published_7_5_days(report):
    days = [
        (case.onset - (case.exposed_from + (case.exposed_to - case.exposed_from) / 2)).days
        for case in report.cases
        if case.onset and case.exposed_from and case.exposed_to
    ]

    assert len(days) == 49
    assert 6.76 <= mean(days) <= 8.56


def test_the_plain_serial_interval_lies_near_the_published_4_3_days(cases):
    days = [
        (case.onset - min(onsets)).days
        for case in cases.values()
        if case.onset and (onsets := [cases[link.to].onset for link in case.links if cases[link.to].onset])
    ]

    assert 2.91 <= mean(days) <= 5.72


def write(tmp_path, **changes):
    """The real list's header and first two rows, with cells of the second changed."""
    with CASES.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[:3]
    header = [name.strip() for name in rows[0]]
    for name, cell in changes.items():
        rows[2][header.index(name)] = cell
    path = tmp_path / "cases.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_a_cell_that_cannot_be_read_is_kept_and_doubted(tmp_path):
    report = read_cases(write(tmp_path, age="young", confirm_date="2020-01-21", gender="x", severity="?x"))

    case = report.cases[1]
    assert (case.age, case.confirmed, case.sex, case.severity) == (None, None, None, None)
    assert [(d.field, d.code) for d in report.of(2)] == [
        ("gender", "not-understood"),
        ("age", "not-understood"),
        ("confirm_date", "not-understood"),
        ("severity", "not-understood"),
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"symptom_onset": "22/01/2020"}, "onset-after-confirmation"),
        ({"death": "20/01/2020"}, "death-before-confirmation"),
        ({"start_source": "19/01/2020"}, "window-reversed"),
    ],
)
def test_days_that_contradict_each_other_are_doubted(tmp_path, changes, code):
    report = read_cases(write(tmp_path, **changes))

    assert code in [doubt.code for doubt in report.of(2)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"case_id": "TJ1"}, "line 3: case_id: the case id 'TJ1' is missing or repeated"),
        ({"case_id": ""}, "line 3: case_id: the case id '' is missing or repeated"),
        ({"Infection_source": "family of TJ2"}, "TJ2: Infection_source: it names case 2"),
        ({"Infection_source": "family of TJ9"}, "TJ2: Infection_source: it names case 9"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused_with_the_place(tmp_path, changes, message):
    with pytest.raises(BulouError, match=message.replace("(", r"\(")):
        read_cases(write(tmp_path, **changes))


def test_a_list_without_its_columns_is_refused_naming_each(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text("case_id,age\nTJ1,59\n", encoding="utf-8")

    with pytest.raises(BulouError) as refused:
        read_cases(path)

    assert len(refused.value.problems) == 11
    assert {problem.code for problem in refused.value.problems} == {"list.column"}
