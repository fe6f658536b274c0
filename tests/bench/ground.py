"""What the measurements stand on: a database of their own, people and courses by the hundred thousand, a stop watch."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from bulou.cli.database import prepare, start_django
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI

if TYPE_CHECKING:
    from bulou.directory.models import Account

START = datetime(2020, 2, 1, 0, 30, tzinfo=SHANGHAI)
DAYS = 10
NOW = START + timedelta(days=DAYS - 1, hours=19, minutes=30)
PLAN = Path(__file__).parents[1] / "data" / "bench"
TOWN, VILLAGES, HEADS, HOME, ROLE = "120101999", 300, 20, 4, "village_committee"
"""The town of those who use the pages, its villages, people of each and of a household, and who answers for them."""
_SUBJECT = "'person:' || md5('p' || p)::uuid"
_AREA = "'1201' || lpad((1 + p %% 4)::text, 2, '0') || lpad((p %% 50)::text, 3, '0') || '001'"
_AREAS = """
INSERT INTO area (code, name, name_en, level, parent, local)
SELECT DISTINCT left(code, n), left(code, n), left(code, n), 'synthetic', left(code, p), true
FROM (SELECT '1201' || lpad(c::text, 2, '0') || lpad(t::text, 3, '0') || '001' AS code
    FROM generate_series(1, 4) c CROSS JOIN generate_series(0, 49) t UNION ALL SELECT '120101999001') v
CROSS JOIN (VALUES (2, 0), (4, 2), (6, 4), (9, 6), (12, 9)) l (n, p)
ORDER BY left(code, n)
ON CONFLICT DO NOTHING
"""
_PEOPLE = f"""
INSERT INTO person (id, area, name, sex, nationality, id_kind, synthetic)
SELECT md5('p' || p)::uuid, {_AREA}, '测' || p, 'unknown', 'CHN', 'resident', true FROM generate_series(1, %s::int) p
ON CONFLICT DO NOTHING
"""
_OPENINGS = f"""
INSERT INTO fact (id, kind, subject, area, at, by, data)
SELECT md5('f' || p)::uuid, 'isolation.started', {_SUBJECT}, {_AREA}, %s, NULL, '{{"kind": "home"}}'
FROM generate_series(%s::int, %s::int) p
"""
_READINGS = f"""
INSERT INTO w_moved (id, kind, subject, area, at, data, flipped, effective)
SELECT md5('r' || p || '-' || s)::uuid, 'temperature.read', {_SUBJECT}, {_AREA},
    %s::timestamptz + make_interval(days => s / 2, hours => 6 + 10 * (s %% 2), mins => p %% 300),
    '{{"celsius": 36.6}}', false, true
FROM generate_series(1, %s::int) p CROSS JOIN generate_series(0, %s::int) s
WHERE (p * 31 + s * 17) %% 13 <> 0
"""


def open_house() -> None:
    """A database in a data directory of its own, migrated; erased when the process ends."""
    if "BULOU_BENCH_DIR" in os.environ:
        os.environ["BULOU_DATA_DIR"] = os.environ["BULOU_BENCH_DIR"]
    else:
        os.environ["BULOU_DATA_DIR"] = tempfile.mkdtemp(prefix="bulou-bench-")
    os.environ.setdefault("BULOU_MFA", "optional")
    os.environ["BULOU_PLANS"] = str(PLAN.parent)
    prepare()
    start_django("app")


def adopt() -> None:
    """The measuring plan in force everywhere."""
    from bulou.ledger import services
    from bulou.plan.load import load
    from bulou.plan.rules import rules

    services.adopt(rules(load(PLAN)), area="")


def register(people: int) -> None:
    """Divisions and `people` synthetic people, by plain SQL: not what is measured."""
    from bulou.directory.scope import everywhere
    from bulou.ledger.engines import store

    with everywhere():
        store.execute(_AREAS)
        store.execute(_PEOPLE, [people])


def villages(count: int = VILLAGES) -> "list[Account]":
    """Villages under town 120101999, each with a committee, its account and twenty people in five households it
    owes daily readings of.

    The clock stands at `NOW`. The accounts have no password: who signs in is not what is measured.
    """
    from bulou.directory.models import Account, Area, Person, Unit, UnitRole
    from bulou.directory.scope import everywhere
    from bulou.directory.services import clock_set
    from bulou.kernel import clock
    from bulou.kernel.facts import Fact
    from bulou.kernel.ids import new_id
    from bulou.ledger import services

    codes = [f"{TOWN}{number:03d}" for number in range(1, count + 1)]
    with everywhere():
        names = {"name": "村", "name_en": "Village", "level": "synthetic", "parent_id": TOWN, "local": True}
        Area.objects.bulk_create([Area(code=code, **names) for code in codes], ignore_conflicts=True)
        units = Unit.objects.bulk_create(
            [Unit(name="村委会", name_en="C", area_id=code, synthetic=True) for code in codes]
        )
        UnitRole.objects.bulk_create([UnitRole(unit=unit, role=ROLE, area=unit.area_id) for unit in units])
        made = [Account(username=f"bench-{unit.area_id}", unit=unit, role=ROLE, synthetic=True) for unit in units]
        accounts = Account.objects.bulk_create(made)
        homes = [(unit, home) for unit in units for home in _homes(unit.area_id)]
        people = [
            (unit, Person(name=f"甲{n}", area_id=unit.area_id, household_id=home, synthetic=True))
            for unit, home in homes
            for n in range(HOME)
        ]
        Person.objects.bulk_create([person for _, person in people], batch_size=1000)
        clock_set(NOW)
    started = {"kind": "home"}
    facts = [
        Fact(str(new_id()), "isolation.started", f"person:{one.id}", one.area_id, START, f"unit:{unit.id}", started)
        for unit, one in people
    ]
    with clock.at(NOW):
        services.record(facts)
        services.advance()
    return accounts


def _homes(village: str) -> list[UUID]:
    """The households of a village, each with its address."""
    from bulou.directory.services import NewHousehold, households_register

    doors = [NewHousehold(village, f"合成村{number}号", synthetic=True) for number in range(1, HEADS // HOME + 1)]
    households_register(doors)
    return [door.id for door in doors]


def session(account: "Account") -> str:
    """The key of a session in which an account is signed in, as the sign-in page would have made it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from bulou.directory.session_store import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def isolate(last: int, first: int = 1) -> float:
    """Isolations of the people `first` to `last` begun, their courses derived; gives the seconds that took."""
    from bulou.ledger import calendar, reconcile, services
    from bulou.ledger.engines import store

    with services.working():
        calendar.make_ready((START, NOW), NOW)
        store.execute(_OPENINGS, [START, first, last])
        store.execute(
            "INSERT INTO fact_key SELECT id, at FROM fact WHERE kind = 'isolation.started' ON CONFLICT DO NOTHING"
        )
    execute_alone("ANALYZE fact")
    begun = time.perf_counter()
    with services.working():
        rules = [id for (id,) in store.query("SELECT id FROM rule WHERE plan = 'bench'")]
        store.run("reconcile", "touch_rule_set", rules=rules, now=NOW)
        reconcile.derive(NOW)
        store.run("passing", "tally")
    with clock.at(NOW):
        services.advance()
    return time.perf_counter() - begun


def stage_readings(people: int, slots: int = 2 * DAYS) -> int:
    """Twelve of thirteen readings of everyone, as facts that have just moved. Inside `services.working()`."""
    from bulou.ledger.engines import store

    staged = store.execute(_READINGS, [START.replace(hour=0, minute=0), people, slots - 1])
    store.execute("ANALYZE w_moved")
    return staged


def empty() -> None:
    """Facts, duties and plans in force are gone; people stay."""
    execute_alone(
        "TRUNCATE fact, fact_key, waiting, dead, waiver, level_span, course, wake, tally, tally_delta, lapse, notice,"
        " rule, rule_variant, rule_trigger, rule_condition, rule_tell, rule_slot, rule_hour, adoption, ledger_clock"
    )


def execute_alone(statement: str) -> None:
    """A statement as the owner of the tables: ANALYZE, VACUUM and the floors' own tables."""
    import psycopg

    from bulou.config import database

    with psycopg.connect(**database.connection("owner"), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


@contextmanager
def watch() -> Iterator[list[float]]:
    """`with watch() as seconds: …` then `seconds[0]`."""
    seconds: list[float] = []
    begun = time.perf_counter()
    yield seconds
    seconds.append(time.perf_counter() - begun)
