"""A positive result, the move, the bed, the discharge, and home; and the miss where nobody moves the patient."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bulou.custody.models import Handover
from bulou.directory import services as directory
from bulou.directory.models import Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.no_miss.treatment.models import Episode
from bulou.plan.rules import rules
from web.hospitals import Ward, build_ward
from web.world import World

from .conftest import Visit

pytestmark = pytest.mark.browser
Begin = Callable[..., Visit]
RESULT = datetime(2020, 2, 10, 12, 20, tzinfo=SHANGHAI)
LATER = datetime(2020, 2, 12, 12, tzinfo=SHANGHAI)
HAIBEI = "haibei-2020-74"
READY = {
    "normal_days": "4",
    "symptoms_improved": "true",
    "imaging_improved": "true",
    "negative_tests": "2",
    "test_gap_hours": "26",
}


@pytest.fixture
def ward(world: World, make_unit: Callable[..., Unit], make_account: Any) -> Iterator[Ward]:
    """The hospital of the small world, with the plan of Haibei in force: whoever is positive is moved at once."""
    found = build_ward(world, make_unit, make_account)
    plan = shelf.plan(HAIBEI)
    assert plan
    ledger.adopt([rule for rule in rules(plan) if rule.when.kind == "specimen.resulted"], area="12")
    yield found


def at(instant: datetime) -> None:
    directory.clock_set(instant)
    with clock.at(instant):
        ledger.catch_up()


def record(page: Page, word: str, **answers: str) -> None:
    """Open one of the forms under Record, fill it in, send it."""
    box = page.locator("details", has=page.get_by_role("heading", name=word, exact=True))
    box.locator("summary").click()
    for label, value in answers.items():
        field = box.locator(f"[name='data.{label}']").first
        if field.get_attribute("type") == "radio":
            box.locator(f"[name='data.{label}'][value='{value}']").check(force=True)
        else:
            field.fill(value)
    box.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text("Recorded.", exact=True)).to_be_visible()


def test_from_a_positive_result_to_home_and_closed(ward: Ward, visit: Begin) -> None:
    person, care = f"person:{ward.world.first.pk}", f"/cases/{ward.waiting}/care/"
    ward.world.happen("specimen.resulted", person, RESULT, result="positive", assay="nucleic_acid")

    commander = visit(ward.world.commander)
    page = commander.open(f"/people/{ward.world.first.pk}/")
    expect(page.get_by_text("A transfer is requested as soon as the result is positive").first).to_be_visible()

    page = commander.open(care)
    page.locator("form", has_text="Who, and what they need").get_by_role("button", name="Record").click()
    expect(page.get_by_text("Nobody in need of care")).to_be_visible()
    page.get_by_label("To hospital").select_option(label="和平区定点医院")
    page.get_by_role("button", name="Ask for the transfer").click()
    expect(page.get_by_text("The hospital is asked to take the patient.")).to_be_visible()

    doctor = visit(ward.doctor)
    page = doctor.open(ward.url(1))
    page.get_by_role("button", name="Received: into this bed").click()
    expect(page.get_by_text("The patient is in bed 02.")).to_be_visible()
    with everywhere():
        assert Handover.objects.get(person=ward.world.first).stage == "settled"

    page = doctor.open(care)
    record(page, "Change the grade", severity="severe")
    expect(page.locator(".grades .grave")).to_contain_text("severe")
    record(page, "Plan of treatment", plan="oxygen, prone", chinese_medicine="true")

    at(LATER)
    page = doctor.open(care)
    expect(page.locator(".guard-answer")).to_contain_text("Not yet")
    expect(page.get_by_role("button", name="Discharge", exact=True)).to_have_count(0)
    record(page, "Assess for discharge", **READY)
    record(page, "Expert consultation", conclusion="discharge", level="province", advice="may go")
    page.get_by_role("button", name="Discharge", exact=True).click()
    expect(page.get_by_text("the bed is to be disinfected")).to_be_visible()
    record(page, "Record a visit", outcome="well")

    page = doctor.open("/patients/?view=convalescent")
    expect(page.locator("tbody tr", has_text="甲")).to_be_visible()
    expect(page.locator("tbody .missing-tag")).to_have_count(0)
    with everywhere():
        assert Episode.objects.get(id=ward.waiting).outcome == "discharged"


def test_where_nobody_moves_the_patient_the_transfer_is_a_miss_and_stands_on_the_board(
    ward: Ward, visit: Begin
) -> None:
    person = f"person:{ward.world.first.pk}"
    ward.world.happen("specimen.resulted", person, RESULT, result="positive", assay="nucleic_acid")
    at(LATER)

    page = visit(ward.world.commander).open("/misses/?no_miss=treatment")

    missed = page.locator(".duty-rows tr", has_text="QH-1.b").filter(has_text="甲")
    expect(missed.first).to_be_visible()
    assert missed.count() >= 2
    page.goto(page.url.split("/misses")[0] + "/patients/?view=no_bed")
    expect(page.locator("tr", has_text="甲")).to_contain_text("no bed")
