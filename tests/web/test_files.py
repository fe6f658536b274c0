"""The files of people, places and units."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from django.test import Client

from bulou.directory import services as directory
from bulou.directory.models import AccessLog, Account, Unit
from bulou.directory.scope import everywhere
from bulou.kernel.clock import SHANGHAI

Enter = Callable[..., Client]


def looks() -> list[AccessLog]:
    with everywhere():
        return list(AccessLog.objects.exclude(act="denied"))


def test_a_person_s_file_masks_the_phone_and_the_address(world, enter: Enter) -> None:
    page = enter(world.commander, "en").get(f"/people/{world.first.pk}/").text

    assert "甲" in page
    assert "19900000001" not in page
    assert "0001" in page
    assert "3门201" not in page


def test_every_look_at_a_person_is_on_record_once(world, enter: Enter) -> None:
    enter(world.commander).get(f"/people/{world.first.pk}/")

    (look,) = looks()
    assert (look.account, look.act, look.subject) == (world.commander.pk, "view", f"person:{world.first.pk}")
    assert look.area == "120101001001"


def test_somebody_outside_the_area_is_not_found_and_nothing_is_recorded(
    world, enter: Enter, stranger: Unit, make_account: Callable[[str, Unit, str], Account]
) -> None:
    page = enter(make_account("far", stranger, "county_command")).get(f"/people/{world.first.pk}/")

    assert page.status_code == 404
    assert looks() == []


def test_the_file_tells_what_happened_newest_first_and_who_recorded_it(world, enter: Enter) -> None:
    days = enter(world.commander, "en").get(f"/people/{world.first.pk}/").context["days"]

    assert [day.date.day for day in days] == [9, 8]
    assert [event.title for event in days[1].events] == ["Temperature read", "Temperature read", "Isolation started"]
    assert {event.by for day in days for event in day.events} == {"蓉芳里居委会"}


def test_a_withdrawn_fact_is_shown_struck_out(world, enter: Enter) -> None:
    from bulou.kernel.facts import Fact
    from bulou.kernel.ids import new_id
    from bulou.ledger import services as ledger

    reading = world.measure(world.first, 10, 8)
    at = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
    withdrawal = Fact(
        str(new_id()), "fact.withdrawn", f"person:{world.first.pk}", "120101001001", at, supersedes=reading
    )
    ledger.record([withdrawal])

    page = enter(world.commander, "en").get(f"/people/{world.first.pk}/")

    events = {event.title: event for event in page.context["days"][0].events}
    assert (events["Temperature read"].effective, events["Temperature read"].note) == (False, "superseded")
    assert 'class="event gone"' in page.text


def test_what_presses_stands_first_and_what_is_settled_below(world, enter: Enter) -> None:
    context = enter(world.commander, "en").get(f"/people/{world.first.pk}/").context

    states = [shown.row.state for shown in context["pressing"]]
    assert states == sorted(states)
    assert set(states) <= {"missed", "open"}
    assert {shown.row.state for shown in context["settled"]} <= {"met", "late", "waived", "void"}
    assert "met" in {shown.row.state for shown in context["settled"]}


def test_the_household_is_named_beside_its_members(world, enter: Enter) -> None:
    page = enter(world.commander, "en").get(f"/people/{world.first.pk}/").text

    assert "Same household" in page
    assert f"/people/{world.second.pk}/" in page


def test_a_place_and_a_unit_have_files_too(world, enter: Enter) -> None:
    with everywhere():
        place = directory.place_register("滨江道市场", "market", "120101001001", synthetic=True)
    browser = enter(world.commander, "en")

    assert "滨江道市场" in browser.get(f"/places/{place.pk}/").text
    unit = browser.get(f"/units/{world.village.pk}/").text
    assert "蓉芳里居委会" in unit
    assert "Village or neighbourhood committee" in unit


def test_a_unit_s_file_lists_what_it_still_owes_others_the_missed_first(world, enter: Enter) -> None:
    owes = enter(world.commander, "en").get(f"/units/{world.village.pk}/").context["owes"]

    states = [shown.row.state for shown in owes]
    assert states == sorted(states)
    assert "missed" in states
    assert all(shown.row.doable and shown.row.owner == world.village.pk for shown in owes)


def test_a_file_that_is_none_is_not_found(world, enter: Enter) -> None:
    browser = enter(world.commander)

    assert {browser.get(f"/{kind}/{uuid4()}/").status_code for kind in ("people", "places", "units", "cases")} == {404}
