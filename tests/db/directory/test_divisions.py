"""The national tree: loaded whole or in part, again and again, without touching what was edited here."""

from datetime import date
from pathlib import Path

import pytest

from bulou.directory.divisions import FILES, Loaded, divisions, load, source
from bulou.directory.models import Area
from bulou.directory.services import area_add, area_edit, grids_ensure
from bulou.kernel.errors import BulouError

TREE = {
    "provinces.csv": ["12,天津市", "45,广西壮族自治区"],
    "cities.csv": ["1201,市辖区,12", "4501,南宁市,45"],
    "areas.csv": ["120101,和平区,1201", "450103,青秀区,4501"],
    "streets.csv": ["120101001,劝业场街道,120101", "450103001,新竹街道,450103"],
    "villages.csv": ["120101001001,蓉芳里社区居委会,120101001", "450103001001,思贤社区居委会,450103001"],
}
TODAY = date(2026, 11, 21)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of a small nation."""
    return write(tmp_path, TREE)


def write(folder: Path, tree: dict[str, list[str]]) -> Path:
    for file in FILES:
        (folder / file).write_text("code,name,parent\n" + "\n".join(tree[file]) + "\n", "utf-8")
    return folder


def codes() -> list[str]:
    return list(Area.objects.order_by("code").values_list("code", flat=True))


def test_the_whole_nation_is_loaded_with_names_levels_and_parents(folder: Path) -> None:
    done = load(folder=folder)

    assert done == Loaded(read=11, created=11, updated=0, unchanged=0, kept=0, retired=0)
    street = Area.objects.get(code="120101001")
    assert (street.name, street.name_en, street.level, street.parent_id) == (
        "劝业场街道",
        "Quanyechang Subdistrict",
        "town",
        "120101",
    )
    assert Area.objects.get(code="12").parent_id == ""
    assert Area.objects.get(code="").parent is None


def test_a_part_comes_with_everything_above_it(folder: Path) -> None:
    load("120101", folder=folder)

    assert codes() == ["", "12", "1201", "120101", "120101001", "120101001001"]


def test_loading_again_changes_nothing(folder: Path) -> None:
    load(folder=folder)

    assert load(folder=folder) == Loaded(read=11, created=0, updated=0, unchanged=11, kept=0, retired=0)
    assert load("45", folder=folder) == Loaded(read=6, created=0, updated=0, unchanged=6, kept=0, retired=0)


def test_a_renamed_division_is_updated(folder: Path) -> None:
    load(folder=folder)
    write(folder, {**TREE, "streets.csv": ["120101001,劝业场镇,120101", TREE["streets.csv"][1]]})

    assert load(folder=folder).updated == 1
    assert Area.objects.get(code="120101001").name_en == "Quanyechang Town"


def test_a_local_edit_outlives_a_load(folder: Path) -> None:
    load(folder=folder)
    area_edit("120101001", name="劝业场街")

    assert load(folder=folder).kept == 1
    assert Area.objects.get(code="120101001").name == "劝业场街"


def test_what_came_and_went_since_the_last_load_is_dated(folder: Path) -> None:
    load(folder=folder)
    villages = ["120101001001,蓉芳里社区居委会,120101001", "120101001002,兆丰路社区居委会,120101001"]
    write(folder, {**TREE, "villages.csv": villages})

    done = load(folder=folder, as_of=TODAY)

    assert (done.created, done.retired) == (1, 1)
    assert Area.objects.get(code="120101001002").valid_from == TODAY
    assert Area.objects.get(code="450103001001").valid_to == TODAY
    assert Area.objects.get(code="12").valid_from is None


def test_a_division_that_comes_back_is_in_force_again(folder: Path) -> None:
    load(folder=folder)
    write(folder, {**TREE, "villages.csv": TREE["villages.csv"][:1]})
    load(folder=folder, as_of=TODAY)
    write(folder, TREE)

    assert load(folder=folder).updated == 1
    assert Area.objects.get(code="450103001001").valid_to is None


def test_grids_and_added_divisions_are_never_retired(folder: Path) -> None:
    load(folder=folder)
    area_add("120101009", "新设街道")
    grids_ensure("120101001001", 2)

    assert load(folder=folder, as_of=TODAY).retired == 0


@pytest.mark.parametrize(("root", "code"), [("1", "areas.code"), ("天津", "areas.code"), ("99", "areas.unknown")])
def test_a_root_that_is_none_is_refused_and_nothing_stays(folder: Path, root: str, code: str) -> None:
    with pytest.raises(BulouError) as refused:
        load(root, folder=folder)

    assert refused.value.problems[0].code == code
    assert codes() == []


@pytest.mark.parametrize("row", ["12X,天津", "12", "12,", "1234567,甲"])
def test_a_file_that_is_broken_names_its_line(folder: Path, row: str) -> None:
    write(folder, {**TREE, "cities.csv": ["1201,市辖区,12", row]})

    with pytest.raises(BulouError) as refused:
        load(folder=folder)

    assert refused.value.problems[0].where == "cities.csv:3"
    assert codes() == []


def test_the_installed_data_hold_the_whole_nation() -> None:
    count, levels = 0, set()
    for _, name, name_en, level, _ in divisions("1201", source()):
        assert name and name_en
        levels.add(level)
        count += 1

    assert count > 5000
    assert levels == {"country", "province", "city", "county", "town", "village"}


class TestGrids:
    def test_are_numbered_below_their_village(self, areas: dict[str, Area]) -> None:
        assert grids_ensure("120101001001", 3) == 3

        grid = Area.objects.get(code="120101001001002")
        assert (grid.name, grid.level, grid.parent_id, grid.local) == ("第2网格", "grid", "120101001001", True)

    def test_that_exist_stay_and_only_the_missing_are_made(self, areas: dict[str, Area]) -> None:
        grids_ensure("120101001001", 2)
        area_edit("120101001001001", name="滨江里网格")

        assert grids_ensure("120101001001", 3) == 1
        assert Area.objects.get(code="120101001001001").name == "滨江里网格"

    @pytest.mark.parametrize(("village", "count"), [("120101001", 3), ("120101001001", 0), ("120101001001", 1000)])
    def test_only_below_a_village_and_in_a_sane_number(self, areas: dict[str, Area], village: str, count: int) -> None:
        with pytest.raises(BulouError):
            grids_ensure(village, count)

    def test_only_below_a_village_there_is(self, areas: dict[str, Area]) -> None:
        with pytest.raises(BulouError, match="120101001009"):
            grids_ensure("120101001009", 1)


class TestLocalEdits:
    def test_a_division_is_added_below_one_there_is(self, areas: dict[str, Area]) -> None:
        added = area_add("120101077", "滨江街道", valid_from=TODAY)

        assert (added.level, added.parent_id, added.name_en, added.local) == (
            "town",
            "120101",
            "Binjiang Subdistrict",
            True,
        )

    @pytest.mark.parametrize(
        ("code", "error"), [("12010", "areas.code"), ("330101", "areas.unknown"), ("120101", "areas.taken")]
    )
    def test_a_code_that_is_wrong_hangs_in_air_or_is_taken_is_refused(
        self, areas: dict[str, Area], code: str, error: str
    ) -> None:
        with pytest.raises(BulouError) as refused:
            area_add(code, "甲")
        assert refused.value.problems[0].code == error

    def test_a_division_is_ended_and_keeps_its_name(self, areas: dict[str, Area]) -> None:
        area_edit("120101001", valid_to=TODAY)

        ended = Area.objects.get(code="120101001")
        assert (ended.name, ended.valid_to, ended.local) == ("劝业场街道", TODAY, True)

    def test_an_unknown_division_is_not_edited(self, areas: dict[str, Area]) -> None:
        with pytest.raises(BulouError):
            area_edit("999999", name="甲")
