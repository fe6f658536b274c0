"""One role vocabulary, and a table from every spelling of the documents to it."""

from pathlib import Path

import pytest
import yaml

from bulou.directory import roles
from bulou.directory.roles import MARKS, ROLES, TIERS, role_of, spellings

CATALOGUE = Path(__file__).parents[4] / "shared" / "mission" / "catalogue"
CORE = """
province_command city_command county_command town_command town_government village_committee grid_worker health_bureau
cdc laboratory township_clinic fever_clinic hospital designated_hospital expert_group isolation_site transport_team
police_station checkpoint education_bureau civil_affairs_bureau transport_bureau industry_bureau
market_supervision_bureau publicity_department finance_bureau supervision_group school care_home custodial_institution
psychiatric_hospital company venue station airport hotel isolation_team
"""


def catalogue_spellings() -> set[str]:
    clauses = [row for file in CATALOGUE.glob("*.yaml") for row in yaml.safe_load(file.read_text("utf-8"))]
    return {actor for row in clauses for actor in row["actors"]}


@pytest.mark.parametrize("name", CORE.split())
def test_a_core_role_has_a_name_in_both_languages_and_a_tier(name: str) -> None:
    role = ROLES[name]

    assert role.title.zh and role.title.en
    assert role.tier in TIERS


def test_no_two_roles_share_a_name_in_either_language() -> None:
    assert len({role.zh for role in ROLES.values()}) == len(ROLES)
    assert len({role.en for role in ROLES.values()}) == len(ROLES)


def test_every_spelling_of_the_shared_catalogue_is_known_and_no_other() -> None:
    known = set(spellings())

    if CATALOGUE.is_dir():
        assert catalogue_spellings() == known
    assert len(known) == 277


def test_every_spelling_leads_to_a_role_or_a_mark() -> None:
    assert set(spellings().values()) <= {*ROLES, *MARKS}


@pytest.mark.parametrize(
    ("spelling", "role"),
    [
        ("county command HQ", "county_command"),
        ("district_command", "county_command"),
        ("regional expert group", "provincial_expert_group"),
        ("CDC", "cdc"),
        ("city_cdc", "cdc"),
        ("quarantine_site", "isolation_site"),
        ("residents", "public"),
        ("suspected person", "person"),
        ("all_departments", "units"),
        ("fever_clinic", "fever_clinic"),
        ("nobody at all", None),
    ],
)
def test_a_spelling_finds_its_role(spelling: str, role: str | None) -> None:
    assert role_of(spelling) == role


@pytest.mark.parametrize(
    ("actors", "says"),
    [
        ("astronaut: [pilot]", "neither a role nor one of"),
        ("cdc: [centre]\nhospital: [centre]", "stands under 'cdc' and 'hospital'"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(
    actors: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "actors.yaml").write_text(actors, "utf-8")
    monkeypatch.setattr(roles, "_HERE", tmp_path)
    spellings.cache_clear()

    with pytest.raises(ValueError, match=says):
        spellings()

    spellings.cache_clear()


def test_a_role_named_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = "- {role: cdc, zh: 疾控, en: CDC, tier: any}\n"
    (tmp_path / "roles.yaml").write_text(row * 2, "utf-8")
    monkeypatch.setattr(roles, "_HERE", tmp_path)

    with pytest.raises(ValueError, match="twice"):
        roles._read_roles()
