"""The one list: filters, sorting, columns, saved views, and acts on many rows with preview, results and undo."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from bulou.directory import services as directory
from bulou.directory.models import AccessLog, Person
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import selectors
from bulou.ledger import services as ledger
from bulou.web.lists import acts
from bulou.web.models import BulkAct, SavedView
from web.world import NOON

Enter = Callable[..., Client]
HERE = "120101001001"


def names(page: Any) -> list[str]:
    return [row.name for row in page.context["rows"]]


def keys(**filters: Any) -> list[str]:
    with everywhere():
        return [row.key for row in selectors.misses("120101", limit=100, **filters).rows]


def facts(subject: str, kind: str) -> list[Any]:
    with everywhere():
        return [fact for fact in selectors.facts_of(subject) if fact.kind == kind and fact.effective]


def act_on(browser: Client, name: str, act: str, rows: list[str], **data: str) -> Any:
    """Preview and do: the page of results."""
    shown = browser.post(f"/lists/{name}/preview/", {"act": act, "row": rows})
    given = {"id": str(new_id()), "act": act, "keys": "\r\n".join(rows), "choice": shown.context["planned"].choice}
    return browser.post(
        f"/lists/{name}/do/", given | {f"data.{key}": value for key, value in data.items()}, follow=True
    )


def test_people_are_a_list_found_by_name_initials_and_last_four(world: Any, enter: Enter) -> None:
    browser = enter(world.commander, "en")

    assert names(browser.get("/people/")) == ["乙", "甲"]
    for text in ("甲", "j", "0001"):
        assert names(browser.get("/people/", {"find": text})) == ["甲"]
    assert names(browser.get("/people/", {"sex": "female"})) == ["乙"]
    assert "199****0001" in browser.get("/people/").text


def test_who_lists_people_is_on_record_with_what_they_looked_for(world: Any, enter: Enter) -> None:
    enter(world.commander).get("/people/", {"find": "19900000001"})

    with everywhere():
        look = AccessLog.objects.get()
    assert (look.act, look.account, look.area) == ("view", world.commander.pk, "120101")
    assert look.purpose == "people 19*******01: command"


def test_an_order_no_index_keeps_is_sorted_after_reading(world: Any, enter: Enter) -> None:
    browser = enter(world.commander, "en")
    up, down = (browser.get(f"/misses/?sort={sort}") for sort in ("due", "-due"))

    dues = [row.row.due_at for row in up.context["rows"]]
    assert dues == sorted(dues)
    assert [row.row.due_at for row in down.context["rows"]] == sorted(dues, reverse=True)
    assert 'aria-sort="descending"' in down.text


def test_too_many_rows_to_sort_are_not_sorted_in_part(
    world: Any, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bulou.web.lists.asked.SORTABLE", 2)

    page = enter(world.commander, "en").get("/misses/?sort=due")

    assert "too many to sort by this column" in page.text
    assert len(page.context["rows"]) == 2


def test_sorted_rows_go_on_page_by_page(world: Any, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bulou.web.lists.asked.PAGE", 3)
    browser, seen, url = enter(world.commander, "en"), [], "/misses/?sort=-due"

    while url:
        page = browser.get(url)
        seen += [row.row.key for row in page.context["rows"]]
        url = page.context["next_url"]

    assert sorted(seen) == sorted(keys())


def test_the_columns_are_chosen_in_the_address(world: Any, enter: Enter) -> None:
    page = enter(world.commander, "en").get("/misses/?cols=plan&cols=opened")

    assert [head.column.name for head in page.context["heads"]] == ["who", "owed", "opened", "plan"]
    assert "guangxi-2020-9" in page.text


@pytest.mark.parametrize("query", ["sort=nonsense", "cols=x", "day=x", "state=x", "sort=-", "after=x", "after=-1"])
@pytest.mark.parametrize("path", ["/people/", "/places/", "/units/", "/misses/", "/duties/", "/cases/"])
def test_what_cannot_be_read_is_left_out(world: Any, enter: Enter, path: str, query: str) -> None:
    assert enter(world.commander, "en").get(f"{path}?{query}").status_code == 200


def test_units_and_places_are_lists_too(world: Any, enter: Enter) -> None:
    with everywhere():
        directory.place_register("晓明小学", "school", HERE)
    browser = enter(world.commander, "en")

    assert names(browser.get("/units/", {"find": "rfl"})) == ["蓉芳里居委会"]
    assert names(browser.get("/units/", {"role": "county_command"})) == ["和平区指挥部"]
    assert names(browser.get("/places/", {"find": "小学"})) == ["晓明小学"]


def test_a_view_is_kept_found_again_and_forgotten(world: Any, enter: Enter) -> None:
    browser = enter(world.commander, "en")

    saved = browser.post(
        "/lists/misses/views/", {"title": "Isolation", "query": "area=120101&no_miss=isolation&junk=1"}
    )
    assert saved["Location"] == "/misses/?area=120101&no_miss=isolation"
    page = browser.get(saved["Location"])
    (view,) = page.context["views"]
    assert (view["title"], view["current"], view["shared"]) == ("Isolation", True, False)
    browser.post(f"/views/{view['id']}/drop/")
    assert browser.get("/misses/").context["views"] == []


def test_a_view_of_the_same_name_takes_the_place_of_the_first(world: Any, enter: Enter) -> None:
    browser = enter(world.commander)

    for query in ("no_miss=isolation", "no_miss=control"):
        browser.post("/lists/misses/views/", {"title": "A", "query": query})

    with everywhere():
        assert [view.query for view in SavedView.objects.all()] == ["area=120101&no_miss=control"]


def test_a_view_without_a_name_is_not_kept(world: Any, enter: Enter) -> None:
    answer = enter(world.commander, "en").post("/lists/misses/views/", {"title": " ", "query": ""})

    assert [str(m) for m in get_messages(answer.wsgi_request)] == ["Give the view a name; it was not saved."]


def test_a_shared_view_is_seen_by_the_area_a_private_one_by_nobody_else(
    world: Any, enter: Enter, make_account: Any
) -> None:
    browser = enter(world.commander)
    browser.post("/lists/misses/views/", {"title": "Mine", "query": ""})
    browser.post("/lists/misses/views/", {"title": "Ours", "query": "", "shared": "1"})

    colleague = enter(make_account("colleague", world.county, "county_command"))
    (view,) = colleague.get("/misses/").context["views"]
    assert view["title"] == "Ours"
    assert colleague.post(f"/views/{view['id']}/drop/").status_code == 404
    assert enter(world.grid_worker).get("/misses/").context["views"] == []


def test_a_preview_says_what_happens_to_each_row_and_records_nothing(world: Any, enter: Enter) -> None:
    wanted = keys(clause="GX-2.1.h")

    page = enter(world.commander, "en").post("/lists/misses/preview/", {"act": "ask-waiver", "row": wanted})

    planned = page.context["planned"]
    assert (len(planned.going), planned.refused) == (len(wanted), [])
    assert [field.name for field in planned.form.fields] == ["reason"]
    assert facts(f"person:{world.second.pk}", "waiver.requested") == []


def test_waivers_are_asked_for_many_at_once_each_about_its_own_duty(world: Any, enter: Enter) -> None:
    wanted = keys(clause="GX-2.1.h")

    page = act_on(enter(world.commander, "en"), "misses", "ask-waiver", wanted, reason="住院")

    asked = [f for p in (world.first, world.second) for f in facts(f"person:{p.pk}", "waiver.requested")]
    assert len(asked) == len(wanted) == len(page.context["done"])
    assert {fact.data["reason"] for fact in asked} == {"住院"}
    assert len({(fact.subject, fact.data["opens_at"]) for fact in asked}) == len(wanted)


def test_an_act_without_its_answer_is_shown_again_and_records_nothing(world: Any, enter: Enter) -> None:
    given = {"id": str(new_id()), "act": "ask-waiver", "keys": "\n".join(keys())}

    page = enter(world.commander, "en").post("/lists/misses/do/", given)

    assert page.status_code == 422
    assert "Fill this in." in page.text
    with everywhere():
        assert not BulkAct.objects.exists()


def test_sent_twice_it_is_done_once(world: Any, enter: Enter) -> None:
    browser, wanted = enter(world.commander), keys(clause="GX-2.1.h")
    given = {"id": str(new_id()), "act": "ask-waiver", "keys": "\n".join(wanted), "data.reason": "x"}

    first, second = browser.post("/lists/misses/do/", given), browser.post("/lists/misses/do/", given)

    assert first["Location"] == second["Location"]
    assert len(facts(f"person:{world.second.pk}", "waiver.requested")) < len(wanted)


def test_what_is_owed_is_recorded_for_many_and_the_others_say_why_not(world: Any, enter: Enter) -> None:
    with everywhere():
        rows = selectors.my_list(world.village.pk, NOON)
    kinds = Counter(row.must for row in rows if row.doable)
    browser = enter(world.grid_worker, "en")

    shown = browser.post("/lists/duties/preview/", {"act": "record", "row": [row.key for row in rows]})

    planned = shown.context["planned"]
    assert len(planned.effects) == len(rows)
    assert len(planned.going) == max(kinds.values())
    why = {"can no longer be done, or is done", "asks for something else"}
    assert {effect.refused for effect in planned.refused} <= why
    assert sorted(n for *_, n in planned.choices) == sorted(kinds.values())


def test_temperatures_are_recorded_for_a_household_at_once(world: Any, enter: Enter) -> None:
    evening = datetime(2020, 2, 10, 18, tzinfo=SHANGHAI)
    directory.clock_set(evening)
    with clock.at(evening), everywhere():
        ledger.advance()
        rows = selectors.my_list(world.village.pk, evening)
    wanted = [row.key for row in rows if row.must == "temperature.read" and row.doable]

    page = act_on(enter(world.grid_worker, "en"), "duties", "record", wanted, celsius="36.5")

    assert len(page.context["done"]) == len(wanted) == 2
    with clock.at(evening):
        (fact,) = facts(f"person:{world.second.pk}", "temperature.read")
    assert (fact.data["celsius"], fact.by) == (36.5, f"unit:{world.village.pk}")


def test_another_units_job_is_refused(world: Any, enter: Enter, make_unit: Any, make_account: Any) -> None:
    clinic = make_account("clinic", make_unit("卫生院", "120101001", "township_clinic"), "township_clinic")

    page = enter(clinic, "en").post("/lists/misses/preview/", {"act": "record", "row": keys()})

    assert page.context["planned"].going == []
    assert "None of the chosen rows can be done here." in page.text


def test_every_row_of_a_filter_is_chosen_at_once(world: Any, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bulou.web.lists.asked.PAGE", 2)
    browser = enter(world.commander, "en")
    given = {"act": "ask-waiver", "all": "1", "query": "clause=GX-2.1.h"}

    planned = browser.post("/lists/misses/preview/", given).context["planned"]

    assert len(planned.effects) == len(keys(clause="GX-2.1.h")) > 2


def test_more_rows_than_an_act_takes_are_refused_whole(
    world: Any, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "MOST", 2)

    answer = enter(world.commander, "en").post("/lists/misses/preview/", {"act": "ask-waiver", "all": "1"})

    (said,) = map(str, get_messages(answer.wsgi_request))
    assert said == "More than 2 rows answer to this filter. Narrow it first; nothing was recorded."


def test_an_act_is_taken_back_whole_and_only_once(world: Any, enter: Enter) -> None:
    browser = enter(world.commander, "en")
    page = act_on(browser, "misses", "ask-waiver", keys(clause="GX-2.1.h"), reason="x")
    url = page.context["request"].path

    undone = browser.post(f"{url}undo/", follow=True)
    again = browser.post(f"{url}undo/", follow=True)

    assert "Taken back" in undone.text
    assert facts(f"person:{world.second.pk}", "waiver.requested") == []
    assert "can no longer be taken back" in again.text


def test_another_unit_sees_what_was_done_and_cannot_take_it_back(world: Any, enter: Enter) -> None:
    page = act_on(enter(world.grid_worker), "misses", "ask-waiver", keys(clause="GX-2.1.h"), reason="x")
    url = page.context["request"].path

    commander = enter(world.commander, "en")

    assert not commander.get(url).context["may_undo"]
    assert "can no longer be taken back" in commander.post(f"{url}undo/", follow=True).text
    assert facts(f"person:{world.second.pk}", "waiver.requested") != []


def test_people_are_handed_over_together(world: Any, enter: Enter, make_unit: Any) -> None:
    site = make_unit("隔离点", "120101", "isolation_site")
    wanted = [str(world.first.pk), str(world.second.pk)]

    page = act_on(enter(world.commander, "en"), "people", "hand-over", wanted, to=f"unit:{site.pk}")

    assert len(page.context["done"]) == 2
    (fact,) = facts(f"person:{world.first.pk}", "handover.requested")
    assert (fact.by, fact.data["from"], fact.data["to"]) == (
        f"unit:{world.village.pk}",
        f"unit:{world.village.pk}",
        f"unit:{site.pk}",
    )


def test_whom_a_unit_elsewhere_holds_only_that_unit_hands_over(world: Any, enter: Enter, make_unit: Any) -> None:
    clinic = make_unit("卫生院", "120101001001", "township_clinic")
    with world.everywhere():
        person = Person.objects.create(name="丙", area_id="120101001001", synthetic=True)
    enrolled = Fact(
        str(new_id()),
        "person.enrolled",
        f"person:{person.pk}",
        "120101001001",
        clock.now(),
        f"unit:{world.county.pk}",
        {"category": "arrival"},
    )
    assert ledger.record([enrolled]).created == 1

    page = act_on(enter(world.grid_worker, "en"), "people", "hand-over", [str(person.pk)], to=f"unit:{clinic.pk}")

    assert page.context is None or "done" not in page.context
    assert "holds this person; only they can hand them over" in page.text
    assert facts(f"person:{person.pk}", "handover.requested") == []


def test_nobody_is_handed_to_a_unit_that_is_not_offered(world: Any, enter: Enter) -> None:
    given = {"id": str(new_id()), "act": "hand-over", "keys": str(world.first.pk), "data.to": "unit:x"}

    page = enter(world.commander, "en").post("/lists/people/do/", given)

    assert page.status_code == 422
    assert "Choose one of the options." in page.text


def test_people_of_another_area_are_not_acted_on(world: Any, enter: Enter, stranger: Any, make_account: Any) -> None:
    far = enter(make_account("far", stranger, "county_command"), "en")

    answer = far.post("/lists/people/preview/", {"act": "enrol", "row": [str(world.first.pk)]})

    assert answer.status_code == 302
    assert [str(m) for m in get_messages(answer.wsgi_request)] == ["Choose at least one row."]


@pytest.mark.parametrize("given", [{"act": "nothing"}, {}])
@pytest.mark.parametrize("path", ["/lists/misses/preview/", "/lists/misses/do/", "/lists/nothing/preview/"])
def test_an_act_or_list_that_is_not_there_is_not_found(world: Any, enter: Enter, path: str, given: Any) -> None:
    assert enter(world.commander).post(path, given).status_code == 404


def test_every_box_says_whom_it_chooses(world: Any, enter: Enter) -> None:
    page = enter(world.commander, "en").get("/people/").text

    assert re.findall(r'name="row".*?Choose ([^<\s]+)<', page) == ["乙", "甲"]
