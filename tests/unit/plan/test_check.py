from collections.abc import Callable
from pathlib import Path

import pytest

from bulou.plan.check import Report, check
from unit.plan.conftest import CLAUSES, KINDS, PARAMETERS, PLAN, ROLES

Checked = Callable[..., Report]
CASES = """
- name: {zh: 甲, en: A}
  now: 2020-02-03 10:30
  facts: []
  expect: []
- name: {zh: 乙, en: B}
  duty: twice-daily
  now: 2020-02-03 10:30
  facts: []
  expect: []
- name: {zh: 丙, en: C}
  duty: fever-seen
  now: 2020-02-03 10:30
  facts: []
  expect: []
"""


@pytest.fixture
def checked(folder: Callable[..., Path]) -> Checked:
    """The report on the little plan, pieces of its clauses replaced and files added."""

    def make(*changes: tuple[str, str], **files: str) -> Report:
        clauses = CLAUSES
        for old, new in changes:
            assert old in clauses
            clauses = clauses.replace(old, new)
        whole = {"clauses/1-all.yaml": clauses, "cases/1.yaml": CASES}
        return check(
            folder(whole | {name.replace("__", "/") + ".yaml": text for name, text in files.items()}),
            kinds=KINDS,
            roles=ROLES,
        )

    return make


def codes(report: Report) -> list[str]:
    return [warning.code for warning in report.warnings]


def test_a_good_plan_has_nothing_to_say(checked: Checked) -> None:
    report = checked()

    assert report.plan is not None
    assert (report.problems, report.warnings, report.replaced) == ((), (), ())


def test_problems_keep_the_plan_from_use(checked: Checked) -> None:
    report = checked(("by: township_clinic", "by: nobody"), ("PT2H\n", "2h\n"))

    assert report.plan is None
    assert [problem.field for problem in report.problems] == ["within", "by"]


def test_the_problems_of_cases_are_problems(checked: Checked) -> None:
    report = checked(cases__2="- {name: {zh: 丁, en: D}}")

    assert report.plan is not None
    assert {problem.where for problem in report.problems} == {"cases/2.yaml:1"}


def test_recurring_for_ever_is_a_doubt(checked: Checked) -> None:
    report = checked(("      until: isolation.ended\n", ""))

    assert [warning.to("en") for warning in report.warnings] == [
        "clauses/1-all.yaml:6: twice-daily has no until and recurs for ever. Give it an until unless that is meant."
    ]


@pytest.mark.parametrize(("must", "doubtful"), [
    ("temperature.read", True),
    ("{fact: temperature.read, where: {celsius: {gte: $fever_threshold}}}", True),
    ("{fact: temperature.read, where: {celsius: {lt: $fever_threshold}}}", False),
])  # fmt: skip
def test_a_duty_its_own_opening_does_is_a_doubt(checked: Checked, must: str, doubtful: bool) -> None:
    report = checked(("must: medic.assessed", f"must: {must}"))

    assert codes(report) == (["done_by_its_opening"] if doubtful else [])


def test_a_parameter_no_clause_uses_is_a_doubt(checked: Checked) -> None:
    report = checked(parameters=PARAMETERS + PARAMETERS.replace("fever_threshold", "chill_threshold"))

    assert [warning.to("en") for warning in report.warnings] == [
        "parameters.yaml: chill_threshold: No clause uses the parameter chill_threshold."
    ]


def test_a_duty_without_a_case_is_a_doubt(folder: Callable[..., Path]) -> None:
    report = check(folder(), kinds=KINDS, roles=ROLES)

    assert codes(report) == ["no_case", "no_case"]


def test_every_duty_that_is_switched_off_is_told(folder: Callable[..., Path]) -> None:
    folder()
    header = "plan: city\ntitle: {zh: 市, en: City}\nsource: 市\nissued: 2020-02-05\narea: '4501'\nextends: [little]\n"
    clause = CLAUSES.replace("L-", "C-").replace("      by: town", "      replaces: little/fever-seen\n      by: town")
    path = folder({"plan.yaml": header, "clauses/1-all.yaml": clause}, name="city")

    report = check(path, kinds=KINDS, roles=ROLES)

    assert [told.to("en") for told in report.replaced] == [
        "clauses/1-all.yaml:17: city/fever-seen (试〔2020〕1号 三) replaces little/fever-seen."
    ]


def test_a_plan_of_nothing_is_a_problem_unless_it_extends_another(folder: Callable[..., Path]) -> None:
    empty: dict[str, str | None] = {"clauses/1-all.yaml": None, "parameters.yaml": None}
    empty["plan.yaml"] = PLAN.replace("plan: little", "plan: empty")
    folder()

    [problem] = check(folder(empty, name="empty"), kinds=KINDS, roles=ROLES).problems

    assert problem.to("en") == "plan.yaml: The plan has no clauses. Write them in clauses/."
    more = empty | {"plan.yaml": PLAN.replace("plan: little", "plan: more") + "extends: [little]\n"}
    assert check(folder(more, name="more"), kinds=KINDS, roles=ROLES).problems == ()


def test_a_catalogue_in_another_encoding_is_a_problem(folder: Callable[..., Path]) -> None:
    path = folder()
    (path / "catalogue.txt").write_bytes("条款\n".encode("gb18030"))

    [problem] = check(path, kinds=KINDS, roles=ROLES).problems

    assert problem.to("zh") == "catalogue.txt: 文件不是 UTF-8 编码。请另存为 UTF-8。"


def test_a_plan_in_a_folder_of_another_name_is_told_which_to_change(folder: Callable[..., Path]) -> None:
    path = folder({"clauses/1-all.yaml": CLAUSES, "cases/1.yaml": CASES})
    moved = path.rename(path.with_name("moved"))

    (problem,) = check(moved, kinds=KINDS, roles=ROLES).problems

    assert problem.code == "plan_folder"
    assert problem.to("en") == (
        "plan.yaml: plan: The plan's id is little, its folder moved; the system looks for a plan in the folder of its"
        " id. Rename the folder to little, or write plan: moved."
    )
    assert "改名为 little" in problem.to("zh")
