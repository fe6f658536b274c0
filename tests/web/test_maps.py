"""Maps of areas: where tiles stand, how they are shaded, and what the board, the zones and the design page show."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bulou.directory.divisions import FILES, source
from bulou.directory.models import Area
from bulou.kernel.ids import new_id
from bulou.web.maps import layout, tiles
from bulou.web.maps.tiles import Figure
from web.world import NOON, World

Enter = Callable[..., Client]


@pytest.fixture(scope="module")
def known() -> set[str]:
    """The codes of provinces, cities and counties."""
    lines = (line for file in FILES[:3] for line in (source() / file).read_text("utf-8").splitlines()[1:])
    return {line.partition(",")[0].strip('"') for line in lines}


@pytest.fixture
def tree(areas: dict[str, Area]) -> None:
    """The street knows its two villages, as it does where areas were loaded."""
    Area.objects.filter(code__startswith="120101001").exclude(code="120101001").update(parent="120101001")


def figures(*numbers: int) -> list[Figure]:
    return [Figure(f"1201010{place:02}", f"{place}号街道", n) for place, n in enumerate(numbers, 1)]


class TestLayout:
    def test_no_code_stands_twice_and_no_two_tiles_stand_in_one_place(self) -> None:
        for grid in layout.grids():
            assert len(set(grid.values())) == len(grid)
        with pytest.raises(ValueError, match="12 stands twice"):
            layout.read("11 12\n12 .")

    def test_every_province_has_a_tile(self, known: set[str]) -> None:
        provinces = {code for code in known if len(code) == 2}

        cells, placed = layout.positions(provinces)

        assert placed
        assert cells.keys() == provinces

    def test_every_tile_of_a_grid_is_an_area_of_the_country(self, known: set[str]) -> None:
        unlisted = {"71", "81", "82"}

        assert [code for grid in layout.grids() for code in grid if code not in known | unlisted] == []

    def test_neighbours_are_neighbours_where_a_grid_says_so(self) -> None:
        cells, _placed = layout.positions(["12", "11", "13"])

        assert abs(cells["11"][0] - cells["13"][0]) + abs(cells["11"][1] - cells["13"][1]) == 1
        assert min(column for column, _row in cells.values()) == min(row for _column, row in cells.values()) == 0

    @pytest.mark.parametrize(("n", "columns"), [(2, 2), (5, 3), (16, 4), (40, 6)])
    def test_other_areas_stand_in_the_order_of_their_codes(self, n: int, columns: int) -> None:
        codes = [f"9901{place:02}" for place in range(n)]

        cells, placed = layout.positions(reversed(codes))

        assert not placed
        assert sorted(codes, key=lambda code: cells[code][::-1]) == codes
        assert max(column for column, _row in cells.values()) + 1 == columns


class TestTiles:
    def test_one_area_needs_no_map(self) -> None:
        assert tiles.drawn("m", "Missed", "missed", "circle", figures(3)) is None

    @pytest.mark.parametrize("most", range(0, 40))
    def test_every_number_falls_into_the_band_of_its_step(self, most: int) -> None:
        by_step = {band.step: band for band in tiles.bands(most)}

        for n in range(most + 1):
            band = by_step[tiles.step(n, most)]
            assert band.lowest <= n <= band.highest

    def test_a_step_is_told_by_word_and_marks_beside_its_shade(self) -> None:
        with translation.override("en"):
            made = tiles.drawn("m", "Missed today", "missed", "circle", figures(0, 2, 9))
            assert made
            none, few, most = made.tiles

            assert (none.said, few.said, most.said) == (
                "1号街道: Missed today 0, none",
                "2号街道: Missed today 2, few",
                "3号街道: Missed today 9, most",
            )
        assert [sum(tile.marks) for tile in made.tiles] == [0, 1, 3]

    @pytest.mark.parametrize(
        ("name", "english", "short"),
        [
            ("和平区", False, "和平"),
            ("广西壮族自治区", False, "广西壮族"),
            ("市区", False, "市区"),
            ("新疆生产建设兵团", False, "新疆生…"),
            ("Heping District", True, "Heping"),
            ("Inner Mongolia", True, "Inner M…"),
            ("Binhai New District", True, "Binhai…"),
        ],
    )
    def test_a_name_is_as_short_as_its_tile(self, name: str, english: bool, short: str) -> None:
        assert tiles.short(name, english=english) == short


@pytest.mark.usefixtures("tree")
class TestPages:
    def test_the_board_has_a_tile_for_each_part_that_leads_to_its_board(self, world: World, enter: Enter) -> None:
        page = enter(world.commander, "en").get("/areas/120101001/")

        drawn = page.context["map"]
        assert {tile.figure.area: tile.figure.n for tile in drawn.tiles} == {"120101001001": 2, "120101001002": 0}
        assert 'href="/areas/120101001001/" class="map-tile step-3"' in page.text
        assert "蓉芳里社区: Missed today 2, most" in page.text

    def test_the_board_can_show_what_is_open_instead(self, world: World, enter: Enter) -> None:
        page = enter(world.commander, "en").get("/areas/120101001/?map=open")

        assert page.context["map"].state == "open"
        assert [tile.figure.n for tile in page.context["map"].tiles] == [
            child.total.open for child in sorted(page.context["children"], key=lambda child: child.area)
        ]

    def test_a_map_costs_the_same_whatever_it_counts(self, world: World, enter: Enter) -> None:
        browser = enter(world.commander, "en")
        counted = []
        for address in ("/areas/120101001/", "/areas/120101001/?map=open"):
            browser.get(address)
            with CaptureQueriesContext(connection) as made:
                browser.get(address)
            counted.append(len(made))

        assert counted[0] == counted[1]

    def test_zones_in_force_are_counted_by_area(self, world: World, enter: Enter) -> None:
        for hours in (5, 4):
            since = NOON - timedelta(hours=hours)
            world.happen("zone.set", f"zone:{new_id()}", since, unit_kind="building", level="sealed")
        world.happen("zone.set", f"zone:{new_id()}", NOON - timedelta(hours=3), unit_kind="grid", level="watched")

        page = enter(world.commander, "en").get("/zones/?area=120101001")

        assert {tile.figure.area: tile.figure.n for tile in page.context["map"].tiles} == {
            "120101001001": 3,
            "120101001002": 0,
        }
        assert "/zones/?area=120101001001" in page.text

    def test_the_design_page_shows_a_map_with_its_table(self, world: World, enter: Enter) -> None:
        page = enter(world.commander, "en").get("/design/").text

        assert 'class="area-map' in page
        assert "The numbers behind the map" in page

    def test_an_area_without_parts_has_no_map(self, world: World, enter: Enter) -> None:
        assert Area.objects.filter(code__startswith="120101001001").count() == 1
        assert enter(world.commander, "en").get("/areas/120101001001/").context["map"] is None

    def test_a_map_never_tells_by_colour_alone(self, world: World, enter: Enter) -> None:
        page = enter(world.commander, "en").get("/areas/120101001/").text

        for channel in ('class="map-n"', 'class="map-marks"', "map-tick", "map-legend"):
            assert channel in page
