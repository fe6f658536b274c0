"""The chapters of a plan."""

from pathlib import Path

import pytest

from bulou.kernel.errors import BulouError
from bulou.plan.chapters import chapters
from bulou.plan.load import load
from bulou.plan.models import Plan

PLANS = Path(__file__).parents[3] / "plans"


def headings(plan: Plan, language: str) -> list[str]:
    return [chapter.heading.to(language) for chapter in chapters(plan)]


@pytest.mark.parametrize("path", sorted(PLANS.glob("*/plan.yaml")), ids=lambda path: path.parent.name)
def test_every_chapter_of_every_plan_has_the_heading_of_its_document(path: Path) -> None:
    plan = load(path.parent)

    found = chapters(plan)

    assert {chapter.number for chapter in found} == set(plan.chapters)
    assert [clause for chapter in found for clause in chapter.clauses] == list(plan.clauses)


def test_chapters_are_numbered_but_for_what_stands_before_the_first() -> None:
    plan = load(PLANS / "guangxi-2020-9")

    assert headings(plan, "en")[:3] == ["Preamble", "1. Screening", "2. Isolation"]
    assert headings(plan, "zh")[-1] == "5. 防控不漏"


def test_files_of_one_chapter_are_one_chapter() -> None:
    haibei = chapters(load(PLANS / "haibei-2020-74"))

    assert [chapter.number for chapter in haibei] == [0, 1, 2, 3, 4]


def test_a_plan_that_names_no_chapters_has_their_numbers() -> None:
    plan = load(PLANS / "guangxi-2020-9").model_copy(update={"chapters": {}})

    assert headings(plan, "en")[:3] == ["Preamble", "Chapter 1", "Chapter 2"]
    assert headings(plan, "zh")[1] == "第 1 章"


def test_a_heading_needs_both_languages(tmp_path: Path) -> None:
    header = (PLANS / "guangxi-2020-9" / "plan.yaml").read_text("utf-8").partition("chapters:")[0]
    (tmp_path / "plan.yaml").write_text(header + 'chapters:\n  1: {zh: 一, en: ""}\n', "utf-8")

    with pytest.raises(BulouError) as refusal:
        load(tmp_path)

    assert [problem.code for problem in refusal.value.problems] == ["blank"]
