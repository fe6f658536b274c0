"""axe-core finds nothing on any page: WCAG 2.2 AA, in every mode, on a phone and on a desk."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

from bulou.directory.models import Account
from bulou.operations.support import own_pages
from web.hospitals import build_ward
from web.sites import Site
from web.world import World

from .conftest import DESK, PHONE, Visit
from .test_screens import pages

pytestmark = pytest.mark.browser
Begin = Callable[..., Visit]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MORE = [
    "/people/",
    "/zones/?state=all",
    "/zones/new/",
    "/registers/",
    "/arrivals/",
    "/campaigns/",
    "/registers/received/",
    "/arrive/?q=蓉芳里",
    "/arrive/?area=120101001001&from=450103",
    "/registers/people/?state=all",
    "/transit/",
    "/capacity/",
    "/stocks/",
    "/handovers/",
    "/trend/",
    "/fever-clinic/?find=甲",
    "/needs/",
    "/hotline/?find=甲",
    "/volunteers/?find=甲",
    "/handovers/card/",
    "/places/",
    "/conflicts/",
    "/units/",
    "/jobs/",
    "/imports/",
    "/imports/new/",
    "/imports/doubles/",
    "/exports/",
    "/exports/new/?list=people",
    "/search/?q=甲",
    "/design/",
    "/wall/",
    "/account/password/",
    "/account/passkey/",
    "/account/confirm/",
    "/misses/?sort=due&cols=plan",
]
RUN = """async tags => (await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']}))
    .violations.map(found => [found.id, found.help, found.nodes.slice(0, 3).map(node => node.html.slice(0, 200))])"""


def violations(page: Page) -> list[Any]:
    """What axe finds: rule, what is wrong, and up to three places."""
    page.evaluate((settings.NODE_MODULES / "axe-core" / "axe.min.js").read_text("utf-8"))
    return list(page.evaluate(RUN, TAGS))


def wrong_on(visited: Visit, paths: list[str]) -> dict[str, Any]:
    return {path: found for path in paths if (found := violations(visited.open(path)))}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing_on_any_page(world: World, visit: Begin, size: dict[str, int], scheme: str) -> None:
    visited = visit(world.commander, size=size, color_scheme=scheme, reduced_motion="reduce")

    assert wrong_on(visited, [*pages(world), *MORE]) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_high_contrast_and_large_type(world: World, visit: Begin, scheme: str) -> None:
    Account.objects.filter(pk=world.commander.pk).update(high_contrast=True, large_text=True)
    visited = visit(world.commander, "zh-hans", PHONE, color_scheme=scheme, reduced_motion="reduce")

    assert wrong_on(visited, ["/", "/misses/", "/people/", "/design/", "/account/"]) == {}
    assert not visited.is_wider_than_its_window()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_person_s_own_page(world: World, visit: Begin, scheme: str) -> None:
    visited = visit(world.grid_worker, size=PHONE, color_scheme=scheme, reduced_motion="reduce")
    with world.everywhere():
        link = own_pages.give(world.first.pk, by=world.grid_worker).text

    assert wrong_on(visited, [f"/r/{link}/", f"/people/{world.first.pk}/own-page/"]) == {}
    assert not visited.is_wider_than_its_window()


def test_axe_finds_nothing_on_what_a_grid_worker_opens(world: World, visit: Begin) -> None:
    visited = visit(world.grid_worker, "zh-hans", PHONE, reduced_motion="reduce")

    assert wrong_on(visited, ["/my/", "/my/shell/zh-Hans/", "/", "/people/", "/account/"]) == {}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing_on_the_pages_of_an_isolation_site(site: Site, visit: Begin, size: dict[str, int]) -> None:
    visited = visit(site.manager, size=size, color_scheme="dark", reduced_motion="reduce")

    assert (
        wrong_on(
            visited, ["/rooms/", site.url(0), site.url(1), f"{site.url(1)}?find=甲", "/rooms/round/", "/isolation/"]
        )
        == {}
    )
    assert wrong_on(visited, [f"/people/{site.guest.pk}/isolation/"]) == {}
    assert not visited.is_wider_than_its_window()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing_on_the_pages_of_a_hospital(
    world: World, visit: Begin, make_unit: Any, make_account: Any, size: dict[str, int]
) -> None:
    ward = build_ward(world, make_unit, make_account)
    visited = visit(ward.doctor, size=size, color_scheme="dark", reduced_motion="reduce")

    assert wrong_on(visited, ["/wards/", f"/wards/{ward.ward}/", ward.url(0), ward.url(1)]) == {}
    assert wrong_on(visited, ["/patients/", f"/cases/{ward.ill}/care/", "/staff/", "/staff/?find=乙"]) == {}
    assert not visited.is_wider_than_its_window()


def test_axe_finds_nothing_on_what_administrators_open(
    world: World, visit: Begin, make_unit: Any, make_account: Any
) -> None:
    office = make_unit("信息中心", "120101", "system_administrator", "security_administrator")
    system, security = (make_account(name, office, f"{name}_administrator") for name in ("system", "security"))
    accounts = [f"/accounts/{world.grid_worker.pk}/", "/accounts/", "/accounts/new/?find=居委会"]

    assert wrong_on(visit(system, size=PHONE, reduced_motion="reduce"), accounts) == {}
    assert wrong_on(visit(security, size=DESK, reduced_motion="reduce"), ["/looks/", "/accounts/"]) == {}
    asked = visit(security, "zh-hans", PHONE, reduced_motion="reduce")
    assert wrong_on(asked, [f"/people/{world.first.pk}/"]) == {}
    assert not asked.is_wider_than_its_window()


def test_axe_finds_nothing_in_the_overlays(world: World, visit: Begin) -> None:
    page = visit(world.commander, reduced_motion="reduce").open("/misses/")

    page.keyboard.press("?")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("甲")
    page.locator("#finder .found-one").first.wait_for()
    assert violations(page) == []


def test_axe_sees_what_is_wrong(world: World, visit: Begin) -> None:
    page = visit(world.commander).open("/design/")

    page.evaluate("document.querySelector('#main').insertAdjacentHTML('beforeend', '<input><img src=\"data:,\">')")

    assert {"label", "image-alt"} <= {rule for rule, *_ in violations(page)}
