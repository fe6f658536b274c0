"""The pages of jobs: one's own, kept up to date while they run, stopped, and what came of them."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from bulou.directory.models import Account
from bulou.directory.scope import everywhere, for_account
from bulou.exchange.jobs import registry
from bulou.exchange.jobs.models import Job, JobProgress
from bulou.exchange.jobs.registry import Outcome, Task, task
from bulou.exchange.jobs.services import enqueue
from bulou.kernel.text import Text

Enter = Callable[..., Client]
LIVE = {"HX-Request": "true", "HX-Target": "job-live"}


@pytest.fixture
def counted() -> Iterator[Task]:
    yield task("test-page", zh="数人", en="Count people")(lambda run: Outcome(Text(zh="好", en="Done")))
    registry.TASKS.pop("test-page")


@pytest.fixture
def id(world: Any, counted: Task) -> UUID:
    with for_account(world.commander):
        return enqueue(counted, account=world.commander, area="120101")


def change(**values: Any) -> None:
    progress = {name: values.pop(name) for name in list(values) if name in ("done", "total", "begun_at", "seen_at")}
    with everywhere():
        Job.objects.update(**values)
        JobProgress.objects.update(**progress or {"done": 0})


def test_a_waiting_job_says_so_and_asks_again_by_itself(world: Any, enter: Enter, id: UUID) -> None:
    page = enter(world.commander, "en").get(f"/jobs/{id}/").text

    assert "Count people" in page
    assert "Waiting" in page
    assert f'hx-get="/jobs/{id}/" hx-trigger="every 1s"' in page
    assert "Cancel" in page


def test_a_running_job_shows_how_far_it_is_and_when_it_will_be_done(world: Any, enter: Enter, id: UUID) -> None:
    now = timezone.now()
    began = now - timedelta(minutes=1)
    change(state="running", attempt=1, started_at=began, done=25, total=100, begun_at=began, seen_at=now)

    page = enter(world.commander, "en").get(f"/jobs/{id}/", headers=LIVE).text

    assert "<html" not in page
    assert 'value="25"' in page
    assert "25 / 100" in page
    assert "left" in page
    assert "every 1s" in page


def test_a_job_that_is_done_shows_what_came_of_it_and_asks_no_more(world: Any, enter: Enter, id: UUID) -> None:
    says, created = {"zh": "建档2人", "en": "2 files made"}, {"zh": "新建", "en": "Created"}
    result = {"says": says, "counts": [[created, 2]], "page": "people", "key": ""}
    now = timezone.now()
    change(state="done", attempt=1, started_at=now, ended_at=now + timedelta(minutes=2), result=result)

    page = enter(world.commander, "en").get(f"/jobs/{id}/", headers=LIVE).text

    assert "2 files made" in page
    assert "Created" in page
    assert "Took 2 min" in page
    assert 'href="/people/"' in page
    assert 'hx-swap-oob="true"' in page
    assert "every 1s" not in page


def test_a_job_that_failed_says_why_in_the_readers_language(world: Any, enter: Enter, id: UUID) -> None:
    change(state="failed", problem=[{"code": "x", "zh": "表头不对。", "en": "The header is wrong."}])

    browser = enter(world.commander, "en")
    assert "The header is wrong." in browser.get(f"/jobs/{id}/").text
    assert "表头不对。" in enter(world.commander).get(f"/jobs/{id}/").text


def test_a_job_whose_worker_died_says_that_it_is_begun_again(world: Any, enter: Enter, id: UUID) -> None:
    change(state="queued", attempt=1)

    assert "nothing is done twice" in enter(world.commander, "en").get(f"/jobs/{id}/").text


def test_a_job_is_cancelled_from_its_page(world: Any, enter: Enter, id: UUID) -> None:
    browser = enter(world.commander, "en")

    page = browser.post(f"/jobs/{id}/cancel/", follow=True).text

    assert "Cancelled" in page
    assert "every 1s" not in page


def test_a_running_job_that_was_asked_to_stop_says_so(world: Any, enter: Enter, id: UUID) -> None:
    change(state="running", attempt=1, started_at=timezone.now())

    page = enter(world.commander, "en").post(f"/jobs/{id}/cancel/", follow=True).text

    assert "it ends as soon as it can" in page


@pytest.mark.parametrize("path", ["/jobs/{}/", "/jobs/{}/cancel/"])
def test_another_accounts_job_is_not_there(world: Any, enter: Enter, id: UUID, path: str) -> None:
    browser = enter(world.grid_worker)
    answer = browser.post if "cancel" in path else browser.get

    assert answer(path.format(id)).status_code == 404


def test_the_list_shows_ones_own_jobs_in_a_fixed_number_of_queries(
    world: Any, enter: Enter, counted: Task, id: UUID, django_assert_max_num_queries: Any
) -> None:
    with for_account(world.commander):
        for _ in range(20):
            enqueue(counted, account=world.commander, area="120101")
    browser = enter(world.commander, "en")

    with django_assert_max_num_queries(8):
        page = browser.get("/jobs/").text

    assert page.count(">Count people</a>") == 21
    assert 'hx-trigger="every 2s"' in page
    assert ">Count people</a>" not in enter(world.grid_worker, "en").get("/jobs/").text


def test_the_list_is_narrowed_and_sorted_by_its_address(world: Any, enter: Enter, id: UUID) -> None:
    browser = enter(world.commander, "en")

    assert ">Count people</a>" in browser.get("/jobs/?state=queued&task=test-page&sort=queued").text
    assert ">Count people</a>" not in browser.get("/jobs/?state=done").text
    assert "/jobs/?state=queued" in browser.get("/jobs/?state=queued").text, "it asks anew for what it shows"


def test_a_list_in_which_nothing_moves_asks_no_more(world: Any, enter: Enter, id: UUID) -> None:
    change(state="cancelled")

    page = enter(world.commander).get("/jobs/", headers={"HX-Request": "true", "HX-Target": "jobs"}).text

    assert "<html" not in page
    assert "every 2s" not in page


def test_nobody_has_jobs_who_asked_for_none(world: Any, enter: Enter) -> None:
    page = enter(Account.objects.get(username="grid"), "en").get("/jobs/").text

    assert "No jobs yet" in page
    assert 'href="/jobs/"' in page
