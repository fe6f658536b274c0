"""A person's isolation page, its papers and their verification."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from docx import Document

from bulou.directory.models import AccessLog
from bulou.directory.scope import everywhere
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as ledger
from bulou.ledger.services import record
from bulou.web.desk import papers
from bulou.web.paper import glyphs, printing
from web.sites import Site

Enter = Callable[..., Client]


@pytest.fixture
def commander(site: Site, enter: Enter) -> Client:
    return enter(site.world.commander, "en")


def url(site: Site) -> str:
    return f"/people/{site.guest.pk}/isolation/"


def do(browser: Client, site: Site, act: str, /, **given: object) -> Any:
    form = {"act": act, "id": str(new_id()), **{name: str(value) for name, value in given.items()}}
    return browser.post(f"{url(site)}act/", form, follow=True)


def order(browser: Client, site: Site, **given: object) -> Any:
    return do(browser, site, "order", **({"kind": "central", "days": 7, "grounds": "GX-2.1.e"} | given))


def facts(site: Site, kind: str) -> list[Any]:
    with everywhere():
        return [fact for fact in ledger.facts_of(f"person:{site.guest.pk}") if fact.kind == kind]


def paper(site: Site, form: str) -> str:
    return f"{url(site)}{facts(site, 'isolation.ordered')[0].id}.{form}"


class TestThePage:
    def test_says_how_long_and_whether_the_person_may_go(self, site: Site, commander: Client) -> None:
        text = commander.get(url(site)).text

        assert "Grounds end" in text
        assert "14 days served" in text
        assert "No order on record" in text

    def test_every_look_is_on_record(self, site: Site, commander: Client) -> None:
        commander.get(url(site))

        with everywhere():
            assert AccessLog.objects.filter(subject=f"person:{site.guest.pk}").count() == 1

    def test_an_order_is_recorded_with_its_grounds(self, site: Site, commander: Client) -> None:
        answer = order(commander, site, basis="a law", number="2020-12", counted_from="2020-02-06")

        assert "The order is recorded" in answer.text
        assert "In force" in answer.text
        assert facts(site, "isolation.ordered")[0].data == {
            "kind": "central",
            "days": 7,
            "grounds": "GX-2.1.e",
            "basis": "a law",
            "number": "2020-12",
            "counted_from": "2020-02-06",
        }

    @pytest.mark.parametrize(
        "given", [{"days": "0"}, {"days": "x"}, {"grounds": " "}, {"kind": "prison"}, {"counted_from": "yesterday"}]
    )
    def test_what_is_not_filled_in_is_said_and_kept(self, site: Site, commander: Client, given: dict[str, str]) -> None:
        answer = order(commander, site, **({"number": "kept-12"} | given))

        assert answer.status_code == 409
        assert "kept-12" in answer.text
        assert facts(site, "isolation.ordered") == []

    def test_only_those_who_decide_order_and_answer(self, site: Site, enter: Enter) -> None:
        browser = enter(site.nurse, "en")

        assert "A new order" not in browser.get(url(site)).text
        assert order(browser, site).status_code == 403
        assert do(browser, site, "answer", appeal=new_id(), decision="upheld", reason="x").status_code == 403
        assert do(browser, site, "sing").status_code == 404

    def test_the_end_is_changed_and_the_isolation_ended_once_all_is_met(self, site: Site, commander: Client) -> None:
        assert do(commander, site, "end").status_code == 409
        do(commander, site, "change-end", way="shorten", days=11, grounds="no contact")
        site.assess()

        answer = do(commander, site, "end", follow_up_days=7)

        assert "Certificate" in answer.text
        assert site.room_of(site.guest) is None

    def test_two_accounts_end_it_early(self, site: Site, enter: Enter, commander: Client) -> None:
        do(commander, site, "ask-early", reason="a birth")
        request = facts(site, "override.requested")[0].id
        nurse = enter(site.nurse, "en")
        assert "Agree to early release" in nurse.get(url(site)).text

        do(nurse, site, "agree-early", request=request)

        assert "Yes, by the approval" in nurse.get(url(site)).text
        assert do(nurse, site, "end", reason="nonsense").status_code == 409

    def test_an_appeal_is_put_down_by_anybody_and_answered_by_who_decides(
        self, site: Site, enter: Enter, commander: Client
    ) -> None:
        nurse = enter(site.nurse, "en")
        assert "To be answered by" in do(nurse, site, "appeal", reason="I was never there").text
        appeal = facts(site, "appeal.filed")[0].id

        answer = do(
            enter(site.world.commander, "en"), site, "answer", appeal=appeal, decision="lifted", reason="so it is"
        )

        assert "so it is" in answer.text
        assert do(commander, site, "answer", appeal=appeal, decision="maybe", reason="x").status_code == 409

    def test_somebody_out_of_sight_is_not_there(
        self, site: Site, enter: Enter, stranger: Any, make_account: Any
    ) -> None:
        browser = enter(make_account("foreign", stranger, "county_command"))

        assert browser.get(url(site)).status_code == 404
        assert order(browser, site).status_code == 404


class TestPapers:
    def test_an_order_is_a_pdf_and_a_word_file(self, site: Site, commander: Client) -> None:
        order(commander, site, number="2020-12")

        pdf, word = commander.get(paper(site, "pdf")), commander.get(paper(site, "docx"))

        assert pdf.content.startswith(b"%PDF-")
        assert len(pdf.content) > 5000
        with zipfile.ZipFile(io.BytesIO(word.content)) as file:
            text = re.sub(r"<[^>]+>", "", file.read("word/document.xml").decode())
        for said in ("丁", "7 days, counted from 2020-02-10", "GX-2.1.e", "2020-12", "You may appeal", "/verify/"):
            assert said in text
        assert "{{" not in text

    def test_a_release_is_certified_in_both_languages(self, site: Site, enter: Enter, commander: Client) -> None:
        do(commander, site, "change-end", way="shorten", days=11, grounds="x")
        site.assess()
        do(commander, site, "end")
        address = f"{url(site)}{facts(site, 'isolation.ended')[0].id}.docx"

        said = {}
        for language in ("zh-hans", "en"):
            with zipfile.ZipFile(io.BytesIO(enter(site.world.commander, language).get(address).content)) as file:
                said[language] = file.read("word/document.xml").decode()

        assert "解除医学隔离观察证明" in said["zh-hans"]
        assert "Certificate of release from isolation" in said["en"]

    def test_an_office_has_its_own_template(self, site: Site, commander: Client, settings: Any, tmp_path: Any) -> None:
        order(commander, site)
        own = Document(str(printing.HERE / "paper.docx"))
        own.add_paragraph("红头文件")
        own.save(str(tmp_path / "paper.docx"))
        settings.PAPERS = tmp_path

        with zipfile.ZipFile(io.BytesIO(commander.get(paper(site, "docx")).content)) as file:
            assert "红头文件" in file.read("word/document.xml").decode()

    def test_a_name_the_font_cannot_draw_is_refused_as_pdf_with_what_to_do(self, site: Site, commander: Client) -> None:
        order(commander, site, grounds="\U00032000")

        answer = commander.get(paper(site, "pdf"))

        assert answer.status_code == 422
        assert "Download the Word file" in answer.text
        assert commander.get(paper(site, "docx")).status_code == 200

    def test_what_is_no_paper_is_not_there(self, site: Site, commander: Client) -> None:
        start = facts(site, "isolation.started")[0].id

        assert commander.get(f"{url(site)}{start}.pdf").status_code == 404
        order(commander, site)
        assert commander.get(paper(site, "exe")).status_code == 404


class TestVerification:
    def address(self, site: Site) -> str:
        fact = facts(site, "isolation.ordered")[0].id
        return f"/verify/{papers.signing.dumps([str(site.guest.pk), str(fact)], salt=papers.SALT)}/"

    def test_whoever_holds_the_paper_learns_whether_it_stands_and_no_name_in_full(
        self, site: Site, commander: Client
    ) -> None:
        order(commander, site, number="2020-12")
        stranger = Client(headers={"accept-language": "en"})

        text = stranger.get(self.address(site)).text

        assert "2020-12" in text
        assert "In force" in text
        assert "丁*" in text

    def test_a_paper_that_was_withdrawn_says_so(self, site: Site, commander: Client) -> None:
        order(commander, site)
        fact = facts(site, "isolation.ordered")[0]
        address = self.address(site)
        with everywhere():
            data = {"reason": "wrong person"}
            made = Fact(str(new_id()), "fact.withdrawn", fact.subject, fact.area, fact.at, None, data, str(fact.id))
            assert record([made]).refused == ()

        assert "Withdrawn" in Client(headers={"accept-language": "en"}).get(address).text

    @pytest.mark.parametrize("token", ["x", "x:y:z"])
    def test_a_forged_code_is_none_of_ours(self, db: None, token: str) -> None:
        answer = Client(headers={"accept-language": "en"}).get(f"/verify/{token}/")

        assert answer.status_code == 404
        assert "not a paper of ours" in answer.text

    def test_a_code_signed_for_a_fact_that_is_none_is_none_of_ours(self, site: Site) -> None:
        token = papers.signing.dumps([str(site.guest.pk), str(new_id())], salt=papers.SALT)

        assert Client().get(f"/verify/{token}/").status_code == 404


class TestGlyphs:
    def test_every_sentence_of_the_pages_can_be_printed(self) -> None:
        catalogue = (printing.HERE.parents[1] / "locale/zh_Hans/LC_MESSAGES/django.po").read_text("utf-8")

        assert glyphs.missing([catalogue]) == []

    def test_rare_characters_of_names_can_be_printed(self) -> None:
        assert glyphs.missing(["㛃䶮堃喆淼赟翀祎玥昇陞犇甡"]) == []

    def test_what_cannot_be_printed_is_named_once(self) -> None:
        assert glyphs.missing(["a \U00032000\n", "\U00032000"]) == ["\U00032000"]
