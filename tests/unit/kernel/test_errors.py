from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.text import Text

FULL = Problem(
    "disk.full",
    Text(zh="磁盘已满。", en="The disk is full."),
    Text(zh="请腾出空间。", en="Free some space."),
    where="facts.jsonl:7",
    field="data",
)


def test_a_problem_says_where_what_and_what_to_do() -> None:
    assert FULL.to("zh") == "facts.jsonl:7: data: 磁盘已满。请腾出空间。"
    assert FULL.to("en") == "facts.jsonl:7: data: The disk is full. Free some space."


def test_a_problem_without_place_or_remedy_is_only_its_text() -> None:
    assert Problem("x", Text(zh="不行。", en="No.")).to("en") == "No."


def test_an_error_tells_every_problem_on_a_line_of_its_own() -> None:
    error = BulouError.many([FULL, Problem("x", Text(zh="不行。", en="No."))])

    assert error.to("zh").splitlines() == [FULL.to("zh"), "不行。"]
    assert str(error) == error.to("en")


def test_an_error_of_one_problem_names_its_place() -> None:
    error = BulouError.of("x", "不行。", "No.", where="line 3", field="at")

    assert error.problems == (Problem("x", Text(zh="不行。", en="No."), None, "line 3", "at"),)
