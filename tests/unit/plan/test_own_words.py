"""The words a plan gives its own things by."""

from collections.abc import Callable
from pathlib import Path

from bulou.plan.load import load
from bulou.plan.own_words import own_words
from unit.plan.conftest import CLAUSES, KINDS, PLAN

FORMS = """
- clause: L-3
  cites: 试〔2020〕1号 四
  title: {zh: 每日自查, en: A daily check}
  checklist:
    checklist: site-daily
    title: {zh: 场所自查表, en: The site's checklist}
    for: [school]
    every: P1D
    items:
      - {item: airing, zh: 通风, en: Air the rooms}
  groups:
    - {group: core-team, title: {zh: 专班, en: The core team}, lead: cdc}
"""


def test_a_plan_names_itself_its_checklists_their_items_and_its_groups(folder: Callable[..., Path]) -> None:
    found = own_words(load(folder({"clauses/1-all.yaml": CLAUSES + FORMS}), kinds=KINDS))

    assert {code: text.en for code, text in found.items()} == {
        "little": "this plan",
        "site-daily": "The site's checklist",
        "airing": "Air the rooms",
        "core-team": "The core team",
    }


def test_the_words_of_a_plan_it_extends_are_its_too_under_that_plan_s_title(folder: Callable[..., Path]) -> None:
    folder({"clauses/1-all.yaml": CLAUSES + FORMS})
    city = PLAN.replace("little", "city") + "extends: [little]\n"
    empty = {"plan.yaml": city, "parameters.yaml": None, "clauses/1-all.yaml": "[]\n"}

    found = own_words(load(folder(empty, name="city"), kinds=KINDS))

    assert (found["city"].zh, found["little"].zh, found["airing"].zh) == ("本预案", "小预案", "通风")
