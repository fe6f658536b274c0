"""The plan reader."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils import translation

from bulou.ledger import shelf
from bulou.plan.models import Plan
from bulou.plan.own_words import own_words
from bulou.plan.rules import rules
from bulou.web.desk import plan_words

Enter = Callable[..., Client]
PLAN = "guangxi-2020-9"


def said(clause: str, language: str = "en") -> list[plan_words.FormShown]:
    found, plan = shelf.clause(PLAN, clause), shelf.plan(PLAN)
    assert found and plan
    with translation.override(language):
        return plan_words.shown(found, plan_words.Reader(plan.scope, date(2020, 2, 10)))


def test_the_shelf_lists_the_plans(world, enter: Enter) -> None:
    page = enter(world.commander, "en").get("/plans/").text

    assert "Notice on the five no-misses" in page or "five no-misses" in page
    assert "桂新冠防指〔2020〕9号" in page


def test_the_reader_shows_every_clause_in_its_chapter_with_live_counts(world, enter: Enter) -> None:
    page = enter(world.commander, "en").get(f"/plans/{PLAN}/")

    plan = shelf.plan(PLAN)
    assert plan
    entries = [entry for chapter in page.context["chapters"] for entry in chapter.entries]
    assert [entry.clause.clause for entry in entries] == [clause.clause for clause in plan.clauses]
    (temperature,) = [entry for entry in entries if entry.clause.clause == "GX-2.1.h"]
    assert temperature.counts
    assert temperature.counts.missed == 2


def test_a_clause_s_count_opens_the_rows_it_counts(world, enter: Enter) -> None:
    browser = enter(world.commander, "en")
    page = browser.get(f"/plans/{PLAN}/GX-2.1.h/")

    rows = browser.get(page.context["links"]["missed"]).context["rows"]

    assert len(rows) == page.context["counts"].missed == 2


def test_a_duty_is_said_in_words_with_the_numbers_in_force() -> None:
    (form,) = said("GX-2.1.h")

    pairs = dict(form.pairs)
    assert pairs["When"] == "Isolation started"
    assert pairs["Until"] == "Isolation ended"
    assert pairs["How often"] == "every day 06:00–12:00 and 16:00–22:00"
    assert pairs["Must happen"] == "Temperature read"
    assert pairs["Whose job"] == "Village or neighbourhood committee"


def test_conditions_are_said_with_their_labels() -> None:
    texts = [value for form in said("GX-2.1.j") for _term, value in form.pairs]

    assert any("Body temperature 37.3 or above" in text for text in texts)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_clause_says_what_it_asks_in_both_languages(language: str) -> None:
    plan = shelf.plan(PLAN)
    assert plan
    for clause in plan.clauses:
        assert said(clause.clause, language), clause.clause


def test_a_clause_shows_each_number_with_its_reference(world, enter: Enter) -> None:
    numbers = enter(world.commander, "en").get(f"/plans/{PLAN}/GX-2.1.j/").context["numbers"]

    assert numbers
    assert all(number["reference"] for number in numbers)


def test_a_clause_whose_screen_is_still_to_be_built_says_so(world, enter: Enter) -> None:
    page = enter(world.commander, "en").get(f"/plans/{PLAN}/GX-4.2.e/").content.decode()

    assert "Owed: its screen is still to be built" in page


def test_one_leads_to_the_next_clause_and_back(world, enter: Enter) -> None:
    browser = enter(world.commander)
    plan = shelf.plan(PLAN)
    assert plan
    first, second = plan.clauses[:2]

    page = browser.get(f"/plans/{PLAN}/{second.clause}/")

    assert page.context["before"] is first
    assert browser.get(f"/plans/{PLAN}/{first.clause}/").context["before"] is None


@pytest.mark.parametrize("path", ["/plans/none/", f"/plans/{PLAN}/none/"])
def test_a_plan_or_clause_that_is_none_is_not_found(world, enter: Enter, path: str) -> None:
    assert enter(world.commander).get(path).status_code == 404


def words_of(plan: Plan) -> set[str]:
    """Every word a plan's conditions compare with, every register's field and category, every screen it names."""
    triggers = [trigger for rule in rules(plan) for trigger in (rule.when, rule.until, rule.must) if trigger]
    tested = [test.value for trigger in triggers for test in trigger.where]
    values = [one for value in tested for one in (value if isinstance(value, tuple) else (value,))]
    registers = [clause.register_ for clause in plan.clauses if clause.register_]
    categories = [c for r in registers for c in (r.category if isinstance(r.category, list) else [r.category])]
    screens = [show.screen for clause in plan.clauses for show in clause.shows]
    return {str(v) for v in (*values, *categories, *(f for r in registers for f in r.fields), *screens)}


@pytest.mark.parametrize("plan", shelf.every_plan(), ids=lambda plan: plan.id)
def test_every_word_a_plan_uses_is_said_in_chinese(plan: Plan) -> None:
    reader = plan_words.Reader(plan.scope, date(2020, 2, 10), own_words(plan))

    with translation.override("zh-hans"):
        said = {word: reader.word(word) for word in words_of(plan)}

    names_a_clause = {clause.clause for clause in plan.clauses}
    in_letters = {word for word, text in said.items() if re.fullmatch("[a-z _-]{3,}[a-z0-9 _-]*", text)}
    assert in_letters - names_a_clause == set()


def test_what_is_due_or_told_at_once_is_said_so() -> None:
    plan = shelf.plan("wujin-2020-54")
    assert plan
    reader = plan_words.Reader(plan.scope, date(2020, 2, 10))
    with translation.override("en"):
        texts = [
            value for clause in plan.clauses for form in plan_words.shown(clause, reader) for _, value in form.pairs
        ]

    assert any(text.endswith(", as soon as it is overdue") for text in texts)
    assert not any("under 1 min" in text for text in texts)
