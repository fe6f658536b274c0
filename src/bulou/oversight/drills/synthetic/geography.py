"""Where in Tianjin the demonstration takes place: real towns and villages, a few of each district."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from bulou.oversight.drills.synthetic.model import Grid

CITY = "12"
BAODI = "120115"
CENTRE_OF_BAODI = ("120115001", "120115002", "120115003")
"""The three subdistricts around the mall: 海滨街道, 宝平街道, 钰华街道."""
GRIDS = 2
"""Grids made below each village."""
COMMITTEES = ("居委会", "村委会", "居民委员会", "村民委员会")


@dataclass(frozen=True, slots=True)
class Geography:
    """The divisions in use: codes to names, the villages by district, the grids made below them."""

    names: Mapping[str, str]
    districts: tuple[str, ...]
    towns: tuple[str, ...]
    villages: tuple[str, ...]
    grids: tuple[Grid, ...]

    def villages_of(self, area: str) -> list[str]:
        return [village for village in self.villages if village.startswith(area)]

    def grids_of(self, area: str) -> list[str]:
        return [grid.code for grid in self.grids if grid.code.startswith(area)]

    def full_name(self, code: str) -> str:
        """District, town and village of a code, as one writes an address."""
        return "".join(self.names[code[:length]] for length in (6, 9, 12) if length <= len(code))


def choose(names: Mapping[str, str], random: Random) -> Geography:
    """Towns and villages to use, from `names`: every division of Tianjin, code to name.

    Baodi gets its three central subdistricts and three more towns, three villages each; every other district two
    towns of two villages.
    """
    districts = sorted(code for code in names if len(code) == 6 and code.startswith(CITY))
    towns: list[str] = []
    for district in districts:
        candidates = sorted(code for code in names if len(code) == 9 and code.startswith(district))
        fixed = [town for town in CENTRE_OF_BAODI if town in candidates]
        others = [town for town in candidates if town not in fixed and len(_villages(names, town)) > 2]
        towns += fixed + random.sample(others, min(len(others), 3 if district == BAODI else 2))
    villages: list[str] = []
    for town in towns:
        candidates = _villages(names, town)
        villages += sorted(random.sample(candidates, min(len(candidates), 3 if town.startswith(BAODI) else 2)))
    grids = [
        Grid(f"{village}{number:03}", f"{settlement(names[village])}第{number}网格")
        for village in villages
        for number in range(1, GRIDS + 1)
    ]
    return Geography(names, tuple(districts), tuple(towns), tuple(villages), tuple(grids))


def _villages(names: Mapping[str, str], town: str) -> list[str]:
    """The villages of a town with a committee of residents; statistical placeholders have none."""
    return sorted(c for c, name in names.items() if len(c) == 12 and c.startswith(town) and name.endswith(COMMITTEES))


def settlement(committee: str) -> str:
    """The settlement of a committee: `小周村委会` is of 小周村, `望都楼社区居委会` of 望都楼社区."""
    for suffix, kept in (("村民委员会", "村"), ("村委会", "村"), ("居民委员会", ""), ("居委会", "")):
        if committee.endswith(suffix):
            return committee.removesuffix(suffix) + kept
    return committee
