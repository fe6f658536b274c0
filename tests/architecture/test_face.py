"""Every room has the same face, and the list of rooms, the folders and the contracts agree."""

import re
from pathlib import Path

import pytest

from architecture.walls import SOURCE, Stair
from bulou.config.rooms import ROOMS, fact_kinds

DOORS = {"bulou.config", "bulou.web", "bulou.api", "bulou.cli"}
PURE = {"bulou.kernel", "bulou.plan"}


def folder(room: str) -> Path:
    return SOURCE.joinpath(*room.split(".")[1:])


def test_the_list_of_rooms_is_the_stair_of_the_contracts() -> None:
    stair = Stair.read()

    assert set(ROOMS) == set(stair.heights) - DOORS - {"bulou.kernel"}


def test_the_list_of_rooms_goes_down_the_stair() -> None:
    heights = [Stair.read().heights[room] for room in ROOMS]

    assert heights == sorted(heights, reverse=True)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_introduces_itself_in_half_a_page(room: str) -> None:
    readme = folder(room).joinpath("README.md").read_text(encoding="utf-8")

    assert readme.startswith("# ")
    assert 5 <= readme.count("\n") <= 60


@pytest.mark.parametrize("room", sorted(set(ROOMS) - PURE))
def test_a_room_declares_its_fact_kinds_and_its_readme_names_them(room: str) -> None:
    own = [data.kind for data in fact_kinds().values() if data.__module__ == f"{room}.facts"]
    readme = folder(room).joinpath("README.md").read_text(encoding="utf-8")

    assert folder(room).joinpath("facts.py").exists()
    assert [kind for kind in own if f"`{kind}`" not in readme] == []


def test_every_field_of_every_fact_has_a_label_and_a_meaning() -> None:
    fields = [(d.kind, name, f) for d in fact_kinds().values() for name, f in d.model_fields.items()]

    assert [(kind, name) for kind, name, f in fields if not (f.description and f.title)] == []


def test_every_fact_kind_is_named_and_told_in_both_languages() -> None:
    for kind, data in fact_kinds().items():
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", kind)
        assert re.search(r"[\u4e00-\u9fff]", data.title.zh), kind
        assert data.title.en.isascii(), kind
        assert data.__doc__, kind


@pytest.mark.parametrize("room", sorted(set(ROOMS) - PURE))
def test_a_room_with_tables_has_an_app_and_migrations(room: str) -> None:
    parts = {path.name for path in folder(room).iterdir()}

    if parts & {"models", "models.py"}:
        assert {"apps.py", "migrations"} <= parts


def test_templates_and_views_live_only_at_the_doors() -> None:
    pages = re.compile(r"^\s*(?:from|import) django\.(?:forms|shortcuts|template|urls|views)\b", re.MULTILINE)
    rooms = [path for room in ROOMS for path in folder(room).rglob("*") if path.suffix in {".html", ".py"}]

    assert [str(p) for p in rooms if p.suffix == ".html" or pages.search(p.read_text(encoding="utf-8"))] == []
