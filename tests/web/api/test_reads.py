"""Duties out: lists, the board, why, plans, areas, kinds, and the state of the house."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory import services as directory
from bulou.directory.models import Area
from bulou.kernel import clock
from bulou.kernel.facts import KINDS
from bulou.ledger import selectors as ledger

from .conftest import COUNTY, ELSEWHERE, NOW, VILLAGE, Caller, World

pytestmark = pytest.mark.usefixtures("lived")
QUERIES = {
    "/": 0,
    "/me": 1,
    "/kinds": 0,
    "/plans": 1,
    "/plans/trial": 1,
    f"/areas/{COUNTY}": 3,
    "/board": 3,
    "/duties": 3,
    "/misses": 3,
}
"""Queries of each address beside those that let a token in: `ENTRY`."""
ENTRY = ("a stranger's scope, the clock", "token", "account", "its scope", "the stranger's again", "the test's again")


def pages(caller: Caller, path: str, **query: Any) -> list[list[dict[str, Any]]]:
    """Every page of a list, following `next`."""
    found, after = [], {}
    while True:
        page = caller.read(path, **query, **after)
        found.append(page["rows"])
        if page["next"] is None:
            return found
        after = {"after": page["next"]}


@pytest.mark.parametrize("path", QUERIES)
def test_every_address_takes_a_fixed_number_of_queries(path: str, commander: Caller) -> None:
    commander.read(path)
    with CaptureQueriesContext(connection) as queries:
        commander.read(path)

    statements = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(statements) == len(ENTRY) + QUERIES[path], statements


def test_a_session_enters_with_its_session_its_account_and_its_scope(world: World, client: Client) -> None:
    client.force_login(world.worker, backend="django.contrib.auth.backends.ModelBackend")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/api/v1/duties").status_code == 200

    assert sum("SAVEPOINT" not in q["sql"] for q in queries) == 2 + QUERIES["/duties"]


def test_duties_are_those_of_the_ledger_with_names_of_places_and_units_only(world: World, worker: Caller) -> None:
    rows = worker.read("/duties", state="missed", limit=500)["rows"]

    assert rows
    assert {row["subject"] for row in rows} == {f"person:{world.inside.pk}"}
    assert {row["area_name"] for row in rows} == {"蓉芳里社区"}
    assert {row["owner"] and row["owner"]["name"] for row in rows} == {"蓉芳里居委会", None}
    assert "安居仁" not in str(rows)


def test_instants_are_in_chinas_time_with_their_zone(worker: Caller) -> None:
    rows = worker.read("/duties", day="2020-02-10", state="open")["rows"]

    assert [(row["opens_at"], row["due_at"]) for row in rows] == [
        ("2020-02-10T06:00:00+08:00", "2020-02-10T13:00:00+08:00")
    ]


@pytest.mark.parametrize("path", ["/duties", "/misses"])
@pytest.mark.parametrize("limit", [1, 4, 500])
def test_pages_by_cursor_give_every_row_once(path: str, limit: int, worker: Caller) -> None:
    whole = worker.read(path, limit=500)["rows"]

    parts = pages(worker, path, limit=limit)

    assert [row for part in parts for row in part] == whole
    assert all(len(part) == limit for part, _ in pairwise(parts))


@pytest.mark.parametrize(
    "narrowing",
    [{"day": "2020-02-09"}, {"state": "met"}, {"no_miss": "isolation"}, {"clause": "T-1"}, {"area": VILLAGE}],
)
def test_duties_are_narrowed(narrowing: dict[str, str], commander: Caller) -> None:
    whole = commander.read("/duties", limit=500)["rows"]

    rows = commander.read("/duties", limit=500, **narrowing)["rows"]

    ((name, value),) = narrowing.items()
    kept = [row for row in whole if (row["due_at"][:10] if name == "day" else row[name]) == value]
    assert rows == (kept if name != "day" else [row for row in whole if row in rows])
    assert rows


def test_clauses_outside_the_five_are_asked_for_as_none(commander: Caller) -> None:
    assert commander.read("/duties", no_miss="none")["rows"] == []
    assert commander.read("/misses", no_miss="none")["rows"] == []


def test_misses_are_what_is_past_due_and_those_nobody_answers_for_are_asked_for_apart(commander: Caller) -> None:
    missed = commander.read("/misses", limit=500)["rows"]
    unowned = commander.read("/misses", unowned=True)["rows"]
    daily = commander.read("/misses", duty="trial/daily")["rows"]

    assert {row["state"] for row in missed} == {"missed"}
    assert [row["duty"] for row in unowned] == ["trial/once-until"]
    assert [row["duty"] for row in daily] == ["trial/daily"]


def test_the_board_counts_what_the_lists_show(commander: Caller) -> None:
    board = commander.read("/board", day="2020-02-10")
    rows = commander.read("/duties", day="2020-02-10", state="missed", limit=500)["rows"]

    columns = {column["no_miss"]: column["today"]["missed"] for column in board["columns"]}
    assert columns == {
        "screening": 0,
        "isolation": len(rows),
        "monitoring": 0,
        "treatment": 0,
        "control": 0,
        "none": 0,
    }
    assert (board["area"], board["day"], board["as_of"]) == (COUNTY, "2020-02-10", NOW.isoformat())


def test_the_board_of_a_city_has_a_row_a_county(world: World, make_unit: Any, make_account: Any, caller: Any) -> None:
    city = caller(make_account("city", make_unit("天津市指挥部", "12", "city_command"), "city_command"))
    Area.objects.filter(code__in=[COUNTY, "120102"]).update(parent="1201")

    row, other = city.read("/board", area="1201")["children"]

    assert (row["area"], row["name"], other["total"]["missed"]) == (COUNTY, "和平区", 0)
    assert row["by_no_miss"]["isolation"]["missed"] == row["total"]["missed"] > 0


def test_today_is_the_day_of_the_business_clock(commander: Caller) -> None:
    assert commander.read("/board")["day"] == "2020-02-10"


def test_why_tells_the_clause_the_facts_and_the_arithmetic(world: World, worker: Caller) -> None:
    (row,) = worker.read("/misses", duty="trial/daily")["rows"]

    why = worker.read(f"/duties/{row['key']}", purpose="ring them")

    assert why["duty"] == row
    assert why["opened_by"]["kind"] == "isolation.started"
    assert why["discharged_by"] is None
    assert [fact["kind"] for fact in why["facts"]].count("temperature.read") == 4
    assert all(step["zh"] and step["en"] for step in why["steps"])


def test_why_takes_a_fixed_number_of_queries(worker: Caller) -> None:
    rows = [row for row in worker.read("/duties", day="2020-02-09", limit=500)["rows"] if row["owner"]]
    counted = set()
    for row in rows:
        with CaptureQueriesContext(connection) as queries:
            worker.read(f"/duties/{row['key']}", purpose="x")
        counted.add(sum("SAVEPOINT" not in q["sql"] for q in queries))

    assert counted == {len(ENTRY) + 9}


def test_health_takes_one_query_beside_its_frame(world: World) -> None:
    with CaptureQueriesContext(connection) as queries:
        Client().get("/api/v1/healthz")

    assert sum("SAVEPOINT" not in q["sql"] for q in queries) == 3


def test_why_of_a_duty_done_names_the_fact(worker: Caller) -> None:
    row = worker.read("/duties", day="2020-02-09", state="met")["rows"][0]

    why = worker.read(f"/duties/{row['key']}", purpose="check")

    assert why["discharged_by"]["data"] == {"celsius": 36.6}
    assert why["discharged_by"]["effective"] is True


def test_who_was_told_is_told(world: World, worker: Caller) -> None:
    told = {
        notice["unit"]["name"]
        for row in worker.read("/misses", duty="trial/daily")["rows"]
        for notice in worker.read(f"/duties/{row['key']}", purpose="check")["told"]
    }
    with clock.at(NOW + timedelta(hours=3)):
        directory.clock_set(clock.now())
        from bulou.ledger import services

        services.advance()
        later = [
            (notice["role"], notice["unit"]["name"])
            for row in worker.read("/misses", duty="trial/daily")["rows"]
            for notice in worker.read(f"/duties/{row['key']}", purpose="check")["told"]
        ]

    assert told == set()
    assert ("county_command", "和平区指挥部") in later


def test_an_area_comes_with_its_path_and_its_parts(worker: Caller) -> None:
    area = worker.read("/areas/120101001")

    assert area["name"] == "劝业场街道"
    assert [step["code"] for step in area["path"]] == ["", "12", "1201", "120101", "120101001"]
    assert area["children"] == []


def test_areas_are_public_to_everyone_signed_in(worker: Caller) -> None:
    assert worker.read(f"/areas/{ELSEWHERE}")["name"] == "青秀区"
    assert worker.get("/areas/99").status_code == 404


def test_every_kind_comes_with_the_schema_of_its_data(worker: Caller) -> None:
    kinds = {kind["kind"]: kind for kind in worker.read("/kinds")}

    assert kinds.keys() == set(KINDS)
    assert kinds["temperature.read"]["on"] == ["person"]
    assert kinds["temperature.read"]["json_schema"]["properties"]["celsius"]["maximum"] > 40
    assert kinds["temperature.read"]["title"]["zh"]


def test_plans_say_where_they_are_in_force(worker: Caller) -> None:
    (plan,) = worker.read("/plans")

    assert (plan["id"], plan["clause_count"], plan["duty_count"], plan["adopted_in"]) == ("trial", 1, 15, [""])


def test_a_plan_comes_whole(worker: Caller, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "guangxi-2020-9").symlink_to(settings.BASE_DIR / "plans" / "guangxi-2020-9")
    settings.PLANS = tmp_path

    plan = worker.read("/plans/guangxi-2020-9")

    duties = {duty["duty"]: duty for clause in plan["clauses"] for duty in clause["duties"]}
    assert len(plan["clauses"]) == plan["clause_count"]
    assert len(duties) == plan["duty_count"]
    assert all(parameter["values"][0]["reference"] for parameter in plan["parameters"])
    assert duties["twice-daily-temperature"]["must"] == {"fact": "temperature.read", "where": {}}
    assert worker.get("/plans/no-such-plan").status_code == 404


def test_me_is_the_account_and_the_business_clock(worker: Caller) -> None:
    me = worker.read("/me")

    assert (me["username"], me["area"], me["role"]["role"]) == ("worker", VILLAGE, "village_committee")
    assert me["unit"]["name"] == "蓉芳里居委会"
    assert (me["now"], me["clock_is_set"], me["language"]) == (NOW.isoformat(), True, "en")


def test_the_house_says_how_it_is_to_anybody(world: World) -> None:
    with clock.at(NOW + timedelta(minutes=5)):
        directory.clock_set(clock.now())
        health = Client().get("/api/v1/healthz").json()

    assert health["status"] == "ok"
    assert (health["passed_at"], health["pass_age_seconds"]) == (NOW.isoformat(), 300)


def test_names_are_in_the_language_asked_for(world: World, caller: Callable[..., Caller]) -> None:
    type(world.office).objects.filter(pk=world.office.pk).update(name_en="Rongfangli Committee")

    spoken = {lang: caller(world.worker, lang).read("/me")["unit"]["name"] for lang in ("zh-CN", "en-GB,zh;q=0.5")}

    assert spoken == {"zh-CN": "蓉芳里居委会", "en-GB,zh;q=0.5": "Rongfangli Committee"}


def test_every_state_of_the_ledger_has_its_word_here(world: World, worker: Caller) -> None:
    assert set(ledger.FILTERS) - {"any", "owed"} == {"open", "met", "late", "missed", "void", "waived"}
    for state in ("open", "met", "late", "missed", "void", "waived"):
        assert {row["state"] for row in worker.read("/duties", state=state)["rows"]} <= {state}
