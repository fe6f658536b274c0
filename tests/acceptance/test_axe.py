"""axe-core finds nothing on any page: WCAG 2.2 AA, in every mode, on a phone and on a desk, in both languages.

Every page of the product is visited, by its route. It is loaded once a language, and its modes are switched on the
loaded page: what hangs on widths is asked at each width and in large type, what hangs on colours again in the dark and
in high contrast; colours are the same in the second language.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from bulou.directory import services as directory
from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.no_miss.treatment import hospitals
from bulou.operations.support import own_pages
from db.rights import conftest as rights
from db.rights.pages import SPEECH, Example, examples, visitors
from histories import TRIAL
from web.hospitals import build_ward
from web.sites import Site
from web.world import World

from .conftest import DESK, PHONE, Visit
from .test_screens import pages

pytestmark = pytest.mark.browser
Begin = Callable[..., Visit]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules whose answer hangs on colours."""
SIZES = {"phone": PHONE, "desk": DESK}
MORE = [
    "/zones/?state=all",
    "/findings/?state=all",
    "/tours/?state=all",
    "/arrive/?q=蓉芳里",
    "/arrive/?area=120101001001&from=450103",
    "/registers/people/?state=all",
    "/fever-clinic/?find=甲",
    "/hotline/?find=甲",
    "/volunteers/?find=甲",
    "/search/?q=甲",
    "/misses/?sort=due&cols=plan",
]
"""Pages in a state that their own address alone does not show."""
RUN = """async rules => (await axe.run(document, {runOnly: rules, resultTypes: ['violations'], preload: false}))
    .violations.map(found => [found.id, found.help, found.nodes.slice(0, 3).map(node => node.html.slice(0, 200))])"""
WIDER = """() => document.documentElement.scrollWidth <= window.innerWidth ? [] : ['scrolls sideways',
    ...[...document.querySelectorAll('main *')].filter(one => one.getBoundingClientRect().right > window.innerWidth)
    .slice(0, 3).map(one => one.outerHTML.slice(0, 120))]"""
DRESS = """given => Object.entries(given).forEach(([name, value]) => value
    ? document.documentElement.setAttribute(name, value) : document.documentElement.removeAttribute(name))"""


def violations(page: Page, rules: list[str] | None = None) -> list[Any]:
    """What axe finds: rule, what is wrong, and up to three places. `rules`: these alone."""
    if not page.evaluate("'axe' in window"):
        page.evaluate((settings.NODE_MODULES / "axe-core" / "axe.min.js").read_text("utf-8"))
    asked = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    return list(page.evaluate(RUN, asked))


def in_every_mode(page: Page, *, comfort: bool = False, dark: bool = True) -> Iterator[tuple[str, list[Any]]]:
    """(mode, what is wrong) of the page that is open; with `comfort` in high contrast and large type too."""
    for name, size in SIZES.items():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        yield name, violations(page) + wider(page)
        if not dark:
            continue
        yield f"{name}, dark", colours(page, "dark")
        if comfort and size is DESK:
            page.evaluate(DRESS, {"data-contrast": "more"})
            yield "contrast, dark", colours(page, "dark")
            yield "contrast", colours(page, "light")
        if comfort and size is PHONE:
            page.evaluate(DRESS, {"data-size": "large"})
            yield "large type, dark", violations(page) + wider(page)
        page.evaluate(DRESS, {"data-size": "", "data-contrast": ""})
        show(page, "light")


def colours(page: Page, scheme: str) -> list[Any]:
    """What is wrong with the colours of a page, light or dark."""
    show(page, scheme)
    return violations(page, COLOURS)


def show(page: Page, scheme: str) -> None:
    """Light or dark, as the device says."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme)


def wider(page: Page) -> list[Any]:
    """What makes a page scroll sideways."""
    return list(page.evaluate(WIDER))


def wrong_on(visited: Visit, paths: list[str], **more: bool) -> dict[str, Any]:
    return {
        f"{path} ({mode})": found
        for path in paths
        for mode, found in in_every_mode(visited.open(path), **more)
        if found
    }


@pytest.fixture
def product(
    settings: Any, transactional_db: None, make_unit: Any, make_account: Any, tmp_path: Any
) -> Iterator[list[Example]]:
    """Every page of the product, with one of everything to see."""
    settings.WHITENOISE_AUTOREFRESH = True
    (tmp_path / "trial").symlink_to(TRIAL)
    settings.PLANS = tmp_path
    directory.clock_set(rights.NOW)
    with clock.at(rights.NOW):
        built = rights.build(make_unit, make_account)
        yield examples(built, visitors(built, make_unit, make_account))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_on_any_page_of_the_product(product: list[Example], enter: Begin, language: str) -> None:
    Account.objects.update(language=language)
    first, wrong = language == "zh-hans", dict[str, Any]()
    visited = enter(locale=SPEECH[language], reduced_motion="reduce")

    for one in product:
        visited.become(one.visitor.cookies)
        wrong |= wrong_on(visited, [one.address_in(language)], comfort=first, dark=first)

    assert len(product) > 90
    assert not wrong, "\n".join(f"{where}: {found}" for where, found in wrong.items())


def test_axe_finds_nothing_where_something_is_found(world: World, visit: Begin) -> None:
    visited = visit(world.commander, reduced_motion="reduce")

    assert wrong_on(visited, [*pages(world), *MORE]) == {}


def test_axe_finds_nothing_on_what_a_grid_worker_opens(world: World, visit: Begin) -> None:
    visited = visit(world.grid_worker, "zh-hans", reduced_motion="reduce")
    with world.everywhere():
        link = own_pages.give(world.first.pk, by=world.grid_worker).text

    assert wrong_on(visited, ["/my/", "/my/shell/zh-Hans/", "/", f"/r/{link}/", f"/r/{link}/data/"], comfort=True) == {}


def test_axe_finds_nothing_on_the_pages_of_an_isolation_site(site: Site, visit: Begin) -> None:
    visited = visit(site.manager, reduced_motion="reduce")
    opened = ["/rooms/", site.url(0), f"{site.url(1)}?find=甲", "/rooms/round/", "/isolation/"]

    assert wrong_on(visited, [*opened, f"/people/{site.guest.pk}/isolation/"]) == {}


def test_axe_finds_nothing_on_the_pages_of_a_hospital(
    world: World, visit: Begin, make_unit: Any, make_account: Any
) -> None:
    ward = build_ward(world, make_unit, make_account)
    with world.everywhere():
        (device,) = hospitals.devices_register(ward.unit, "ventilator", ["V01"], by=ward.doctor)
    ward.happen("severity.changed", ward.ill, 10, 7, severity="critical")
    visited = visit(ward.doctor, reduced_motion="reduce")
    opened = [
        "/wards/",
        "/wards/devices/",
        f"/devices/{device.pk}/",
        f"/wards/{ward.ward}/",
        ward.url(0),
        "/patients/",
        f"/cases/{ward.ill}/care/",
    ]

    assert wrong_on(visited, [*opened, "/staff/?find=乙"]) == {}


def test_axe_finds_nothing_where_the_purpose_is_asked(
    world: World, visit: Begin, make_unit: Any, make_account: Any
) -> None:
    office = make_unit("信息中心", "120101", "security_administrator")
    visited = visit(make_account("security", office, "security_administrator"), "zh-hans", reduced_motion="reduce")

    assert wrong_on(visited, [f"/people/{world.first.pk}/"], comfort=True) == {}
    expect(visited.page.locator("[name=for]").first).to_be_attached()


def test_axe_finds_nothing_in_the_overlays_and_before_an_act_on_many(world: World, visit: Begin) -> None:
    page = visit(world.commander, reduced_motion="reduce").open("/misses/")

    page.keyboard.press("?")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("甲")
    page.locator("#finder .found-one").first.wait_for()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator("table input[type=checkbox]").first.check()
    page.get_by_role("button", name="Ask for a waiver").click()
    expect(page.locator("main form")).to_be_visible()
    assert [found for found in in_every_mode(page, comfort=True) if found[1]] == []


def test_axe_sees_what_is_wrong(world: World, visit: Begin) -> None:
    page = visit(world.commander).open("/design/")

    page.evaluate("document.querySelector('#main').insertAdjacentHTML('beforeend', '<input><img src=\"data:,\">')")

    assert {"label", "image-alt"} <= {rule for rule, *_ in violations(page)}
