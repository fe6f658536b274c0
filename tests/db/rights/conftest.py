"""Three homes with a person, a place, a case and duties each: one village, its neighbour, and another province.

Everyone who can be signed in visits every address about every home; what came back is kept as plain data.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bulou.api import tokens
from bulou.directory import services as directory
from bulou.directory.models import Account, Unit
from bulou.directory.scope import everywhere
from bulou.directory.services import NewPerson, person_register
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.ledger.rows import key_of
from bulou.no_miss.isolation import sites
from bulou.no_miss.treatment import hospitals
from bulou.no_miss.treatment.models import Bed
from histories import TRIAL, trial_rules

from .belongings import furnish
from .places import HOMES, Home
from .visits import Visit, Visitor, visits

NOW = datetime(2020, 2, 10, 12, 30, tzinfo=SHANGHAI)
MORNING = datetime(2020, 2, 10, 6, tzinfo=SHANGHAI)
RULES = {"trial/daily", "trial/once-until", "trial/once"}


@dataclass
class World:
    homes: dict[str, Home]
    visitors: dict[str, Visitor]


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plans")
    (folder / "trial").symlink_to(TRIAL)
    return folder


@pytest.fixture(autouse=True)
def quick(shelf: Path, settings: Any) -> None:
    """The trial plan alone on the shelf; static files looked up when asked for."""
    settings.PLANS = shelf
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def now() -> Iterator[datetime]:
    directory.clock_set(NOW)
    with clock.at(NOW):
        yield NOW


@pytest.fixture
def world(make_unit: Callable[..., Unit], make_account: Callable[..., Account], now: datetime) -> World:
    """See above."""
    return build(make_unit, make_account)


def build(make_unit: Callable[..., Unit], make_account: Callable[..., Account]) -> World:
    """The homes and who visits them; the clock must stand at `NOW`, and the trial plan alone on the shelf."""
    with everywhere():
        homes = {name: _home(name, area, make_unit, make_account) for name, area in HOMES.items()}
        ledger.adopt([rule for rule in trial_rules() if rule.id in RULES], area="")
        receipt = ledger.record([fact for home in homes.values() for fact in _history(home)])
        assert receipt.refused == ()
        ledger.advance()
    county = make_unit("和平区指挥部", "120101", "county_command")
    other = make_unit("青秀区指挥部", "450103", "county_command")
    accounts = {
        "worker": Account.objects.get(pk=homes["here"].owner),
        "command": make_account("command", county, "county_command"),
        "foreign command": make_account("foreign", other, "county_command"),
        "province": make_account("province", make_unit("天津市指挥部", "12", "province_command"), "province_command"),
        "grid worker": make_account("grid", make_unit("网格", HOMES["here"], "grid_worker"), "grid_worker"),
        "closed": make_account("closed", county, "county_command"),
    }
    visitors = {name: Visitor.of(one, tokens.create(one.username, 1).text) for name, one in accounts.items()}
    directory.account_close(accounts["closed"])
    return World(homes, visitors | {"closed": replace(visitors["closed"], area=None), "stranger": Visitor(None)})


@pytest.fixture(scope="session")
def tours() -> dict[str, list[Visit]]:
    return {}


@pytest.fixture
def tour(tours: dict[str, list[Visit]], request: pytest.FixtureRequest) -> Callable[[str], list[Visit]]:
    """`tour("worker")`: every visit of somebody to every address about every home. Made once."""

    def made(name: str) -> list[Visit]:
        if name not in tours:
            world: World = request.getfixturevalue("world")
            tours[name] = list(visits(world.visitors[name], world.homes.values()))
        return tours[name]

    return made


def _home(
    name: str, area: str, make_unit: Callable[..., Unit], make_account: Callable[[str, Unit, str], Account]
) -> Home:
    unit = make_unit(f"{name} committee", area, "village_committee")
    person = directory.person_register(directory.NewPerson(f"{name}的住户", area, phone="19900000001", synthetic=True))
    place = directory.place_register(f"{name}的小学", "school", area)
    directory.place_register(f"{name}路1号", "household", area)
    subject = f"person:{person.pk}"
    site = make_unit(f"{name} site", area, "isolation_site")
    (room,) = sites.rooms_register(site, [sites.NewRoom("301", 3)])
    owner = make_account(f"{name} owner", unit, "village_committee")
    guest = person_register(NewPerson(f"{name}的客人", area, synthetic=True))
    hospital = make_unit(f"{name} hospital", area, "designated_hospital")
    (ward,) = hospitals.wards_register(hospital, [hospitals.NewWard("W", beds=[("01", "icu")])])
    (device,) = hospitals.devices_register(hospital, "ventilator", ["V1"], ward=ward)
    return Home(
        name=name,
        area=area,
        unit=unit,
        person=str(person.pk),
        place=str(place.pk),
        episode=str(new_id()),
        duty=key_of("trial/daily", subject, MORNING),
        note=f"{name}-note-{person.pk.hex[-8:]}",
        site=str(site.pk),
        room=str(room.pk),
        order=str(new_id()),
        owner=owner.pk,
        own=furnish(name, area, owner, person.pk, MORNING) | {"guest": str(guest.pk)},
        hospital=str(hospital.pk),
        ward=str(ward.pk),
        device=str(device.pk),
        bed=str(Bed.objects.get(ward=ward).pk),
    )


def _history(home: Home) -> Iterator[Fact]:
    def happened(what: str, subject: str, day: int, id: str = "", /, **data: Any) -> Fact:
        at = datetime(2020, 2, day, 5, tzinfo=SHANGHAI)
        return Fact(id or str(new_id()), what, subject, home.area, at, f"unit:{home.unit.pk}", data)

    person = f"person:{home.person}"
    yield happened("isolation.ordered", person, 8, home.order, kind="home", days=14, grounds="x")
    yield happened("isolation.started", person, 8, kind="home")
    yield happened("isolation.started", f"person:{home.own['guest']}", 8, kind="central", place=home.room)
    yield happened("person.enrolled", person, 8, category="close_contact")
    yield happened("place.closed", f"place:{home.place}", 9, reason=home.note)
    yield happened("episode.suspected", f"episode:{home.episode}", 9, person=person, disease="covid-19-2020")
    yield happened("response.level_set", f"area:{home.area}", 9, level="III", grounds=home.note)
    swept = {"name": f"{home.name} sweep", "days": 5, "question": home.note}
    yield happened("campaign.opened", f"area:{home.area}", 9, home.own["campaign"], **swept)
    yield happened("zone.set", f"zone:{home.own['zone']}", 9, unit_kind="building", level="sealed", grounds=home.note)
    trip = {"to": f"unit:{home.hospital}", "vehicle": home.note, "trip": home.own["trip"]}
    yield happened("handover.requested", f"person:{home.own['guest']}", 9, **trip)
    yield happened("arrival.declared", person, 9, home.own["arrival"], risk="low")
    yield happened("arrival.received", person, 10, outcome="not_here")
    yield happened("person.listed", person, 9, list="rail", category="arrival", source="department")
