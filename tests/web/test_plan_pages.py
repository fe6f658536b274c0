"""Two plans side by side, a plan as a picture, as a booklet, and to take along."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from fhir.resources.R4B.bundle import Bundle
from icalendar import Calendar

from bulou.ledger import shelf
from bulou.plan.chapters import chapters
from bulou.plan.models import Plan

Enter = Callable[..., Client]
PLAN, OTHER, LARGE = "guangxi-2020-9", "shenyang-normalised", "wujin-2020-54"


def found(name: str = PLAN) -> Plan:
    plan = shelf.plan(name)
    assert plan
    return plan


def duties_of_chapter(number: int, name: str = LARGE) -> int:
    (chapter,) = [chapter for chapter in chapters(found(name)) if chapter.number == number]
    return sum(len(clause.duties) for clause in chapter.clauses)


@pytest.fixture
def reader(world: Any, enter: Enter) -> Client:
    return enter(world.commander, "en")


# Side by side


def compared(reader: Client, **query: str) -> Any:
    return reader.get(f"/plans/compare/?{urlencode({'left': PLAN, 'right': OTHER} | query)}")


def test_any_two_plans_can_be_chosen(reader: Client) -> None:
    page = reader.get("/plans/compare/")

    assert {plan.id for plan in page.context["plans"]} >= {PLAN, OTHER, LARGE}
    assert "found" not in page.context


def test_every_duty_of_both_plans_is_on_the_page_once(reader: Client) -> None:
    page = compared(reader)

    changed, same = page.context["changed"], page.context["same"]
    assert len(page.context["dropped"]) + len(changed) + len(same) == len(found(PLAN).duties)
    assert len(page.context["added"]) + len(changed) + len(same) == len(found(OTHER).duties)


def test_a_change_says_both_sides_and_which_is_stricter(reader: Client) -> None:
    page = compared(reader)

    (rounds,) = [pair for pair in page.context["changed"] if pair.left.rule.id == f"{PLAN}/household-round"]
    assert [(c.left.en, c.right.en, c.stricter) for c in rounds.changes if c.label.en == "Due"] == [
        ("every 7 days", "every 14 days", "left")
    ]
    assert "stricter" in page.text


def test_numbers_both_name_and_set_otherwise_are_listed(reader: Client) -> None:
    page = compared(reader)

    assert page.context["parameters"]
    assert all(number["left"] != number["right"] for number in page.context["parameters"])


def test_swapped_what_was_added_is_dropped(reader: Client) -> None:
    page = compared(reader)

    back = reader.get(page.context["swapped"])

    assert len(back.context["dropped"]) == len(page.context["added"])
    assert len(back.context["changed"]) == len(page.context["changed"])


def test_the_page_is_narrowed_to_a_no_miss_and_says_so(reader: Client) -> None:
    whole = compared(reader)
    (chip,) = [chip for chip in whole.context["chips"] if chip.icon == "stethoscope"]

    page = reader.get(chip.url)

    shown = [*page.context["changed"], *page.context["added"], *page.context["dropped"]]
    assert len(shown) == chip.number
    assert {row.sign.name for row in page.context["added"]} == {"treatment"}


def test_a_plan_and_itself_are_the_same(reader: Client) -> None:
    page = compared(reader, right=PLAN)

    assert (page.context["changed"], page.context["added"], page.context["dropped"]) == ([], [], [])


def test_conditions_are_said_in_chinese_words(world: Any, enter: Enter) -> None:
    page = enter(world.commander, "zh-hans").get(f"/plans/compare/?left={PLAN}&right={OTHER}")

    assert "发热门诊" in page.text
    assert "fever_clinic" not in page.text


@pytest.mark.parametrize("query", ["left=none&right=none", f"left={PLAN}&right=none"])
def test_a_plan_that_is_not_there_cannot_be_compared(reader: Client, query: str) -> None:
    assert reader.get(f"/plans/compare/?{query}").status_code == 404


# The picture


def drawn(reader: Client, name: str = LARGE, **query: str) -> Any:
    return reader.get(f"/plans/{name}/picture/?{urlencode(query)}")


def columns(drawing: dict[str, Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for box in drawing["boxes"]:
        found[box["column"]] = found.get(box["column"], 0) + 1
    return found


def test_a_large_plan_is_drawn_by_chapter_and_every_duty_is_counted(reader: Client) -> None:
    drawing = drawn(reader).context["drawing"]

    assert columns(drawing)["duty"] <= 15
    for column in ("opens", "duty", "due", "role"):
        assert sum(box["count"] for box in drawing["boxes"] if box["column"] == column) == len(found(LARGE).duties)


def test_rare_roles_are_folded_into_one_box_and_none_is_lost(reader: Client) -> None:
    drawing = drawn(reader).context["drawing"]

    assert columns(drawing)["role"] == 19
    (others,) = [box for box in drawing["boxes"] if box["column"] == "role" and box["label"] == "others"]
    assert (others["url"], others["count"] > 0) == ("", True)


def test_chapters_stand_in_the_order_of_the_document_deadlines_from_the_shortest_others_last(reader: Client) -> None:
    drawing = drawn(reader).context["drawing"]

    def labels(column: str) -> list[str]:
        return [box["label"] for box in drawing["boxes"] if box["column"] == column]

    numbers = [int(label.partition(".")[0]) for label in labels("duty")]
    assert numbers == sorted(numbers)
    within = [label for label in labels("due") if label.startswith("within")]
    assert within[:3] == ["within 2 h", "within 12 h", "within 1 day"]
    assert (labels("opens")[-1], labels("role")[-1]) == ("others", "others")


def test_a_chapter_is_drawn_duty_by_duty_each_leading_to_its_clause(reader: Client) -> None:
    page = drawn(reader, chapter="9")

    drawing = page.context["drawing"]
    duties = [box for box in drawing["boxes"] if box["column"] == "duty"]
    assert len(duties) == len(page.context["strokes"]) == duties_of_chapter(9)
    assert all(box["url"].startswith(f"/plans/{LARGE}/WJ-") for box in duties)
    assert reader.get(duties[0]["url"]).status_code == 200


def test_lines_join_what_happens_to_the_duty_to_the_deadline_to_the_role(reader: Client) -> None:
    drawing = drawn(reader, chapter="9").context["drawing"]

    steps = {(line["source"].split()[0], line["target"].split()[0]) for line in drawing["lines"]}
    assert steps == {("opens", "duty"), ("duty", "due"), ("due", "role")}
    assert sum(line["value"] for line in drawing["lines"]) == 3 * duties_of_chapter(9)


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ({"no_miss": "treatment"}, lambda stroke: stroke.rule.no_miss == "treatment"),
        ({"no_miss": "none"}, lambda stroke: stroke.rule.no_miss == ""),
        ({"role": "cdc"}, lambda stroke: stroke.rule.role == "cdc"),
        ({"fact": "episode.confirmed"}, lambda stroke: stroke.rule.when.kind == "episode.confirmed"),
        ({"find": "WJ-7.2"}, lambda stroke: "WJ-7.2" in stroke.rule.clause),
        ({"chapter": "9", "role": "cdc"}, lambda stroke: (stroke.chapter, stroke.rule.role) == (9, "cdc")),
    ],
)
def test_the_picture_is_narrowed(reader: Client, query: dict[str, str], holds: Callable[[Any], bool]) -> None:
    strokes = drawn(reader, **query).context["strokes"]

    assert strokes
    assert all(map(holds, strokes))


def test_every_duty_can_be_drawn_at_once_and_the_way_back_is_there(reader: Client) -> None:
    page = drawn(reader, each="1")

    assert columns(page.context["drawing"])["duty"] == len(found(LARGE).duties)
    assert page.context["other_way"] == f"/plans/{LARGE}/picture/"


def test_what_is_drawn_is_in_the_table_too(reader: Client) -> None:
    page = drawn(reader, chapter="9")

    assert all(stroke.url in page.text for stroke in page.context["strokes"])
    assert page.text.count("<tr>") == 1 + duties_of_chapter(9)


def test_a_fact_says_how_many_duties_it_opens_in_turn(reader: Client) -> None:
    page = drawn(reader, PLAN, find="twice-daily-temperature")

    (stroke,) = page.context["strokes"]
    assert stroke.follows == len(drawn(reader, PLAN, fact="temperature.read").context["strokes"]) > 0


def test_a_filter_nothing_answers_to_says_so(reader: Client) -> None:
    page = drawn(reader, find="nothing like it")

    assert "No duty answers to this filter" in page.text
    assert page.context["drawing"]["rows"] == 0


def test_the_data_of_the_picture_are_in_the_page(reader: Client) -> None:
    text = drawn(reader, chapter="9").text
    data = text.partition('<script id="picture-data" type="application/json">')[2].partition("</script>")[0]

    assert json.loads(data)["strokes"] == duties_of_chapter(9)


# The booklet


@pytest.mark.parametrize("name", [PLAN, OTHER, LARGE, "haibei-2020-74", "community-province"])
def test_the_booklet_of_every_plan_has_every_clause_under_its_chapter(reader: Client, name: str) -> None:
    page = reader.get(f"/plans/{name}/booklet/")

    printed = [part.clause for section in page.context["sections"] for part in section.parts]
    assert printed == list(found(name).clauses)
    assert all(f'href="#chapter-{section.number}"' in page.text for section in page.context["sections"])


def test_the_booklet_says_what_each_duty_asks_and_lists_every_number_with_its_reference(reader: Client) -> None:
    page = reader.get(f"/plans/{PLAN}/booklet/")

    assert "every day 06:00–12:00 and 16:00–22:00" in page.text
    assert {number["title"].zh for number in page.context["numbers"]} == {
        parameter.title.zh for parameter in found().parameters.values()
    }
    assert all(number["reference"] for number in page.context["numbers"])


def test_groups_and_checklists_are_printed_with_their_members_and_items(reader: Client) -> None:
    text = reader.get(f"/plans/{OTHER}/booklet/").text
    checklist = next(clause.checklist for clause in found(OTHER).clauses if clause.checklist)

    assert all(item.en in text for item in checklist.items[:3] if "&" not in item.en and "'" not in item.en)


# To take along


def test_a_plan_is_taken_along_as_fhir(reader: Client) -> None:
    answer = reader.get(f"/plans/{PLAN}/fhir/")

    assert answer["Content-Disposition"] == f'attachment; filename="{PLAN}.fhir.json"'
    assert len(Bundle.model_validate_json(answer.content).entry) == 1 + len(found().duties)


def test_a_role_s_duties_are_taken_along_as_a_calendar_from_today(reader: Client) -> None:
    answer = reader.get(f"/plans/{PLAN}/calendar/?role=village_committee")

    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert answer["Content-Disposition"] == f'attachment; filename="{PLAN}.village_committee.ics"'
    assert "Take temperature every morning and evening" in {str(event["SUMMARY"]) for event in events}
    assert {str(event["DTSTART"].dt)[:10] for event in events} == {"2020-02-10"}


def test_the_plan_s_page_offers_every_role_that_has_a_calendar(reader: Client) -> None:
    page = reader.get(f"/plans/{PLAN}/")

    for _title, role in page.context["roles"]:
        assert reader.get(f"/plans/{PLAN}/calendar/?role={role}").status_code == 200


@pytest.mark.parametrize("path", ["calendar/", "calendar/?role=nobody"])
def test_a_calendar_of_nobody_is_not_found(reader: Client, path: str) -> None:
    assert reader.get(f"/plans/{PLAN}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["picture/", "booklet/", "fhir/", "calendar/?role=cdc"])
def test_a_plan_that_is_none_is_not_found(reader: Client, path: str) -> None:
    assert reader.get(f"/plans/none/{path}").status_code == 404
