"""Tables named in SQL belong to the room itself or to one below: no linter sees a raw join."""

from pathlib import Path

import pytest
from django.apps import apps

from architecture.walls import Stair, table_owners, tables_created_in, tables_in, upward_tables

OWNERS = {"ward": "bulou.no_miss.treatment", "fact": "bulou.ledger", "person": "bulou.directory"}


def plant(tree: Path, name: str, text: str) -> None:
    path = tree / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_no_room_names_a_table_above_it_in_sql() -> None:
    stair = Stair.read()

    assert upward_tables(stair, table_owners(stair, apps.get_models(include_auto_created=True))) == []


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("select * from fact f join person p on p.id = f.subject", {"fact", "person"}),
        ("SELECT 1 FROM fact, ward AS w, person", {"fact", "ward", "person"}),
        ("select (select max(at) from fact) from ward", {"fact", "ward"}),
        ('insert into "fact" (id) select id from public.ward', {"fact", "ward"}),
        ("update only fact set area = ward.area from ward", {"fact", "ward"}),
        ("delete from fact using ward", {"fact", "ward"}),
        ("create view duty as select * from course", {"duty", "course"}),
        ("alter table if exists fact add foreign key (w) references ward", {"fact", "ward"}),
        ("create policy p on person using (true)", {"person"}),
        ("create index on fact (at)", {"fact"}),
        ("grant select, insert on table fact, ward to bulou_app", {"fact", "ward"}),
        ("select 1 from fact join ward w on w.person = fact.person", {"fact", "ward"}),
        ("copy fact from stdin", {"fact", "stdin"}),
        ("select 1 from fact -- join ward\n /* from person */", {"fact"}),
        ("select 'from ward' from fact", {"fact"}),
        ("with ward as (select 1 from fact) select * from ward", {"fact"}),
        ("with a (x) as materialized (select 1 from fact) select * from a, person", {"fact", "person"}),
    ],
)
def test_the_tables_of_a_statement_are_found(sql: str, tables: set[str]) -> None:
    assert tables_in(sql) == tables


def test_created_tables_and_views_are_found() -> None:
    sql = "create unlogged table if not exists course (); create or replace view duty as select 1; create index on x"

    assert tables_created_in(sql) == {"course", "duty"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ledger/reconcile.sql", "-- opens courses\nselect 1 from fact join ward using (id)"),
        ("ledger/selectors.py", 'QUERY = """\n    select 1 from ward\n"""'),
        ("ledger/selectors.py", 'def q(x): return f"SELECT {x} FROM ward WHERE {x} = 1"'),
        ("ledger/migrations/0001_initial.py", 'operations = [RunSQL("create view v as select * from ward")]'),
        ("no_miss/isolation/selectors.py", 'SQL = "delete from ward"'),
    ],
)
def test_a_planted_table_is_caught(tmp_path: Path, name: str, text: str) -> None:
    plant(tmp_path, name, text)

    breaches = upward_tables(Stair.read(), OWNERS, tmp_path)

    assert [b.used for b in breaches] == ["bulou.no_miss.treatment"]
    assert breaches[0].what.endswith("names ward")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("no_miss/treatment/selectors.py", 'SQL = "select 1 from ward join fact using (id), person"'),
        ("ledger/selectors.py", '"""Select what came from ward rounds."""'),
        ("ledger/selectors.py", 'MESSAGE = "taken from ward"'),
    ],
)
def test_downward_tables_and_prose_are_allowed(tmp_path: Path, name: str, text: str) -> None:
    plant(tmp_path, name, text)

    assert upward_tables(Stair.read(), OWNERS, tmp_path) == []


def test_a_table_made_by_raw_sql_belongs_to_the_room_that_makes_it(tmp_path: Path) -> None:
    plant(tmp_path, "no_miss/treatment/ward.sql", "create table ward (id uuid)")
    plant(tmp_path, "ledger/reads.sql", "select * from ward")
    stair = Stair.read()

    breaches = upward_tables(stair, table_owners(stair, [], tmp_path), tmp_path)

    assert [(b.user, b.used) for b in breaches] == [("bulou.ledger", "bulou.no_miss.treatment")]
