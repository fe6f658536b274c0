"""Tours on their pages: planned, gone stop by stop, something wrong leading on to the finding; who may what."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import Account, Unit
from bulou.directory.scope import everywhere
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.oversight.supervision.models import Finding, Stop, Tour
from bulou.plan.rules import rules
from web.world import VILLAGE, World

Enter = Callable[..., Client]
NEXT = "120101001002"


@pytest.fixture
def inspector(world: World, make_unit: Callable[..., Unit], make_account: Any) -> Account:
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    with everywhere():
        ledger.adopt([rule for rule in rules(plan) if rule.when.kind == "inspection.planned"], area="12")
    team = make_unit("和平区督查组", "120101", "supervision_group")
    found: Account = make_account("inspector", team, "supervision_group")
    return found


def planned(browser: Client, *stops: str, **given: str) -> Any:
    said = {"id": str(new_id()), "name": "First round", "members": "county\nCDC", "days": "3", "clause": "GX-1.2.a"}
    return browser.post("/tours/new/", said | given | {"stop": list(stops)}, follow=True)


def come(browser: Client, words: str = "guards at the gate", passed: str = "1", n: int = 1) -> Any:
    with everywhere():
        stop = Stop.objects.get(n=n)
    given = {"id": str(new_id()), "stop": str(stop.id), "words": words, "passed": passed}
    return browser.post(f"/tours/{stop.tour_id}/visit/", given, follow=True)


def test_a_tour_is_planned_and_gone_stop_by_stop(world: World, inspector: Account, enter: Enter) -> None:
    browser = enter(inspector, "en")
    page = planned(browser, f"area:{VILLAGE}", f"unit:{world.village.pk}")

    assert "0 of 2 stops visited" in page.text
    assert [line.row.n for line, _url in page.context["lines"]] == [1, 2]
    assert "county · CDC" in page.text
    mine = browser.get("/my/")
    assert "Each stop of a tour is visited" in mine.text
    assert f'href="/tours/?area={VILLAGE}"' in mine.text

    after = come(browser)
    assert "1 of 2 stops visited" in after.text
    assert "guards at the gate" in after.text


def test_something_wrong_leads_on_to_the_finding_and_back_to_the_route(
    world: World, inspector: Account, enter: Enter
) -> None:
    browser = enter(inspector, "en")
    planned(browser, f"area:{VILLAGE}")

    form = come(browser, "nobody there", "0")
    assert form.request["PATH_INFO"] == "/findings/new/"
    given = dict(form.context["given"].items())
    assert (given["about"], given["clause"]) == (f"area:{VILLAGE}", "GX-1.2.a")
    said = {"id": str(new_id()), "words": "nobody at the gate", "severity": "serious", "to": str(world.village.pk)}
    back = browser.post("/findings/new/", given | said, follow=True)

    with everywhere():
        tour = Tour.objects.get()
        assert Finding.objects.get().tour == tour.id
    assert back.request["PATH_INFO"] == f"/tours/{tour.id}/"
    assert "Something was wrong" in back.text
    listed = browser.get("/tours/?state=all").context["rows"][0]
    assert listed.found == 1
    assert len(browser.get(listed.findings_url).context["rows"]) == 1


def test_the_list_says_what_is_to_be_visited_and_each_number_leads_to_its_rows(
    world: World, inspector: Account, enter: Enter
) -> None:
    browser = enter(inspector, "en")
    planned(browser, f"area:{VILLAGE}", f"area:{NEXT}")
    come(browser)

    page = browser.get("/tours/")

    assert [line.sign.name for line in page.context["rows"]] == ["open"]
    for _sign, n, _colour, url in page.context["tiles"]:
        assert len(browser.get(url).context["rows"]) == n
    ((going, _url, goes_on),) = page.context["going"]
    assert (going.percent, goes_on) == (50, True)


def test_a_village_sees_who_comes_and_goes_nowhere(world: World, inspector: Account, enter: Enter) -> None:
    planned(enter(inspector, "en"), f"area:{VILLAGE}", f"area:{NEXT}")
    with everywhere():
        tour: UUID = Tour.objects.get().id
    browser = enter(world.grid_worker, "en")

    page = browser.get("/tours/")

    assert [line.row.area for line in page.context["rows"]] == [VILLAGE]
    assert "First round" in page.text
    assert browser.get(f"/tours/{tour}/").status_code == 404
    assert browser.get("/tours/new/").status_code == 403
    assert browser.get(page.context["rows"][0].tour_url).status_code == 200


@pytest.mark.parametrize(
    ("given", "says"),
    [({"days": "x"}, "Give a name, who goes"), ({"name": ""}, "Give a name, who goes")],
)
def test_what_is_left_out_is_asked_for_and_what_was_chosen_stays(
    world: World, inspector: Account, enter: Enter, given: dict[str, str], says: str
) -> None:
    answer = planned(enter(inspector, "en"), f"area:{VILLAGE}", **given)

    assert answer.status_code == 422
    assert says in answer.text
    assert [on for value, *_, on in answer.context["villages"] if value == f"area:{VILLAGE}"] == [True]
    with everywhere():
        assert not Tour.objects.exists()


def test_a_visit_says_what_was_seen_and_whether_all_was_well(world: World, inspector: Account, enter: Enter) -> None:
    browser = enter(inspector, "en")
    planned(browser, f"area:{VILLAGE}")

    assert come(browser, passed="").status_code == 422
    assert come(browser, words=" ").status_code == 409
    with everywhere():
        assert Stop.objects.get().visited_at is None
    come(browser)
    assert "it has been visited" in come(browser).text


def test_the_pages_take_the_same_queries_however_long_the_route_is(
    world: World, inspector: Account, enter: Enter
) -> None:
    browser = enter(inspector, "en")
    planned(browser, f"area:{VILLAGE}")
    with everywhere():
        tour = Tour.objects.get().id
    pages = [f"/tours/{tour}/", "/tours/"]
    short = [_queries(browser, page) for page in pages]

    planned(browser, f"area:{VILLAGE}", f"area:{NEXT}", f"unit:{world.village.pk}", f"unit:{world.county.pk}")
    with everywhere():
        longer = Tour.objects.exclude(id=tour).get().id

    assert [_queries(browser, page) for page in (f"/tours/{longer}/", "/tours/")] == short


def _queries(browser: Client, page: str) -> int:
    browser.get(page)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(page).status_code == 200
    return len(asked)
