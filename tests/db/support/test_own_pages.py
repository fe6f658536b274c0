"""A link opens one person's page and nothing else, until it ends; each opening is kept, and there are not too many."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from bulou.directory.models import AccessLog, Unit
from bulou.directory.scope import everywhere, nowhere, scope
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id
from bulou.operations.support import own_pages
from bulou.operations.support.models import OwnPage, OwnPageOpening

from .conftest import VILLAGE, Village


@pytest.fixture
def link(village_of_two: Village) -> str:
    with scope(VILLAGE):
        return own_pages.give(village_of_two.people[0], by=village_of_two.worker).text


def open_(text: str, ip: str = "192.0.2.1", act: str = "open") -> own_pages.Opened:
    """As a stranger, who sees nothing."""
    with transaction.atomic(), nowhere():
        return own_pages.open_by(text, ip=ip, act=act)


def openings() -> int:
    with everywhere():
        return OwnPageOpening.objects.count()


def test_a_link_says_whose_page_it_opens_and_the_opening_is_kept(link: str, village_of_two: Village) -> None:
    opened = open_(link)

    assert (opened.state, opened.person, opened.area) == ("open", village_of_two.people[0], VILLAGE)
    with scope(VILLAGE):
        (row,) = own_pages.links_of(village_of_two.people[0])
    assert (row.openings, row.is_live, row.account) == (1, True, village_of_two.worker.pk)
    assert row.last_opened is not None


def test_the_link_itself_is_kept_nowhere(link: str) -> None:
    with everywhere():
        (page,) = OwnPage.objects.all()

    assert bytes(page.digest) == hashlib.sha256(link.encode()).digest()
    assert len(link) >= 32


def test_a_new_link_ends_the_one_before(link: str, village_of_two: Village) -> None:
    with scope(VILLAGE):
        later = own_pages.give(village_of_two.people[0], by=village_of_two.colleague, days=3)

    assert open_(link) == own_pages.Opened("ended")
    assert open_(later.text).state == "open"
    assert later.expires_at - datetime.now(UTC) > timedelta(days=2)


def test_a_link_that_was_ended_or_ran_out_opens_nothing(link: str, village_of_two: Village) -> None:
    with scope(VILLAGE):
        OwnPage.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert open_(link).state == "ended"

    with scope(VILLAGE):
        OwnPage.objects.update(expires_at=datetime.now(UTC) + timedelta(days=1))
        assert own_pages.end(village_of_two.people[0], by=village_of_two.worker) == 1
    assert open_(link).state == "ended"
    assert openings() == 0


@pytest.mark.parametrize("text", ["", "made-up", "x" * 5000, "\ud800", "' OR 1=1"])
def test_what_is_no_link_opens_nothing_and_says_nothing(link: str, text: str) -> None:
    assert open_(text) == own_pages.Opened("none")


def test_whoever_guesses_is_soon_no_longer_answered_and_writes_no_more(link: str) -> None:
    states = [open_(f"guess {n}").state for n in range(33)]

    assert states.count("none") == 30
    assert states[30:] == ["too_many"] * 3
    assert openings() == 30
    assert open_("another address", "192.0.2.2").state == "none"


def test_a_link_opens_so_often_and_no_oftener_and_sends_in_less(link: str) -> None:
    sent = [open_(link, act="health").state for _ in range(41)]

    assert (sent.count("open"), sent[-1]) == (40, "too_many")
    assert open_(link).state == "open"


def test_only_people_in_scope_are_given_one_and_for_no_longer_than_three_months(
    village_of_two: Village, stranger: Unit
) -> None:
    with scope("45"), pytest.raises(BulouError, match="no such person"):
        own_pages.give(village_of_two.people[0], by=village_of_two.worker)
    for days in (0, 91):
        with scope(VILLAGE), pytest.raises(BulouError, match="from 1 to 90 days"):
            own_pages.give(village_of_two.people[0], by=village_of_two.worker, days=days)
    with scope(VILLAGE), pytest.raises(BulouError):
        own_pages.give(new_id(), by=village_of_two.worker)


def test_links_and_openings_are_seen_in_their_area_only(link: str) -> None:
    open_(link)

    for area, seen in (("45", 0), (VILLAGE, 1), ("12", 1)):
        with scope(area):
            assert (OwnPage.objects.count(), OwnPageOpening.objects.count()) == (seen, seen)
    with transaction.atomic(), nowhere():
        assert OwnPage.objects.count() == 0


@pytest.mark.parametrize("statement", ["DELETE FROM own_page_opening", "UPDATE own_page_opening SET ip = NULL"])
def test_nobody_takes_an_opening_back(link: str, statement: str) -> None:
    open_(link)

    with pytest.raises(ProgrammingError), transaction.atomic(), everywhere(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_owner_of_a_page_is_no_account_and_leaves_no_look(link: str) -> None:
    open_(link)

    with everywhere():
        assert AccessLog.objects.count() == 0
