"""From a notice to an alert, read or gone up; who is told of many looks; each delivery once."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core import mail
from django.db import ProgrammingError
from django.utils import timezone

from bulou.alerts import addressing, escalation, gathering, selectors, sending, services, watching
from bulou.alerts.models import Alert, AlertRead, Attempt, Channel, Delivery, Hearing
from bulou.directory import services as directory
from bulou.directory.models import AccessLog, Account, Unit
from bulou.directory.scope import everywhere, scope
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from histories import trial_rules

VILLAGE, COUNTY = "120101001001", "120101"
NOON = datetime(2020, 2, 10, 12, 30, tzinfo=SHANGHAI)


@pytest.fixture
def town(make_unit: Callable[..., Unit]) -> Unit:
    return make_unit("劝业场街道指挥部", "120101001", "town_command")


@pytest.fixture
def reader(village: Unit, make_account: Any) -> Account:
    return make_account("reader", village, "village_committee")


def alert(unit: Unit, **given: Any) -> Alert:
    """An alert of a unit, as gathering would make it."""
    kept = {"kind": "miss", "zh": "漏：量体温", "en": "Missed: temperature", "at": NOON, "area": unit.area_id}
    with everywhere():
        return Alert.objects.create(unit=unit.pk, place=VILLAGE, role="village_committee", **(kept | given))


def late(one: Alert) -> None:
    with everywhere():
        Alert.objects.filter(pk=one.pk).update(escalate_at=timezone.now() - timedelta(seconds=1))


def every() -> list[Alert]:
    with everywhere():
        return list(Alert.objects.order_by("made_at", "id"))


def deliveries() -> list[Delivery]:
    with everywhere():
        return list(Delivery.objects.order_by("made_at"))


def attempts() -> list[tuple[str, str]]:
    with everywhere():
        return list(Attempt.objects.order_by("at").values_list("outcome", "detail"))


# From the ledger


def notice(unit: Unit | None, rule: int, subject: str, at: datetime = NOON) -> None:
    from django.db import connection

    with everywhere(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notice (rule, subject, opens_at, step, area, role, unit, at)"
            " VALUES (%s, %s, %s, 0, %s, %s, %s, %s)",
            [rule, subject, at, VILLAGE, "village_committee", unit.pk if unit else None, at],
        )


@pytest.fixture
def rule(village: Unit) -> int:
    """The number of a rule that is in force."""
    from django.db import connection

    with everywhere():
        ledger.adopt([one for one in trial_rules() if one.id == "trial/daily"], area="")
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM rule WHERE name = 'trial/daily'")
            return int(cursor.fetchone()[0])


def test_notices_of_one_rule_to_one_unit_are_one_alert_with_a_number(village: Unit, rule: int) -> None:
    for _ in range(3):
        notice(village, rule, f"person:{new_id()}")

    assert gathering.gather() == 1

    (made,) = every()
    assert (made.unit, made.count, made.place, made.data) == (
        village.pk,
        3,
        VILLAGE,
        {"plan": "trial", "clause": "T-1"},
    )
    assert made.zh.startswith("漏：") and made.zh.endswith("（3 项）")
    assert made.en.startswith("Missed: ") and made.en.endswith("(3)")
    assert gathering.gather() == 0


def test_a_single_notice_leads_to_its_duty(village: Unit, rule: int) -> None:
    subject = f"person:{new_id()}"
    notice(village, rule, subject)

    gathering.gather()

    (made,) = every()
    assert made.data["duty"].startswith(f"trial~daily~{subject}~")


def test_where_no_unit_has_the_role_the_command_post_above_is_told(town: Unit, county: Unit, rule: int) -> None:
    notice(None, rule, f"person:{new_id()}")

    gathering.gather()

    assert [one.unit for one in every()] == [town.pk]


def test_where_nobody_is_there_at_all_nothing_waits_for_ever(rule: int, village: Unit) -> None:
    notice(None, rule, f"person:{new_id()}")

    assert gathering.gather() == 0
    assert gathering.gather() == 0


def test_a_miss_of_the_clock_pass_comes_to_the_inbox(village: Unit, reader: Account, make_unit: Any) -> None:
    make_unit("县指挥部", COUNTY, "county_command")
    with clock.at(NOON), everywhere():
        person = directory.person_register(directory.NewPerson("甲", VILLAGE, synthetic=True))
        told = [one for one in trial_rules() if one.tell and one.when.kind == "isolation.started"]
        ledger.adopt(told, area="")
        start = datetime(2020, 2, 1, tzinfo=SHANGHAI)
        data = {"kind": "home"}
        fact = Fact(
            str(new_id()), "isolation.started", f"person:{person.pk}", VILLAGE, start, f"unit:{village.pk}", data
        )
        assert ledger.record([fact]).refused == ()
        ledger.advance()

        services.sweep()

    assert every()


# Reading, and going up


def test_an_inbox_shows_the_unit_s_own_alerts_and_what_this_account_read(
    village: Unit, county: Unit, reader: Account, make_account: Any
) -> None:
    mine, _other = alert(village), alert(county)
    colleague = make_account("colleague", village, "village_committee")
    with scope(VILLAGE):
        assert services.read([mine.pk], by=reader) == 1
        assert services.read([mine.pk], by=reader) == 0

        assert [(row.id, row.is_read) for row in selectors.inbox(reader)] == [(mine.pk, True)]
        assert [row.is_read for row in selectors.inbox(colleague)] == [False]
        assert [(name, at is not None) for name, at in selectors.readers(mine.pk, reader)] == [
            ("reader", True),
            ("colleague", False),
        ]
        assert selectors.inbox(reader, unread=True) == []


def test_an_alert_of_another_unit_is_neither_shown_nor_read(village: Unit, county: Unit, reader: Account) -> None:
    other = alert(county)
    with scope(VILLAGE):
        assert services.read([other.pk], by=reader) == 0
        assert selectors.alert_of(other.pk, reader) is None
    with everywhere():
        assert not AlertRead.objects.exists()


def test_what_nobody_read_in_time_goes_up_tier_by_tier(village: Unit, town: Unit, county: Unit) -> None:
    late(alert(village))

    assert escalation.escalate() == 1
    first, second = every()
    assert (second.unit, second.step, second.about, second.urgent) == (town.pk, 1, first.pk, True)
    assert second.zh == f"无人查看 · {first.zh}"
    late(second)
    assert escalation.escalate() == 1
    third = every()[-1]
    assert (third.unit, third.step, third.about, third.zh) == (county.pk, 2, first.pk, second.zh)
    late(third)
    assert escalation.escalate() == 0
    assert len(every()) == 3


def test_what_was_read_stays_where_it_is(village: Unit, town: Unit, reader: Account) -> None:
    one = alert(village, escalate_at=timezone.now() + timedelta(minutes=30))
    with scope(VILLAGE):
        services.read([one.pk], by=reader)

    assert every()[0].escalate_at is None
    assert escalation.escalate() == 0


def test_a_command_post_of_another_area_is_never_told(village: Unit, stranger: Unit) -> None:
    late(alert(village))

    assert escalation.escalate() == 0


@pytest.mark.parametrize(("urgent", "minutes"), [(False, 60), (True, 15)])
def test_the_minutes_are_settings(settings: Any, urgent: bool, minutes: int) -> None:
    assert escalation.minutes_of(urgent=urgent) == minutes
    settings.ESCALATE_MINUTES = (7, 3)
    assert escalation.minutes_of(urgent=urgent) == (3 if urgent else 7)


# Many looks


def look(account: Account, count: int, act: str = "view", **given: Any) -> None:
    with everywhere():
        AccessLog.objects.bulk_create(
            AccessLog(account=account.pk, act=act, subject=f"person:{new_id()}", area=VILLAGE, **given)
            for _ in range(count)
        )


@pytest.fixture
def office(make_unit: Any) -> Unit:
    return make_unit("和平区信息中心", COUNTY, "security_administrator")


@pytest.mark.parametrize(
    ("act", "count", "alerts"), [("view", 50, 0), ("view", 51, 1), ("denied", 4, 0), ("denied", 5, 1)]
)
def test_many_looks_and_many_refusals_are_told_to_the_security_administrator(
    office: Unit, reader: Account, act: str, count: int, alerts: int
) -> None:
    look(reader, count, act)

    assert watching.watch() == alerts
    assert [(one.unit, one.kind, one.urgent, one.count) for one in every()] == [
        (office.pk, "security", True, count)
    ] * alerts


def test_it_is_told_once_an_hour(office: Unit, reader: Account) -> None:
    look(reader, 60)

    assert [watching.watch(), watching.watch()] == [1, 0]
    with everywhere():
        Alert.objects.update(made_at=timezone.now() - timedelta(minutes=61))
    assert watching.watch() == 1


def test_lists_and_searches_are_not_counted_as_looks_at_people(office: Unit, reader: Account) -> None:
    with everywhere():
        AccessLog.objects.bulk_create(
            AccessLog(account=reader.pk, act="view", area=VILLAGE, subject="") for _ in range(80)
        )

    assert watching.watch() == 0


def test_where_there_is_no_security_administrator_nothing_breaks(reader: Account) -> None:
    look(reader, 60)

    assert watching.watch() == 0


# Sending, to a real server on loopback


class Robot:
    """A group robot: keeps what it was sent, and answers what it is told to."""

    def __init__(self) -> None:
        self.got: list[tuple[str, Any]] = []
        self.status, self.answer, self.breaks = 200, b'{"errcode": 0, "errmsg": "ok"}', False
        robot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                robot.got.append((self.path, json.loads(body)))
                if robot.breaks:
                    self.connection.close()
                    return
                self.send_response(robot.status)
                self.send_header("Content-Length", str(len(robot.answer)))
                self.end_headers()
                self.wfile.write(robot.answer)

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/robot/send?access_token=t0ken"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def robot(settings: Any) -> Iterator[Robot]:
    settings.OUTBOUND_HOSTS = ["127.0.0.1"]
    made = Robot()
    yield made
    made.close()


@pytest.fixture
def channel(robot: Robot, reader: Account) -> Channel:
    with scope(VILLAGE):
        return services.channel_add("dingtalk", "值班群", robot.url, "SECabc", by=reader)


def test_an_alert_goes_to_the_unit_s_channel_once(village: Unit, channel: Channel, robot: Robot) -> None:
    alert(village)

    for _ in range(3):
        addressing.address()
        sending.send()

    ((path, body),) = robot.got
    assert path.startswith("/robot/send?access_token=t0ken&timestamp=")
    assert "漏：量体温" in body["markdown"]["text"] and "Missed: temperature" in body["markdown"]["text"]
    assert [one.state for one in deliveries()] == ["sent"]
    assert attempts() == [("sent", "")]


def test_what_the_robot_refuses_is_tried_again_later_and_later_and_then_given_up(
    village: Unit, channel: Channel, robot: Robot
) -> None:
    robot.answer = b'{"errcode": 310000, "errmsg": "sign not match"}'
    alert(village)
    addressing.address()
    waits = []
    for _ in range(10):
        sending.send()
        (one,) = deliveries()
        if one.next_at is None:
            break
        waits.append(round((one.next_at - timezone.now()).total_seconds() / 60))
        assert sending.send() == 0
        with everywhere():
            Delivery.objects.update(next_at=timezone.now())

    assert waits == [1, 5, 25, 120, 600]
    assert (deliveries()[0].state, len(robot.got)) == ("failed", 6)
    assert set(attempts()) == {("refused", "200 310000 sign not match")}


def test_what_may_have_arrived_is_never_sent_again(village: Unit, channel: Channel, robot: Robot) -> None:
    robot.breaks = True
    alert(village)
    addressing.address()

    sending.send()
    sending.send()

    assert len(robot.got) == 1
    assert deliveries()[0].state == "unknown"


def test_a_process_that_died_while_sending_leaves_it_unknown(village: Unit, channel: Channel, robot: Robot) -> None:
    alert(village)
    addressing.address()
    claimed = sending._claim()
    assert claimed and sending._claim() is None
    assert sending.send() == 0
    with everywhere():
        Delivery.objects.update(next_at=timezone.now() - timedelta(minutes=6))

    sending.send()

    assert deliveries()[0].state == "unknown"
    assert attempts() == [("unknown", "process ended")]
    assert robot.got == []


@pytest.mark.parametrize(("status", "detail"), [(500, "HTTP 500"), (302, "HTTP 302"), (404, "HTTP 404")])
def test_an_error_of_the_server_is_a_refusal(
    village: Unit, channel: Channel, robot: Robot, status: int, detail: str
) -> None:
    robot.status = status
    alert(village)
    addressing.address()

    sending.send()

    assert attempts() == [("refused", detail)]


def test_nothing_leaves_the_house_unless_its_host_is_named(
    village: Unit, channel: Channel, robot: Robot, settings: Any
) -> None:
    settings.OUTBOUND_HOSTS = []
    alert(village)
    addressing.address()
    assert deliveries() == []
    settings.OUTBOUND_HOSTS = ["elsewhere.example"]
    alert(village)
    addressing.address()

    sending.send()

    assert robot.got == []
    assert attempts() == [("refused", "127.0.0.1: BULOU_OUTBOUND_HOSTS")]


def test_a_channel_keeps_its_address_and_secret_sealed_and_shows_neither(
    channel: Channel, robot: Robot, reader: Account
) -> None:
    kept = bytes(channel.url) + bytes(channel.secret or b"")
    assert b"t0ken" not in kept and b"SECabc" not in kept
    with scope(VILLAGE):
        (row,) = selectors.channels(reader.unit_id)
    assert row.url.endswith("/…") and "t0ken" not in row.url
    assert row.signed and row.last is None


def test_a_test_message_goes_out_and_its_attempt_is_shown(channel: Channel, robot: Robot, reader: Account) -> None:
    with scope(VILLAGE):
        assert services.channel_try(channel.pk, by=reader)

    sending.send()

    assert "测试消息" in robot.got[0][1]["markdown"]["text"]
    with scope(VILLAGE):
        (row,) = selectors.channels(reader.unit_id)
    assert row.last and row.last[1] == "sent"


def test_a_channel_no_longer_used_sends_nothing_more(
    village: Unit, channel: Channel, robot: Robot, reader: Account
) -> None:
    alert(village)
    addressing.address()
    with scope(VILLAGE):
        assert services.channel_switch(channel.pk, on=False, by=reader)
        assert not services.channel_try(channel.pk, by=reader)
    alert(village)
    addressing.address()

    assert sending.send() == 0
    assert [one.state for one in deliveries()] == ["failed"]


@pytest.mark.parametrize(
    ("kind", "url"), [("smoke", "https://x.example/"), ("wecom", "http://x.example/"), ("wecom", "")]
)
def test_what_is_no_robot_is_refused(reader: Account, kind: str, url: str) -> None:
    with scope(VILLAGE), pytest.raises(BulouError):
        services.channel_add(kind, "x", url, "", by=reader)


# E-mail, quiet hours, digest


@pytest.fixture
def post_office(settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"


def hears(account: Account, **given: Any) -> None:
    with scope(account.area):
        services.hearing_set(by=account, **({"email": "reader@example.org", "mode": "each"} | given))


def test_an_alert_comes_by_e_mail_in_the_account_s_language(village: Unit, reader: Account, post_office: None) -> None:
    hears(reader)
    alert(village)

    services.sweep()
    services.sweep()

    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["reader@example.org"], "[不漏 Bulou] 漏：量体温")
    assert attempts() == [("sent", "")]


def test_in_quiet_hours_only_what_is_urgent_comes(village: Unit, reader: Account, post_office: None) -> None:
    now = timezone.localtime()
    around = {"quiet_from": (now - timedelta(hours=1)).time(), "quiet_to": (now + timedelta(hours=1)).time()}
    hears(reader, **around)
    alert(village)
    alert(village, urgent=True, en="Missed: urgent", zh="漏：紧急")

    services.sweep()

    assert [sent.body for sent in mail.outbox] == ["漏：紧急"]
    waiting = next(one for one in deliveries() if one.state == "waiting")
    assert waiting.next_at and waiting.next_at > timezone.now() + timedelta(minutes=50)


def test_a_digest_comes_once_a_day_at_its_hour_and_says_what_is_unread(
    village: Unit, reader: Account, post_office: None
) -> None:
    hears(reader, mode="digest", digest_at=time(0, 0))
    read, _unread = alert(village), alert(village, zh="漏：消毒", en="Missed: disinfection")
    with scope(VILLAGE):
        services.read([read.pk], by=reader)

    services.sweep()
    services.sweep()

    (sent,) = mail.outbox
    assert sent.body == "今日未读提醒 1 条\n- 漏：消毒"


def test_without_anything_unread_there_is_no_digest(reader: Account, post_office: None) -> None:
    hears(reader, mode="digest", digest_at=time(0, 0))

    services.sweep()

    assert mail.outbox == []


def test_without_a_mail_server_no_mail_is_addressed(village: Unit, reader: Account) -> None:
    hears(reader)
    alert(village)

    services.sweep()

    assert (mail.outbox, deliveries()) == ([], [])


def test_the_address_is_sealed_and_its_owner_s_alone(reader: Account) -> None:
    hears(reader)

    with scope(VILLAGE):
        assert b"example" not in bytes(Hearing.objects.get().email or b"")
        assert selectors.preferences(reader).email == "reader@example.org"


@pytest.mark.parametrize(
    "given",
    [
        {"email": "no address"},
        {"email": ""},
        {"mode": "loud"},
        {"mode": "digest"},
        {"quiet_from": time(22)},
    ],
)
def test_what_cannot_be_is_refused(reader: Account, given: dict[str, Any]) -> None:
    with pytest.raises(BulouError):
        hears(reader, **given)


# Rights


def test_who_read_and_what_was_tried_cannot_be_changed(village: Unit, reader: Account) -> None:
    one = alert(village)
    with scope(VILLAGE):
        services.read([one.pk], by=reader)
    for change in (AlertRead.objects.update, Attempt.objects.update):
        with pytest.raises(ProgrammingError), scope(VILLAGE):
            change(area=VILLAGE)


def test_alerts_of_another_area_are_not_there(village: Unit, stranger: Unit) -> None:
    alert(village)

    with scope("45"):
        assert not Alert.objects.exists()
