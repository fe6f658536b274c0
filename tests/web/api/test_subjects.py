"""One subject, and the looks at people it leaves on record."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import AccessLog, Place
from bulou.directory.scope import everywhere
from bulou.kernel.ids import new_id

from .conftest import COUNTY, ELSEWHERE, VILLAGE, Caller, World

pytestmark = pytest.mark.usefixtures("lived")


def looks() -> list[tuple[str, str, str, str, str]]:
    """Who looked at whom, where, why and from where."""
    with everywhere():
        rows = AccessLog.objects.order_by("at").values_list("act", "subject", "area", "purpose", "ip")
        return [tuple(map(str, row)) for row in rows]


def test_a_persons_facts_come_latest_first(world: World, worker: Caller) -> None:
    rows = worker.read(f"/subjects/person:{world.inside.pk}/facts", purpose="visit")["rows"]

    assert [(row["kind"], row["at"][:13]) for row in rows] == [
        ("temperature.read", "2020-02-09T18"),
        ("temperature.read", "2020-02-09T08"),
        ("temperature.read", "2020-02-08T18"),
        ("temperature.read", "2020-02-08T08"),
        ("isolation.started", "2020-02-08T05"),
    ]


def test_a_corrected_fact_stays_and_says_that_it_does_not_count(world: World, worker: Caller) -> None:
    wrong = world.fact(data={"celsius": 39.0})
    right = world.fact(data={"celsius": 36.9}, supersedes=wrong["id"])
    worker.record([wrong, right])

    rows = worker.read(f"/subjects/person:{world.inside.pk}/facts", purpose="visit")["rows"]

    assert {row["id"]: row["effective"] for row in rows[:2]} == {wrong["id"]: False, right["id"]: True}


@pytest.mark.parametrize("limit", [1, 2, 7])
@pytest.mark.parametrize("what", ["facts", "duties"])
def test_a_subjects_rows_come_in_pages(what: str, limit: int, world: World, worker: Caller) -> None:
    path = f"/subjects/person:{world.inside.pk}/{what}"
    whole = worker.read(path, purpose="x", limit=500)["rows"]
    found, after = [], {}
    while True:
        page = worker.read(path, purpose="x", limit=limit, **after)
        found += page["rows"]
        if page["next"] is None:
            break
        after = {"after": page["next"]}

    assert found == whole
    assert len(whole) > 4


def test_duties_of_equal_name_and_time_are_never_parted(world: World, worker: Caller) -> None:
    at = "2020-02-10T09:00:00+08:00"
    worker.record([world.fact("symptoms.reported", at=at, data={"symptoms": []}) for _ in range(2)])
    path = f"/subjects/person:{world.inside.pk}/duties"

    first = worker.read(path, purpose="x", limit=1)

    assert [(row["duty"], row["opens_at"]) for row in first["rows"]] == [("trial/once", at)] * 2
    assert worker.read(path, purpose="x", limit=1, after=first["next"])["rows"][0]["opens_at"] < at


@pytest.mark.parametrize("what", ["facts", "duties"])
def test_a_look_at_a_person_is_recorded_once_with_its_purpose(what: str, world: World, worker: Caller) -> None:
    subject = f"person:{world.inside.pk}"

    worker.read(f"/subjects/{subject}/{what}", purpose="ring them")

    assert looks() == [("view", subject, VILLAGE, "ring them", "127.0.0.1")]


def test_a_look_at_a_case_or_at_the_why_of_a_persons_duty_is_recorded(world: World, worker: Caller) -> None:
    (row,) = worker.read("/misses", duty="trial/daily")["rows"]

    worker.read(f"/subjects/{world.episode}/facts", purpose="trace")
    worker.read(f"/duties/{row['key']}", purpose="explain")

    assert [look[1] for look in looks()] == [world.episode, f"person:{world.inside.pk}"]


@pytest.mark.parametrize(("sent", "kept"), [("%E6%B5%81%E8%B0%83", "流调"), ("流调", "流调"), ("x" * 900, "x" * 200)])
def test_a_purpose_may_be_in_chinese(sent: str, kept: str, world: World, worker: Caller) -> None:
    header = sent.encode().decode("latin-1")

    worker.read(f"/subjects/person:{world.inside.pk}/facts", purpose=header)

    assert looks()[0][3] == kept


@pytest.mark.parametrize("purpose", ["", "   ", "%00%0A"])
def test_without_a_purpose_nobody_is_shown(purpose: str, world: World, worker: Caller) -> None:
    response = worker.get(f"/subjects/person:{world.inside.pk}/facts", purpose=purpose)

    (problem,) = response.json()["problems"]
    assert (response.status_code, problem["code"], problem["field"]) == (400, "look.purpose", "X-Purpose")
    assert "用途" in problem["zh"]
    assert looks() == []


def test_somebody_outside_the_area_is_not_there_and_no_look_is_recorded(world: World, worker: Caller) -> None:
    for what in ("facts", "duties"):
        response = worker.get(f"/subjects/person:{world.outside.pk}/{what}", purpose=quote("好奇"))

        assert response.status_code == 404
        assert str(world.outside.pk) not in response.content.decode()
    assert looks() == []


def test_lists_and_boards_look_at_nobody(worker: Caller) -> None:
    for path in ("/duties", "/misses", "/board", "/me", "/kinds"):
        worker.read(path)

    assert looks() == []


def test_places_units_and_areas_are_read_without_a_purpose(world: World, commander: Caller) -> None:
    with everywhere():
        place = Place.objects.create(name="小学", kind="school", area_id=VILLAGE)
    closed = world.fact("place.closed", f"place:{place.pk}", data={"reason": "cluster"})
    level = world.fact("response.level_set", f"area:{COUNTY}", area=COUNTY, data={"level": "I"})
    assert commander.record([closed, level])["refused"] == []

    for subject, kinds in (
        (f"place:{place.pk}", ["place.closed"]),
        (f"area:{COUNTY}", ["response.level_set"]),
        (f"unit:{world.office.pk}", []),
    ):
        assert [row["kind"] for row in commander.read(f"/subjects/{subject}/facts")["rows"]] == kinds
    assert looks() == []


def test_what_lies_outside_or_is_unknown_is_not_there(world: World, worker: Caller) -> None:
    with everywhere():
        place = Place.objects.create(name="小学", kind="school", area_id=ELSEWHERE)
    for subject in (
        f"place:{place.pk}",
        f"unit:{world.outsider.unit_id}",
        f"area:{ELSEWHERE}",
        f"area:{COUNTY}",
        f"zone:{new_id()}",
        f"place:{new_id()}",
    ):
        assert worker.get(f"/subjects/{subject}/facts").status_code == 404, subject


def test_what_is_no_subject_is_told(worker: Caller) -> None:
    for subject in ("person", "person:1", "dog:1", "area:1", "person:" + "9" * 80):
        (problem,) = worker.get(f"/subjects/{subject}/facts", purpose="x").json()["problems"]

        assert (problem["code"], problem["field"]) == ("request.parameter", "subject"), subject


def test_a_subject_is_known_in_any_spelling_of_its_id(world: World, worker: Caller) -> None:
    subject = f"person:{world.inside.pk}"

    rows = worker.read(f"/subjects/{subject.upper().replace('PERSON', 'person')}/facts", purpose="x")["rows"]

    assert {row["subject"] for row in rows} == {subject}
    assert [look[1] for look in looks()] == [subject]


@pytest.mark.parametrize(("what", "count"), [("facts", 3), ("duties", 5)])
def test_a_subject_takes_a_fixed_number_of_queries(what: str, count: int, world: World, worker: Caller) -> None:
    path = f"/subjects/person:{world.inside.pk}/{what}"
    worker.read(path, purpose="x")
    with CaptureQueriesContext(connection) as queries:
        worker.read(path, purpose="x")

    statements = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(statements) == 6 + count, statements
