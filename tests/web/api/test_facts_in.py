"""Facts in: batches, replays, corrections; rows in = created + unchanged + refused."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import Unit
from bulou.directory.scope import everywhere
from bulou.kernel.ids import new_id
from bulou.ledger.selectors import facts_of

from .conftest import COUNTY, ELSEWHERE, VILLAGE, Caller, World


def stored(world: World) -> list[str]:
    """Ids of the facts of the person inside."""
    with everywhere():
        return [str(fact.id) for fact in facts_of(f"person:{world.inside.pk}")]


def lines(facts: list[dict[str, Any]]) -> str:
    return "\n".join(json.dumps(fact, ensure_ascii=False) for fact in facts) + "\n"


def outcome(receipt: dict[str, Any]) -> tuple[int, int, int]:
    return receipt["created"], receipt["unchanged"], len(receipt["refused"])


@pytest.mark.usefixtures("lived")
def test_a_fact_discharges_its_duty(world: World, worker: Caller) -> None:
    before = worker.read("/duties", day="2020-02-10", state="missed")["rows"]

    receipt = worker.record(world.fact())

    after = worker.read("/duties", day="2020-02-10", state="met")["rows"]
    assert outcome(receipt) == (1, 0, 0)
    assert "trial/daily" in {row["duty"] for row in before}
    assert {row["duty"] for row in after} == {"trial/daily", "trial/daily-late"}


def test_a_replayed_upload_changes_nothing(world: World, worker: Caller) -> None:
    batch = [world.fact(at=f"2020-02-10T0{hour}:00:00+08:00") for hour in range(6, 9)]
    worker.record(batch)
    known = stored(world)

    again = worker.record([*batch, batch[0]])

    assert outcome(again) == (0, 4, 0)
    assert stored(world) == known


def test_each_fact_sent_is_created_unchanged_or_refused_at_its_place(world: World, worker: Caller) -> None:
    good, known, bad = world.fact(), world.fact(), world.fact(kind="weather.seen")
    worker.record([known])

    receipt = worker.record(["no fact", good, bad, known, world.fact(area=ELSEWHERE), {**good}])

    assert outcome(receipt) == (1, 2, 3)
    assert [(r["place"], r["id"], r["code"]) for r in receipt["refused"]] == [
        (0, "", "fact.malformed"),
        (2, bad["id"], "fact.kind"),
        (4, receipt["refused"][2]["id"], "fact.outside"),
    ]
    assert all(r["zh"] and r["en"] for r in receipt["refused"])


def test_of_two_facts_with_one_id_the_first_is_taken(world: World, worker: Caller) -> None:
    fact = world.fact()
    other = fact | {"data": {"celsius": 37.0}}

    receipt = worker.record([fact, other])

    assert outcome(receipt) == (1, 0, 1)
    assert [(r["place"], r["code"], r["field"]) for r in receipt["refused"]] == [(1, "fact.conflict", "id")]
    assert outcome(worker.record([other])) == (0, 0, 1)


def test_json_lines_are_read_like_an_array(world: World, worker: Caller) -> None:
    batch = [world.fact(), world.fact(at="2020-02-10T07:00:00+08:00")]

    first = worker.record("\n" + lines(batch) + " \n", content_type="application/x-ndjson; charset=utf-8")

    assert outcome(first) == (2, 0, 0)
    assert outcome(worker.record(batch)) == (0, 2, 0)


def test_an_empty_batch_is_a_batch(worker: Caller) -> None:
    assert outcome(worker.record([])) == (0, 0, 0)
    assert outcome(worker.record("\n", content_type="application/x-ndjson")) == (0, 0, 0)


@pytest.mark.usefixtures("lived")
def test_ids_and_subjects_are_kept_in_one_spelling(world: World, worker: Caller) -> None:
    fact = world.fact()
    shouted = fact | {
        "id": fact["id"].upper(),
        "subject": f"person:{str(world.inside.pk).upper()}",
        "by": f"unit:{str(world.office.pk).upper()}",
    }
    plain = fact | {"by": f"unit:{world.office.pk}"}

    first = worker.record([shouted, plain, plain | {"id": f"urn:uuid:{fact['id']}"}])

    assert outcome(first) == (1, 2, 0)
    assert fact["id"] in stored(world)
    assert "trial/daily" in {row["duty"] for row in worker.read("/duties", day="2020-02-10", state="met")["rows"]}


def test_numbers_keep_their_digits(world: World, worker: Caller) -> None:
    worker.record(json.dumps([world.fact()]).replace("36.6", "36.60"))

    (newest, *_) = worker.read(f"/subjects/person:{world.inside.pk}/facts", purpose="x")["rows"]
    assert newest["data"] == {"celsius": 36.6}


def test_facts_are_recorded_in_the_accounts_name(world: World, worker: Caller) -> None:
    fact = world.fact()
    worker.record([fact])

    with everywhere(), connection.cursor() as cursor:
        cursor.execute("SELECT account FROM fact WHERE id = %s", [fact["id"]])
        assert cursor.fetchall() == [(world.worker.pk,)]


@pytest.mark.parametrize("who", ["worker", "commander"])
def test_a_fact_may_be_in_the_name_of_a_unit_of_the_senders_area(who: str, world: World, request: Any) -> None:
    caller: Caller = request.getfixturevalue(who)

    receipt = caller.record(
        [world.fact(by=f"unit:{world.office.pk}"), world.fact(by=f"account:{getattr(world, who).pk}")]
    )

    assert outcome(receipt) == (2, 0, 0)


def test_nobody_records_in_the_name_of_others(world: World, worker: Caller) -> None:
    others = (
        f"unit:{world.commander.unit_id}",
        f"unit:{new_id()}",
        f"account:{world.commander.pk}",
        "the boss",
        "unit:1",
    )

    receipt = worker.record([world.fact(by=name) for name in others])

    assert [(r["code"], r["field"]) for r in receipt["refused"]] == [("fact.author", "by")] * len(others)


def test_nobody_corrects_facts_of_another_area(world: World, worker: Caller, outsider: Caller) -> None:
    theirs = world.fact("temperature.read", world.outside, area=ELSEWHERE)
    assert outcome(outsider.record([theirs])) == (1, 0, 0)
    withdrawal = world.fact("fact.withdrawn", world.outside, data={"reason": "?"}, supersedes=theirs["id"])

    (refusal,) = worker.record([withdrawal])["refused"]

    assert (refusal["code"], refusal["field"]) == ("fact.outside", "supersedes")


@pytest.mark.usefixtures("lived")
def test_a_correction_may_come_before_what_it_corrects(world: World, worker: Caller) -> None:
    wrong = world.fact(data={"celsius": 39.5})
    right = world.fact(supersedes=wrong["id"])

    assert outcome(worker.record([right])) == (1, 0, 0)
    assert outcome(worker.record([wrong])) == (1, 0, 0)

    rows = worker.read(f"/subjects/person:{world.inside.pk}/facts", purpose="x")["rows"]
    assert next(row["id"] for row in rows if row["effective"]) == right["id"]


@pytest.mark.usefixtures("lived")
def test_ten_thousand_facts_are_one_request(world: World, worker: Caller) -> None:
    def minute(n: int) -> str:
        return f"2020-02-{3 + n // 1440:02}T{n // 60 % 24:02}:{n % 60:02}:00+08:00"

    batch = [world.fact(at=minute(n)) for n in range(10_000)]

    assert outcome(worker.record(lines(batch), content_type="application/x-ndjson")) == (10_000, 0, 0)
    assert outcome(worker.record(batch)) == (0, 10_000, 0)


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize("named", [False, True])
def test_an_upload_takes_a_number_of_queries_that_does_not_grow_with_it(
    named: bool, world: World, worker: Caller, make_unit: Any
) -> None:
    def counted(size: int) -> int:
        batch = [world.fact(at=f"2020-02-10T0{n % 9}:{n % 60:02}:00+08:00") for n in range(size)]
        if named:
            units: list[Unit] = [make_unit(f"{size}-{n}", VILLAGE) for n in range(3)]
            batch = [fact | {"by": f"unit:{units[n % 3].pk}"} for n, fact in enumerate(batch)]
            batch += [world.fact(supersedes=fact["id"]) for fact in batch]
        with CaptureQueriesContext(connection) as queries:
            assert worker.record(batch)["refused"] == []
        return len(queries)

    counted(100)

    assert counted(100) == counted(400)


def test_areas_above_record_for_areas_below(world: World, commander: Caller) -> None:
    facts = [world.fact(), world.fact("response.level_set", f"area:{COUNTY}", area=COUNTY, data={"level": "I"})]

    assert outcome(commander.record(facts)) == (2, 0, 0)


def test_a_handover_that_breaks_the_chain_is_refused_at_this_door_too(world: World, worker: Caller) -> None:
    mine = f"unit:{world.worker.unit_id}"
    asked = world.fact("handover.requested", by=mine, data={"to": f"unit:{world.commander.unit_id}"})
    assert outcome(worker.record([asked])) == (1, 0, 0)

    receipt = worker.record([world.fact("handover.accepted", by=mine, at="2020-02-10T09:00:00+08:00")])

    (refusal,) = receipt["refused"]
    assert refusal["code"] == "custody.not_asked"
    assert "was asked to take this person" in refusal["en"]
    assert "被请求接收的是" in refusal["zh"]
