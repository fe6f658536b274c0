"""A grid worker's phone loses signal: what is recorded is kept, counted, and reaches the server once; nothing leaks."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from bulou.directory import services as directory
from bulou.directory.models import Person
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.ledger import selectors
from bulou.web.models import FieldEntry
from web.world import World

from .conftest import PHONE, Visit
from .test_journeys import EVENING, at_six

pytestmark = pytest.mark.browser
Begin = Callable[..., Visit]
BUDGET = 150_000
PATIENCE = 30_000
"""Milliseconds in which a busy machine has loaded a page, sealed and uploaded."""
DUMP = """async () => {
  const base = await new Promise((done) => {
    const asked = indexedDB.open('bulou-field'); asked.onsuccess = () => done(asked.result);
  });
  const all = {};
  for (const name of base.objectStoreNames) {
    const asked = base.transaction(name).objectStore(name).getAll();
    all[name] = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  }
  base.close();
  const latin = (_, value) => value instanceof Uint8Array ? Array.from(value, (b) => String.fromCharCode(b)).join('')
    : value instanceof CryptoKey ? 'key, extractable: ' + value.extractable : value;
  return JSON.stringify(all, latin);
}"""


def begin(world: World, visit: Begin, **more: Any) -> Visit:
    """The grid worker's phone with today's list on it, and the program kept."""
    at_six(world)
    visited = visit(world.grid_worker, size=PHONE, service_workers="allow", **more)
    ready(visited.open("/my/"))
    visited.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return visited


def ready(page: Page) -> Page:
    expect(page.locator("body[data-phone=ready]")).to_be_attached(timeout=PATIENCE)
    return page


def lose_signal(visited: Visit) -> Page:
    """Out of reach, the page opened anew."""
    visited.page.context.set_offline(True)
    return ready(visited.open("/my/"))


def signal_was_away(visited: Visit) -> None:
    """A browser complains of requests without signal; anything else it complains of stays a failure."""
    visited.complaints[:] = [said for said in visited.complaints if "net::ERR_" not in said and "htmx:" not in said]


def reading(page: Page | Locator, person: str) -> Locator:
    """The row of a person's temperature."""
    return page.locator(".task", has_text="Take temperature").filter(has_text=person)


def measure(page: Page, person: str, celsius: str) -> None:
    row = reading(page, person)
    row.get_by_label("Body temperature").fill(celsius)
    row.get_by_role("button", name="Temperature read").click()


def evening_readings(person: Person) -> list[float]:
    with clock.at(EVENING), everywhere():
        facts = selectors.facts_of(f"person:{person.pk}")
    return [fact.data["celsius"] for fact in facts if fact.kind == "temperature.read" and fact.at >= EVENING]


def count(page: Page, number: int) -> None:
    expect(page.locator("[data-phone=count]")).to_have_text(f"{number} not uploaded from this phone", timeout=PATIENCE)


def dump(page: Page) -> str:
    """Everything in the phone's database, as it lies there."""
    return str(page.evaluate(DUMP))


def test_two_temperatures_taken_without_signal_reach_the_server_exactly_once(world: World, visit: Begin) -> None:
    visited = begin(world, visit)
    page = lose_signal(visited)
    expect(page.get_by_text("Without signal", exact=True)).to_be_visible()

    measure(page, "甲", "36.8")
    count(page, 1)
    measure(page, "乙", "37.9")
    count(page, 2)
    ready(visited.open("/my/"))
    count(page, 2)
    expect(reading(page, "乙")).to_contain_text("37.9 ℃")
    assert evening_readings(world.first) == []

    page.context.set_offline(False)
    count(page, 0)
    assert [evening_readings(world.first), evening_readings(world.second)] == [[36.8], [37.9]]
    visited.open("/my/")
    count(page, 0)
    expect(page.locator(".settled .task", has_text="Take temperature").filter(has_text="甲").first).to_contain_text(
        "Done"
    )
    assert [evening_readings(world.first), evening_readings(world.second)] == [[36.8], [37.9]]
    signal_was_away(visited)


def test_a_slip_is_seen_at_the_door_and_what_was_typed_stays(world: World, visit: Begin) -> None:
    visited = begin(world, visit)
    page = lose_signal(visited)

    measure(page, "甲", "368")

    expect(reading(page, "甲").get_by_role("alert")).to_have_text("At most 45. Check the number.")
    expect(reading(page, "甲").get_by_label("Body temperature")).to_have_value("368")
    count(page, 0)
    signal_was_away(visited)


def test_what_was_not_sent_yet_can_be_taken_back(world: World, visit: Begin) -> None:
    visited = begin(world, visit)
    page = lose_signal(visited)
    measure(page, "甲", "36.8")

    reading(page, "甲").get_by_role("button", name="Undo").click()

    count(page, 0)
    expect(reading(page, "甲").get_by_label("Body temperature")).to_be_visible()
    signal_was_away(visited)


def test_a_tap_the_server_did_not_answer_is_kept_and_sent_once_more(world: World, visit: Begin) -> None:
    visited = begin(world, visit)
    page = visited.page
    page.context.set_offline(True)

    measure(page, "甲", "36.8")
    expect(page.locator(".task-kept")).to_contain_text("36.8 ℃", timeout=PATIENCE)
    count(page, 1)
    page.context.set_offline(False)

    count(page, 0)
    expect(page.locator(".task-kept")).to_have_text("Uploaded", timeout=PATIENCE)
    assert evening_readings(world.first) == [36.8]
    signal_was_away(visited)


def test_a_half_typed_number_survives_a_reload_with_and_without_signal(world: World, visit: Begin) -> None:
    visited = begin(world, visit)
    page = visited.page

    reading(page, "甲").get_by_label("Body temperature").press_sequentially("36.")
    ready(visited.open("/my/"))
    expect(reading(page, "甲").get_by_label("Body temperature")).to_have_value("36.")
    lose_signal(visited)

    expect(reading(page, "甲").get_by_label("Body temperature")).to_have_value("36.")
    signal_was_away(visited)


def test_the_phones_database_shows_nobody_and_signing_out_leaves_only_sealed_entries(
    world: World, visit: Begin
) -> None:
    visited = begin(world, visit)
    page = lose_signal(visited)
    measure(page, "甲", "36.8")
    count(page, 1)
    secrets = ["甲", "乙", "滨江道", "1990000", str(world.first.pk), "36.8", "Take temperature"]
    kept = dump(page)
    assert [secret for secret in secrets if secret in kept] == []
    assert "extractable: false" in kept

    page.context.route("**/my/sync/**", lambda route: route.abort())
    page.context.set_offline(False)
    ready(visited.open("/my/"))
    page.locator(".top details.drop-end summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("body[data-phone=wiped]")).to_be_attached(timeout=PATIENCE)

    left = json.loads(dump(page))
    assert {thing["name"] for thing in left["things"]} == {"device"}
    assert len(left["outbox"]) == 1
    assert [secret for secret in secrets if secret in json.dumps(left, ensure_ascii=False)] == []
    visited.complaints.clear()


def test_a_closed_account_loses_the_list_and_its_entries_arrive_for_somebody_to_decide(
    world: World, visit: Begin
) -> None:
    visited = begin(world, visit)
    page = lose_signal(visited)
    measure(page, "甲", "36.8")
    count(page, 1)
    directory.account_close(world.grid_worker)

    page.context.set_offline(False)

    count(page, 0)
    expect(page.get_by_text("You are no longer signed in")).to_be_visible()
    expect(page.get_by_text("No list is kept on this phone")).to_be_visible()
    assert "list" not in {thing["name"] for thing in json.loads(dump(page))["things"]}
    with everywhere():
        assert [(one.reason, one.data) for one in FieldEntry.objects.all()] == [("revoked", {"celsius": 36.8})]
    signal_was_away(visited)


def test_who_removed_the_list_does_not_get_it_back_unasked(world: World, visit: Begin) -> None:
    visited = begin(world, visit)
    page = lose_signal(visited)
    measure(page, "甲", "36.8")
    count(page, 1)
    page.on("dialog", lambda dialog: dialog.accept())

    page.get_by_role("button", name="Remove the list").click()
    expect(page.get_by_text("No list is kept on this phone")).to_be_visible()
    count(page, 1)
    page.context.set_offline(False)
    count(page, 0)

    assert evening_readings(world.first) == [36.8]
    assert "list" not in {thing["name"] for thing in json.loads(dump(page))["things"]}
    ready(visited.open("/my/"))
    assert "list" in {thing["name"] for thing in json.loads(dump(page))["things"]}
    signal_was_away(visited)


def test_a_pin_hides_the_list_and_ten_wrong_ones_remove_it(world: World, visit: Begin) -> None:
    visited = begin(world, visit)
    page = visited.page
    page.locator("#phone summary").click()
    page.get_by_role("button", name="Set a PIN").click()
    page.get_by_label("New PIN").fill("2580")
    page.get_by_role("button", name="Set PIN", exact=True).click()
    expect(page.get_by_label("New PIN")).to_be_hidden(timeout=PATIENCE)
    lose_signal(visited)
    expect(page.locator(".task")).to_have_count(0)

    for left in range(9, 0, -1):
        page.get_by_label("PIN of the list").fill("0000")
        page.get_by_role("button", name="Unlock").click()
        expect(page.get_by_text(f"After {left} more")).to_be_visible(timeout=PATIENCE)
    page.get_by_label("PIN of the list").fill("2580")
    page.get_by_role("button", name="Unlock").click()
    expect(reading(page, "甲")).to_be_visible()
    ready(visited.open("/my/"))
    for _ in range(10):
        page.get_by_label("PIN of the list").fill("0000")
        page.get_by_role("button", name="Unlock").click()
        expect(page.get_by_label("PIN of the list")).to_have_value("", timeout=PATIENCE)
    expect(page.get_by_text("Ten wrong PINs")).to_be_visible()
    assert "list" not in dump(page)
    signal_was_away(visited)


def test_after_a_week_unseen_nothing_readable_is_left(world: World, visit: Begin) -> None:
    visited = begin(world, visit)
    page = lose_signal(visited)
    expect(reading(page, "甲")).to_be_visible()

    page.clock.install()
    page.clock.fast_forward(8 * 24 * 3600 * 1000)
    visited.open("/my/")

    expect(page.get_by_text("No list is kept on this phone")).to_be_visible()
    signal_was_away(visited)


def test_what_is_not_uploaded_can_be_saved_to_a_file_that_shows_nobody_and_is_taken_in(
    world: World, visit: Begin, client: Client
) -> None:
    visited = begin(world, visit)
    page = lose_signal(visited)
    measure(page, "甲", "36.8")
    count(page, 1)

    page.locator("#phone summary").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save what is not uploaded").click()

    text = saved.value.path().read_text("utf-8")
    assert len(json.loads(text)["entries"]) == 1
    assert "甲" not in text
    client.force_login(world.commander, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/conflicts/file/", {"file": SimpleUploadedFile("bulou.json", text.encode())})
    assert evening_readings(world.first) == [36.8]
    signal_was_away(visited)


def test_a_browser_that_cannot_says_so_and_records_on_line(world: World, visit: Begin) -> None:
    at_six(world)
    visited = visit(world.grid_worker, size=PHONE)
    page = visited.page
    page.add_init_script("delete Navigator.prototype.serviceWorker")

    visited.open("/my/")

    expect(page.get_by_text("This browser cannot work without signal")).to_be_visible()
    measure(page, "甲", "36.8")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert evening_readings(world.first) == [36.8]


def test_a_household_visit_takes_at_most_eight_taps(world: World, visit: Begin) -> None:
    visited = begin(world, visit)
    page = lose_signal(visited)
    page.evaluate("document.addEventListener('click', (e) => { if (e.isTrusted && e.detail) window.taps += 1; }, true)")
    page.evaluate("window.taps = 0")
    home = page.locator(".household", has_text="滨江道88号3门201")

    for person, celsius in (("甲", "36.8"), ("乙", "36.6")):
        reading(home, person).get_by_label("Body temperature").click()
        page.keyboard.type(celsius)
        reading(home, person).get_by_role("button", name="Temperature read").click()
        expect(reading(home, person)).to_contain_text("Kept on this phone")
        file = home.locator(".task", has_text="A personal file is opened").filter(has_text=person)
        file.get_by_role("button", name="Personal file opened").click()
        expect(file).to_contain_text("Kept on this phone")

    count(page, 4)
    taps = page.evaluate("window.taps")
    print(f"{taps} taps for two temperatures and two files in one household")
    assert 0 < taps <= 8
    signal_was_away(visited)


def test_the_first_load_is_under_150_kilobytes(world: World, visit: Begin, client: Client) -> None:
    visited = begin(world, visit)
    visited.fetched.clear()
    ready(visited.open("/my/"))
    client.force_login(world.grid_worker, backend="django.contrib.auth.backends.ModelBackend")

    weights = {}
    fetched = {re.sub(r"#.*", "", url).removeprefix(visited.server) for url in visited.fetched}
    for path in sorted(
        fetched | {"/static/web/field/shell.js", "/my/worker.js", "/my/shell/en/", "/my/shell/zh-Hans/"}
    ):
        if path.startswith((django_settings.STATIC_URL, "/my/")) and "upload" not in path:
            answer = client.get(path, headers={"Accept-Encoding": "gzip"})
            weights[path.partition("?")[0]] = len(b"".join(answer)) + len(str(answer.headers))
            answer.close()

    for path, weight in weights.items():
        print(f"{weight:>8,} {path}")
    print(f"{sum(weights.values()):>8,} bytes in all")
    assert {"/my/", "/my/sync/list/", "/static/vendor/dexie/dexie.min.mjs"} <= weights.keys()
    assert sum(weights.values()) < BUDGET
