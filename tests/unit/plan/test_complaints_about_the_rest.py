"""Mistakes in plan.yaml, parameters.yaml, clauses and their other forms, and in the files themselves."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bulou.kernel.errors import BulouError, Problem
from bulou.plan.load import load
from bulou.plan.models import Plan

Complaint = Callable[[str, str], str]
Problems = Callable[..., list[Problem]]
FILE = "clauses/1-all.yaml"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("plan: little", "plan: Little One",
         "plan.yaml:1: plan: 'Little One' cannot be a name. Use lower-case words, digits and hyphens."),
        ("source: 试〔2020〕1号\n", "", "plan.yaml:1: source: This key is missing."),
        ("source: 试〔2020〕1号", "source: '  '", "plan.yaml:3: source: This must not be empty."),
        ("issued: 2020-02-01", "issued: soon", "plan.yaml:4: issued: A date such as 2020-02-01 is expected here."),
        ('area: "45"', "area: 45", "plan.yaml:5: area: Text is expected here; quote a number."),
        ('area: "45"', 'area: "451"',
         "plan.yaml:5: area: '451' is not an area code. Use 2, 4, 6, 9, 12 or 15 digits, or '' for all."),
        ('area: "45"', 'area: "45"\ntimezone: Asia/Nanning',
         "plan.yaml:6: timezone: There is no time zone 'Asia/Nanning'. Use an IANA name such as Asia/Shanghai."),
        ('area: "45"', 'area: "45"\nissuer: me',
         "plan.yaml:6: issuer: The plan language has no such key here. Did you mean issued?"),
        ('area: "45"', 'area: "45"\nextends: guangxi', "plan.yaml:6: extends: A list is expected here."),
        ("title: {zh: 小预案, en: Little plan}", "title: 小预案",
         "plan.yaml:2: title: Keys and values are expected here."),
        ("title: {zh: 小预案, en: Little plan}", "title: {zh: 小预案, en: ''}",
         "plan.yaml:2: title: Both the Chinese and the English are needed."),
    ],
)  # fmt: skip
def test_a_mistake_in_the_header_is_said(complaint: Complaint, old: str, new: str, said: str) -> None:
    assert complaint(old, new) == said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  unit: degC\n", "", ":1: fever_threshold.unit: This key is missing."),
        ("  title: {zh: 发热阈值, en: Fever threshold}\n", "", ":1: fever_threshold.title: This key is missing."),
        ("  last_verified: 2026-11-21\n", "", ":1: fever_threshold.last_verified: This key is missing."),
        (", reference: 试〔2020〕1号 一", "", ":5: fever_threshold.values.2020-01-01.reference: This key is missing."),
        ("{value: 37.3, ", "{", ":5: fever_threshold.values.2020-01-01.value: This key is missing."),
        ("2020-01-01", "spring", ":5: fever_threshold.values.spring: A date such as 2020-02-01 is expected here."),
        ("\n    2020-01-01: {value: 37.3, reference: 试〔2020〕1号 一}", " 37.3",
         ":4: fever_threshold.values: A parameter's values are given by date. "
         "Write 2020-01-01: {value: …, reference: …}."),
        ("\n    2020-01-01: {value: 37.3, reference: 试〔2020〕1号 一}", " {}",
         ":4: fever_threshold.values: The parameter has no value. Give values, or name a disease's number as profile."),
        ("fever_threshold:", "Fever-Threshold:",
         ":1: Fever-Threshold: 'Fever-Threshold' cannot be the name of a parameter. "
         "Use lower-case letters, digits and underscores."),
        ("{value: 37.3", "{value: []",
         ":5: fever_threshold.values.2020-01-01.value: Text, a number, true or false, or a list of them is expected."),
    ],
)  # fmt: skip
def test_a_mistake_in_a_parameter_is_said(
    problems: Problems, complaint: Complaint, old: str, new: str, said: str
) -> None:
    assert f"parameters.yaml{said}" in complaint(old, new).splitlines()


def test_a_parameter_that_cannot_be_read_is_not_called_unknown_where_it_is_used(complaint: Complaint) -> None:
    said = complaint("  unit: degC\n", "")

    assert said == "parameters.yaml:1: fever_threshold.unit: This key is missing."


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("clause: L-2", "clause: L-1", f":13: clause: L-1 is already used at {FILE}:1. Give it another name."),
        ("cites: 试〔2020〕1号 三", "cites: 7", ":14: cites: Text is expected here; quote a number."),
        ("title: {zh: 发热就诊, en: Fever is seen}", "title: {zh: 发热就诊}", ":15: title.en: This key is missing."),
        ("no_miss: isolation", "no_miss: isolating", ":4: no_miss: There is no such choice. Did you mean isolation?"),
        ("no_miss: isolation", "no_miss: x",
         ":4: no_miss: There is no such choice. Known: screening, isolation, monitoring, treatment, control."),
        ("no_miss: isolation", "principle: {}", ":4: principle.why: This key is missing."),
        ("no_miss: isolation", "shows: [{page: board}]", ":4: screen: This key is missing."),
        ("no_miss: isolation", "shows: board", ":4: shows: A list is expected here."),
        ("no_miss: isolation", "target: {of: {zh: 甲, en: A}, quantity: beds, value: $bed_count, unit: beds}",
         ":4: target.value: There is no parameter $bed_count. Add it to parameters.yaml."),
        ("no_miss: isolation", "register: {of: dog, category: a, fields: [name], title: {zh: 甲, en: A}}",
         ":4: register.of: There is no such choice. Known: person, household, place, unit."),
        ("no_miss: isolation", "guard: {act: isolation.ended, requires: []}",
         ":4: guard.requires: This must not be empty."),
        ("no_miss: isolation", "guard: {act: x, requires: [{fact: y, text: {zh: 甲, en: A}}]}",
         ":4: guard.act: There is no fact kind x. Kinds are listed in each room's facts.py."),
        ("no_miss: isolation", "groups: [{group: a, title: {zh: 甲, en: A}, lead: boss}]",
         ":4: lead: There is no role boss. Roles are listed in the role vocabulary."),
    ],
)  # fmt: skip
def test_a_mistake_in_a_clause_is_said(complaint: Complaint, old: str, new: str, said: str) -> None:
    assert f"{FILE}{said}" in complaint(old, new).splitlines()


def test_a_clause_of_no_form_is_refused(complaint: Complaint, problems: Problems) -> None:
    said = problems({FILE: "- {clause: L-1, cites: 试, title: {zh: 甲, en: A}}"})

    assert [p.code for p in said] == ["no_form"]
    assert (said[0].where, said[0].field) == (f"{FILE}:1", "")


def test_a_repeated_key_is_said_with_both_lines(complaint: Complaint) -> None:
    said = complaint("  no_miss: isolation\n", "  no_miss: isolation\n  no_miss: control\n")

    assert said == f"{FILE}:5: no_miss: The key no_miss is already on line 4. Join the two or drop one."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {clause: L-1", f"{FILE}:1: This is not valid YAML: expected ',' or '}}', but got '<stream end>'."),
        ("- clause: &a L-1\n  cites: *a",
         f"{FILE}:2: cites: Anchors and aliases are not part of the plan language. Write the content out."),
        ("- &a [*a]", f"{FILE}:1: Anchors and aliases are not part of the plan language. Write the content out."),
        ("- !!python/object/apply:os.system [ls]", f"{FILE}:1: Keys and values are expected here."),
        ("- clause: !!set x", f"{FILE}:1: clause: The tag tag:yaml.org,2002:set is not supported."),
        ("- [a]: 1", f"{FILE}:1: A key must be a word."),
        ("clause: L-1", f"{FILE}:1: A list of clauses is expected."),
        ("- 7", f"{FILE}:1: Keys and values are expected here."),
        ("- clause: L-1\n--- \n- clause: L-2", f"{FILE}:2: This is not valid YAML: but found another document."),
        ("[" * 5000, f"{FILE}:1: The file is nested too deeply."),
        ("# a\n- clause: L\x00", f"{FILE}:2: The character U+0000 cannot be here. Take it out."),
        ('# a\n- clause: "L\\0"', f"{FILE}:2: clause: The text holds a null character. Take it out."),
        ("# a\n- clause: " + "9" * 5000, f"{FILE}:2: clause: The number is too long. At most 40 digits."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_said(problems: Problems, text: str, said: str) -> None:
    assert said in [problem.to("en") for problem in problems({FILE: text})]


def test_a_file_in_another_encoding_is_said(folder: Callable[..., Path]) -> None:
    path = folder()
    (path / FILE).write_bytes("- clause: 条款".encode("gb18030"))

    with pytest.raises(BulouError, match=r"The file is not UTF-8\. Save it as UTF-8\."):
        load(path)


def test_a_folder_without_plan_is_said(tmp_path: Path) -> None:
    with pytest.raises(BulouError, match=r"There is no plan\.yaml in .* Give the folder of a plan\."):
        load(tmp_path)


def test_parameters_must_be_a_map(problems: Problems) -> None:
    said = [problem.to("en") for problem in problems({"parameters.yaml": "- fever_threshold"})]

    assert said[0] == "parameters.yaml:1: A map of name to parameter is expected."


def test_a_clause_repeated_in_another_file_is_said_with_both_places(problems: Problems) -> None:
    again = "- {clause: L-2, cites: 试, title: {zh: 甲, en: A}, principle: {why: {zh: 甲, en: A}}}"

    said = problems({"clauses/2-more.yaml": again})

    assert [p.to("en") for p in said] == [
        f"clauses/2-more.yaml:1: clause: L-2 is already used at {FILE}:13. Give it another name."
    ]


def test_a_file_that_nobody_would_read_is_said(problems: Problems) -> None:
    said = problems({"clauses/2-more.yml": "", "parameters/fever.yaml": ""})

    assert [p.to("en") for p in said] == [
        f"{name}: This file would not be read. Put it in clauses/ or cases/, with the ending .yaml."
        for name in ("clauses/2-more.yml", "parameters/fever.yaml")
    ]


def test_the_catalogue_names_a_clause_once(problems: Problems) -> None:
    said = problems({"catalogue.txt": "# the document\nL-1\n\nL-2\nL-1\n"})

    assert [p.to("en") for p in said] == ["catalogue.txt:5: L-1 is already on line 2."]


def test_a_plan_without_kinds_and_roles_to_check_against_is_still_read(folder: Callable[..., Path]) -> None:
    path = folder({FILE: "- {clause: L, cites: 试, title: {zh: 甲, en: A}, guard: {act: a.b, requires: "
                         "[{fact: c.d, where: {e: 1}, text: {zh: 甲, en: A}}]}}"})  # fmt: skip

    assert [clause.forms for clause in load(path).clauses] == [("guard",)]


def test_every_mistake_in_every_file_is_said_at_once(problems: Problems) -> None:
    said = problems(
        {
            "plan.yaml": "plan: little\n",
            "parameters.yaml": "a: {}\nb: {}\n",
            FILE: "- {clause: L-1}\n- {clause: L-2}\n",
        }
    )

    assert {p.where for p in said} == {
        "plan.yaml:1",
        "parameters.yaml:1",
        "parameters.yaml:2",
        f"{FILE}:1",
        f"{FILE}:2",
    }
    assert len(said) == 4 + 8 + 6


def test_words_that_yaml_would_turn_into_something_else_stay_words(loaded: Callable[..., Plan]) -> None:
    plan = loaded({"plan.yaml": "plan: 'on'\ntitle: {zh: no, en: yes}\nsource: 12:30\nissued: 2020-02-01\narea: ''\n"})

    assert (plan.id, plan.title.zh, plan.title.en, plan.source) == ("on", "no", "yes", "12:30")


def test_aliases_without_end_are_said_once(problems: Problems) -> None:
    bomb = "- &a [" + "x, " * 9 + "x]\n" + "".join(f"- [{'*a, ' * 9}*a]\n" for _ in range(9))

    assert [problem.code for problem in problems({FILE: bomb})].count("alias") == 1
