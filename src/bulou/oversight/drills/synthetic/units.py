"""The organisations of Tianjin as the demonstration has them, so that whoever owes a duty exists."""

from collections.abc import Collection, Iterable
from uuid import UUID

from bulou.directory.place_names import english
from bulou.directory.roles import ROLES
from bulou.oversight.drills.synthetic.chance import Chance
from bulou.oversight.drills.synthetic.geography import CITY, Geography
from bulou.oversight.drills.synthetic.model import Unit
from bulou.oversight.drills.synthetic.people import START

FIRST_NUMBER = 19_900_500_000
"""Where the invented numbers of units begin, beyond those of people; every screen says that they are."""
Post = tuple[str, str, tuple[str, ...]]
"""The end of a unit's name in Chinese and in English, and its roles."""

CITY_POSTS: tuple[Post, ...] = (
    (
        "疫情防控指挥部",
        "Command Post",
        ("city_command", "province_command", "city_government", "screening_group"),
    ),
    ("卫生健康委员会", "Health Commission", ("health_bureau",)),
    ("疾病预防控制中心", "Centre for Disease Control", ("cdc", "laboratory")),
    ("新冠肺炎定点医院", "Designated Hospital", ("designated_hospital",)),
    ("医疗救治专家组", "Expert Group", ("expert_group", "provincial_expert_group", "treatment_group")),
    ("督查组", "Supervision Group", ("supervision_group",)),
)
COUNTY_POSTS: tuple[Post, ...] = (
    ("疫情防控指挥部", "Command Post", ("county_command", "county_government", "screening_group")),
    ("卫生健康委员会", "Health Commission", ("health_bureau",)),
    ("疾病预防控制中心", "Centre for Disease Control", ("cdc", "laboratory")),
    ("人民医院", "People's Hospital", ("hospital", "fever_clinic")),
    ("公安分局", "Public Security Branch", ("public_security_bureau", "police_station")),
    ("集中隔离点", "Isolation Site", ("isolation_site",)),
    ("转运组", "Transport Team", ("transport_team",)),
    ("督查组", "Supervision Group", ("supervision_group",)),
)
TOWN_POSTS: tuple[Post, ...] = (
    ("政府", "Government", ("town_government", "town_command", "screening_group")),
    ("卫生院", "Clinic", ("township_clinic",)),
    ("派出所", "Police Station", ("police_station",)),
)
VILLAGE_POSTS: tuple[Post, ...] = (("", "Committee", ("village_committee", "isolation_team", "grid_team")),)
GRID_POSTS: tuple[Post, ...] = (("网格员", "Worker", ("grid_worker",)),)
_URBAN = {"政府": "办事处", "卫生院": "社区卫生服务中心"}
"""What a subdistrict has in the place of a town's offices."""
UNSTAFFED = {"120115003": "township_clinic", "120117": "checkpoint"}
"""On purpose a subdistrict has no clinic and a district no checkpoint: what they would owe is unowned."""
_TIER_OF = {"province": "city", "city": "city", "town": "town", "village": "village"}


def make_units(geography: Geography, chance: Chance, needed: Collection[str]) -> list[Unit]:
    """Units of every tier in use; each role in `needed` is held at its tier, by a unit of its own if by no other."""
    posts = _posts(needed)
    units: list[Unit] = []
    heads: dict[str, UUID] = {}
    areas = [(CITY, "city"), *((d, "county") for d in geography.districts), *((t, "town") for t in geography.towns)]
    areas += [(v, "village") for v in geography.villages] + [(g.code, "grid") for g in geography.grids]
    names = {**geography.names, **{grid.code: grid.name for grid in geography.grids}}
    for area, tier in areas:
        for ending, en, roles in posts[tier]:
            if UNSTAFFED.get(area) in roles:
                continue
            above = heads.get(area) or next((heads[area[:n]] for n in (12, 9, 6, 2) if area[:n] in heads), None)
            phone = str(FIRST_NUMBER + len(units))
            unit = Unit(chance.id(START), *_names(names[area], tier, ending, en), area, roles, above, phone)
            heads.setdefault(area, unit.id)
            units.append(unit)
    return units


class Owners:
    """Who owes what: the unit with a role whose area is the longest prefix of an area."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._by_role: dict[str, dict[str, Unit]] = {}
        self._units = {unit.id: unit for unit in units}
        for unit in self._units.values():
            for role in unit.roles:
                self._by_role.setdefault(role, {}).setdefault(unit.area, unit)

    def of(self, role: str, area: str) -> Unit | None:
        """The owner, None where nobody holds the role there."""
        held = self._by_role.get(role, {})
        return next((held[area[:n]] for n in range(len(area), 0, -1) if area[:n] in held), None)

    def unit(self, id: UUID) -> Unit:
        """A unit by its id."""
        return self._units[id]

    def all(self, role: str) -> list[Unit]:
        """Every unit that holds the role, by area."""
        return [unit for _, unit in sorted(self._by_role.get(role, {}).items())]

    @property
    def roles(self) -> list[str]:
        """Every role somebody holds, sorted."""
        return sorted(self._by_role)


def _posts(needed: Collection[str]) -> dict[str, tuple[Post, ...]]:
    posts = {
        "city": CITY_POSTS,
        "county": COUNTY_POSTS,
        "town": TOWN_POSTS,
        "village": VILLAGE_POSTS,
        "grid": GRID_POSTS,
    }
    held = {role for tier in posts.values() for _, _, roles in tier for role in roles}
    for role in sorted(set(needed) - held):
        tier = _TIER_OF.get(ROLES[role].tier, "county")
        posts[tier] = (*posts[tier], (ROLES[role].zh, ROLES[role].en, (role,)))
    return posts


def _names(area: str, tier: str, ending: str, en: str) -> tuple[str, str]:
    """A unit's name in Chinese and English."""
    if area.endswith("街道"):
        ending = _URBAN.get(ending, ending)
    if tier == "grid":
        settled, number = area.removesuffix("网格").rsplit("第", 1)
        return f"{area}{ending}", f"{english(settled, 'village')} Grid {number} {en}"
    return f"{area}{ending}", f"{english(area, tier)} {en}"
