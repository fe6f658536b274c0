"""Papers handed over: signed for or refused before a witness, with a scan kept sealed, on the isolation page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from bulou.directory import erasing
from bulou.directory.models import AccessLog
from bulou.directory.scope import everywhere, scope
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as ledger
from bulou.web.desk import handing
from bulou.web.models import PaperScan
from web.sites import Site

Enter = Callable[..., Client]
PHOTO = b"\xff\xd8\xff\xe0 a photograph of a signed paper"


@pytest.fixture
def commander(site: Site, enter: Enter) -> Client:
    return enter(site.world.commander, "en")


@pytest.fixture
def paper(site: Site, commander: Client) -> str:
    """The address of the paper of an order."""
    id = str(new_id())
    form = {"act": "order", "id": id, "kind": "central", "days": "7", "grounds": "GX-2.1.e"}
    commander.post(f"{url(site)}act/", form)
    return f"{url(site)}{id}/"


def url(site: Site) -> str:
    return f"/people/{site.guest.pk}/isolation/"


def hand(browser: Client, paper: str, /, photo: bytes = b"", **given: object) -> Any:
    form = {"id": str(new_id()), "outcome": "signed", **{name: str(value) for name, value in given.items()}}
    sent = {"scan": SimpleUploadedFile("IMG_1.jpg", photo)} if photo else {}
    return browser.post(f"{paper}hand-over/", form | sent, follow=True)


def facts(site: Site) -> list[Any]:
    with everywhere():
        return [fact for fact in ledger.facts_of(f"person:{site.guest.pk}") if fact.kind == "paper.handed_over"]


def test_a_paper_nobody_handed_over_says_so(site: Site, commander: Client, paper: str) -> None:
    assert "Not on record as handed over" in commander.get(url(site)).text


def test_a_paper_that_was_signed_for_says_when_and_by_whom_it_was_handed_over(
    site: Site, commander: Client, paper: str
) -> None:
    answer = hand(commander, paper)

    assert "Recorded: the paper was handed over" in answer.text
    assert "Signed for" in answer.text
    (fact,) = facts(site)
    assert fact.data == {"paper": paper.split("/")[-2], "outcome": "signed"}
    assert fact.by == f"unit:{site.world.commander.unit_id}"


def test_a_guardian_may_sign_for_somebody(site: Site, commander: Client, paper: str) -> None:
    assert "Signed for by the mother" in hand(commander, paper, signer="the mother", note="a child").text


def test_a_refusal_needs_a_witness_and_what_was_entered_stays(site: Site, commander: Client, paper: str) -> None:
    answer = hand(commander, paper, outcome="refused_to_sign", signer="kept here")

    assert answer.status_code == 409
    assert "does so before a witness" in answer.text
    assert "kept here" in answer.text
    assert facts(site) == []

    told = hand(commander, paper, outcome="refused_to_sign", witness="Officer Li").text
    assert "Refused to sign" in told
    assert "witness: Officer Li" in told


def test_the_same_form_sent_twice_is_one(site: Site, commander: Client, paper: str) -> None:
    id = new_id()
    hand(commander, paper, PHOTO, id=id)
    hand(commander, paper, PHOTO, id=id)

    assert len(facts(site)) == 1
    with everywhere():
        assert PaperScan.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "form"), [(PHOTO, "jpeg"), (b"\x89PNG\r\n\x1a\n...", "png"), (b"%PDF-1.7 ...", "pdf")]
)
def test_a_scan_is_kept_sealed_and_given_back_on_record(
    site: Site, commander: Client, paper: str, content: bytes, form: str
) -> None:
    hand(commander, paper, content)

    with everywhere():
        kept = PaperScan.objects.get()
        looks = AccessLog.objects.filter(subject=f"person:{site.guest.pk}").count()
    assert content not in bytes(kept.content)
    answer = commander.get(f"{url(site)}{kept.pk}/scan/")
    assert answer.content == content
    assert answer["Content-Type"] == handing.TYPES[form]
    assert answer["Content-Disposition"].startswith("attachment")
    assert f"{kept.pk}/scan/" in commander.get(url(site)).text
    with everywhere():
        assert AccessLog.objects.filter(subject=f"person:{site.guest.pk}").count() == looks + 2


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"MZ", b"\xff\xd8\xff" + bytes(handing.LARGEST)])
def test_what_is_no_scan_is_refused_and_nothing_is_recorded(
    site: Site, commander: Client, paper: str, content: bytes
) -> None:
    answer = hand(commander, paper, content)

    assert answer.status_code == 409
    assert "A scan is a JPEG, PNG or PDF of up to 8 MB" in answer.text
    assert facts(site) == []


def test_only_papers_of_this_person_are_handed_over(site: Site, commander: Client, paper: str) -> None:
    assert hand(commander, f"{url(site)}{new_id()}/").status_code == 404
    assert commander.get(f"{url(site)}{new_id()}/scan/").status_code == 404
    assert hand(commander, paper, outcome="sung").status_code == 409
    assert hand(commander, paper, id="x").status_code == 409


def test_somebody_out_of_sight_is_not_there(
    site: Site, enter: Enter, commander: Client, paper: str, stranger: Any, make_account: Any
) -> None:
    hand(commander, paper, PHOTO)
    with everywhere():
        scan = PaperScan.objects.get()
    browser = enter(make_account("foreign", stranger, "county_command"))

    assert hand(browser, paper).status_code == 404
    assert browser.get(f"{url(site)}{scan.pk}/scan/").status_code == 404
    with scope(stranger.area_id):
        assert not PaperScan.objects.exists()


@pytest.mark.parametrize("statement", ["DELETE FROM paper_scan", "UPDATE paper_scan SET form = 'png'"])
def test_scans_are_only_added_to(site: Site, statement: str) -> None:
    denied = pytest.raises(ProgrammingError, match="permission denied")
    with everywhere(), denied, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_whoever_is_erased_leaves_no_scan(site: Site, commander: Client, paper: str) -> None:
    hand(commander, paper, PHOTO)
    with everywhere(), connection.cursor() as cursor:
        cursor.execute("SELECT paper_scan_erase(%s::uuid[])", [[site.guest.pk]])
        assert PaperScan.objects.count() == 1

    erasing.erase([site.guest.pk])

    with everywhere():
        assert PaperScan.objects.count() == 0
