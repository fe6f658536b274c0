"""The bell, the inbox, how one hears, and the channels of a unit."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bulou.alerts.models import Alert, AlertRead, Channel, Delivery, Hearing
from bulou.directory.models import Account
from bulou.directory.scope import everywhere
from bulou.directory.session_store import PROVEN
from bulou.kernel import clock
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as ledger
from bulou.web.levels import standing

Enter = Callable[..., Client]
ROBOT = "https://oapi.dingtalk.com/robot/send?access_token=t0ken"


def alert(unit: Any, **given: Any) -> Alert:
    kept = {"kind": "miss", "zh": "漏：量体温", "en": "Missed: temperature", "at": clock.now(), "place": unit.area_id}
    with everywhere():
        return Alert.objects.create(unit=unit.pk, area=unit.area_id, **(kept | given))


def reads() -> list[tuple[Any, Any]]:
    with everywhere():
        return list(AlertRead.objects.values_list("alert", "account"))


def proven(browser: Client) -> Client:
    session = browser.session
    session[PROVEN] = time.time()
    session.save()
    return browser


def test_the_bell_counts_what_this_account_has_not_read(world: Any, enter: Enter) -> None:
    first, _second, _other = alert(world.village), alert(world.village), alert(world.county)
    browser = enter(world.grid_worker, "en")

    assert 'class="bell-n">2<' in browser.get("/my/").text
    browser.get(f"/alerts/{first.pk}/")
    assert 'class="bell-n">1<' in browser.get("/my/").text
    browser.post("/alerts/read/")
    assert "bell-n" not in browser.get("/my/").text


def test_the_bell_costs_no_query_more_and_counts_to_a_hundred(
    world: Any, enter: Enter, django_assert_num_queries: Any
) -> None:
    for _ in range(120):
        alert(world.village)
    with everywhere(), django_assert_num_queries(1):
        level, unread = standing(world.grid_worker, clock.now())

    assert (level, unread) == (None, 100)
    assert ">99+<" in enter(world.grid_worker).get("/account/").text


def test_the_inbox_is_filtered_and_takes_a_fixed_number_of_queries(
    world: Any, enter: Enter, django_assert_num_queries: Any
) -> None:
    read, _urgent = alert(world.village, en="Old"), alert(world.village, en="Now", urgent=True)
    alert(world.village, kind="security", en="Looks")
    browser = enter(world.grid_worker, "en")
    browser.get(f"/alerts/{read.pk}/")

    def names(query: str = "") -> list[str]:
        return [line.name for line in browser.get(f"/alerts/{query}").context["rows"]]

    assert names() == ["Looks", "Now", "Old"]
    assert names("?state=unread") == ["Looks", "Now"]
    assert names("?kind=urgent") == ["Now"]
    assert names("?kind=security&state=unread") == ["Looks"]
    with django_assert_num_queries(8):
        browser.get("/alerts/")
    for _ in range(5):
        alert(world.village)
    with django_assert_num_queries(8):
        browser.get("/alerts/")


def test_the_inbox_goes_on_behind_fifty(world: Any, enter: Enter) -> None:
    for _ in range(60):
        alert(world.village)
    browser = enter(world.grid_worker)

    first = browser.get("/alerts/")
    second = browser.get(first.context["next_url"])

    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 10)


def test_opening_an_alert_is_reading_it_and_shows_who_else_has(world: Any, enter: Enter, make_account: Any) -> None:
    make_account("colleague", world.village, "village_committee")
    one = alert(world.village)
    browser = enter(world.grid_worker, "en")

    page = browser.get(f"/alerts/{one.pk}/")
    browser.get(f"/alerts/{one.pk}/")

    assert reads() == [(one.pk, world.grid_worker.pk)]
    assert [name for name, _at in page.context["readers"]] == ["grid", "colleague"]
    assert [at is not None for _name, at in page.context["readers"]] == [True, False]


def test_an_alert_of_another_unit_is_not_there(world: Any, enter: Enter) -> None:
    one = alert(world.village)

    assert enter(world.commander).get(f"/alerts/{one.pk}/").status_code == 404
    assert reads() == []


def test_an_alert_leads_to_its_duty_or_to_the_misses_of_its_clause(world: Any, enter: Enter) -> None:
    with everywhere():
        key = ledger.misses("120101").rows[0].key
    browser = enter(world.commander)
    single = alert(world.county, data={"duty": key})
    many = alert(world.county, data={"plan": "guangxi-2020-9", "clause": "GX-2.1.h"}, place="120101001")

    assert browser.get(f"/alerts/{single.pk}/").context["leads_to"] == f"/duties/{key}/"
    leads_to = browser.get(f"/alerts/{many.pk}/").context["leads_to"]
    assert leads_to == "/misses/?clause=GX-2.1.h&area=120101001"
    for url in (f"/duties/{key}/", leads_to):
        assert browser.get(url).status_code == 200


def test_a_security_alert_leads_the_officer_to_the_looks(
    world: Any, enter: Enter, make_unit: Any, make_account: Any
) -> None:
    office = make_unit("和平区信息中心", "120101", "security_administrator")
    officer = make_account("security", office, "security_administrator")
    Account.objects.filter(pk=world.grid_worker.pk).update(name="王敏")
    one = alert(office, kind="security", data={"account": str(world.grid_worker.pk), "what": "view"})

    page = enter(officer).get(f"/alerts/{one.pk}/")

    assert page.context["leads_to"] == "/looks/?who=grid"


def test_what_came_up_unread_says_so(world: Any, enter: Enter) -> None:
    one = alert(world.county, step=1, about=new_id(), urgent=True)

    page = enter(world.commander, "en").get(f"/alerts/{one.pk}/").text

    assert "it came up to you" in page
    assert "Urgent" in page


def test_how_one_hears_is_kept_and_shown(world: Any, enter: Enter) -> None:
    browser = enter(world.grid_worker, "en")
    given = {
        "email": "a@example.org",
        "mode": "digest",
        "digest_at": "07:30",
        "quiet_from": "22:00",
        "quiet_to": "07:00",
    }

    assert browser.post("/alerts/hearing/", given).status_code == 302

    page = browser.get("/alerts/hearing/").text
    for value in given.values():
        assert value in page
    assert "names a mail server first" in page
    with everywhere():
        assert Hearing.objects.get().area == "120101001001"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"email": "nobody", "mode": "each"}, "no e-mail address"),
        ({"email": "", "mode": "each"}, "give an address"),
        ({"email": "a@example.org", "mode": "digest", "digest_at": "soon"}, "hour of the digest"),
        ({"email": "", "mode": "none", "quiet_from": "22:00"}, "a beginning and an end"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(
    world: Any, enter: Enter, given: dict[str, str], said: str
) -> None:
    page = enter(world.grid_worker, "en").post("/alerts/hearing/", given)

    assert page.status_code == 422
    assert said in page.text
    assert given["email"] in page.text
    with everywhere():
        assert not Hearing.objects.exists()


def test_a_channel_is_added_tested_and_put_aside(world: Any, enter: Enter) -> None:
    browser = proven(enter(world.grid_worker, "en"))
    given = {"kind": "dingtalk", "title": "Duty group", "url": ROBOT, "secret": "SECabc"}
    browser.post("/alerts/channels/add/", given)
    with everywhere():
        channel = Channel.objects.get()

    browser.post(f"/alerts/channels/{channel.pk}/test/")
    page = browser.get("/alerts/channels/")

    assert "https://oapi.dingtalk.com/…" in page.text
    assert "t0ken" not in page.text
    assert "SECabc" not in page.text
    assert "waiting" in page.text
    browser.post(f"/alerts/channels/{channel.pk}/switch/", {"on": "0"})
    assert browser.post(f"/alerts/channels/{channel.pk}/test/").status_code == 404
    assert "not in use" in browser.get("/alerts/channels/").text
    with everywhere():
        assert [one.state for one in Delivery.objects.all()] == ["failed"]


@pytest.mark.parametrize(("language", "said"), [("en", "This is a test"), ("zh-hans", "这是一条测试消息")])
def test_what_was_sent_lately_is_told_in_the_reader_s_language(
    world: Any, enter: Enter, language: str, said: str
) -> None:
    browser = proven(enter(world.grid_worker, language))
    browser.post("/alerts/channels/add/", {"kind": "wecom", "title": "x", "url": "https://qyapi.weixin.qq.com/x?key=1"})
    with everywhere():
        channel = Channel.objects.get()
    browser.post(f"/alerts/channels/{channel.pk}/test/")
    with everywhere():
        Delivery.objects.create(alert=alert(world.village), channel=channel, area=channel.area)

    page = browser.get("/alerts/channels/").text

    assert said in page
    assert ("Missed: temperature" in page, "漏：量体温" in page) == (language == "en", language != "en")


def test_a_channel_is_of_its_unit_alone(world: Any, enter: Enter) -> None:
    browser = proven(enter(world.grid_worker))
    browser.post("/alerts/channels/add/", {"kind": "wecom", "title": "x", "url": "https://qyapi.weixin.qq.com/x?key=1"})
    with everywhere():
        channel = Channel.objects.get()

    other = proven(enter(world.commander))

    assert other.get("/alerts/channels/").context["channels"] == []
    assert other.post(f"/alerts/channels/{channel.pk}/test/").status_code == 404
    assert other.post(f"/alerts/channels/{channel.pk}/switch/", {"on": "0"}).status_code == 404


def test_a_channel_without_https_is_refused_and_what_was_entered_is_kept(world: Any, enter: Enter) -> None:
    browser = proven(enter(world.grid_worker, "en"))

    page = browser.post(
        "/alerts/channels/add/", {"kind": "feishu", "title": "Duty group", "url": "http://open.feishu.cn/"}
    )

    assert page.status_code == 422
    assert "begins with https" in page.text
    assert 'value="Duty group"' in page.text
