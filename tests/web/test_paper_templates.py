"""Templates of papers: kept, looked at, put in force by area, taken back; on record, and on the papers themselves."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from bulou.directory.models import AccessLog, Account
from bulou.directory.scope import everywhere, scope
from bulou.directory.session_store import PROVEN
from bulou.kernel.ids import new_id
from bulou.web.models import PaperChoice, PaperVersion
from bulou.web.paper import filling, office, versions
from web.sites import Site
from web.word_files import bare, ours, with_words

Administrator = Callable[[str], Client]
PAGE = "/paper-templates/"
COUNTY, VILLAGE = "120101", "120101001001"
WORDS = {"name": "和平区指挥部", "head": "一行\n二行", "signatures": "本人签字：", "seal": "（盖章）", "foot": "第一页"}


@pytest.fixture
def system(administrator: Administrator) -> Client:
    return administrator("system")


def send(browser: Client, content: bytes, kind: str = "order", name: str = "letter.docx", **given: str) -> Any:
    return browser.post(f"{PAGE}{kind}/", {"file": SimpleUploadedFile(name, content), **given}, follow=True)


def choose(browser: Client, way: str = "own", kind: str = "order", **given: object) -> Any:
    return browser.post(f"{PAGE}{kind}/choose/", {"way": way, **given}, follow=True)


def latest(kind: str = "order") -> PaperVersion:
    with everywhere():
        found = PaperVersion.objects.filter(kind=kind).order_by("-made_at", "-id").first()
    assert found is not None
    return found


def put_in_force(browser: Client, content: bytes, kind: str = "order", **given: str) -> PaperVersion:
    send(browser, content, kind, **given)
    found = latest(kind)
    choose(browser, kind=kind, version=found.id, **given)
    return found


def done() -> list[tuple[str, str]]:
    with everywhere():
        found = AccessLog.objects.filter(act="paper").order_by("at", "id").values_list("subject", "purpose")
        return [(subject, re.sub(r" [0-9a-f]{8}$", "", purpose)) for subject, purpose in found]


def said(content: bytes) -> list[str]:
    return [text for _part, text in filling.paragraphs(content)]


class TestTheWay:
    def test_without_one_of_its_own_an_area_has_what_comes_along(self, world: Any, system: Client) -> None:
        page = system.get(PAGE).text

        assert page.count("Bulou's, which comes along") == 3
        assert said(system.get(f"{PAGE}order/ours/word/").content)[0] == "Order of isolation for medical observation"
        assert system.get(f"{PAGE}order/ours/template/").content == ours()
        assert system.get(f"{PAGE}order/ours/pdf/").content.startswith(b"%PDF-")

    def test_a_changed_template_is_kept_and_looked_at_before_it_counts(self, world: Any, system: Client) -> None:
        answer = send(system, with_words("红头 {{ name }}"))

        assert "Kept. Look at it" in answer.text
        assert "红头 Example Person" in answer.text
        assert "not in force" in answer.text
        assert versions.in_force(COUNTY)["order"].version is None
        made = system.get(f"{PAGE}order/{latest().id}/word/?area={COUNTY}").content
        assert "红头 Example Person" in said(made)

    def test_it_is_put_in_force_with_who_and_when_on_record(self, world: Any, system: Client) -> None:
        found = put_in_force(system, with_words("红头"))

        page = system.get(f"{PAGE}order/").text
        assert "Your own" in page
        assert "letter.docx" in page
        assert "system" in page
        assert versions.in_force(COUNTY)["order"].version == found.id
        assert done() == [(f"area:{COUNTY}", "order keep"), (f"area:{COUNTY}", "order own")]

    def test_the_record_of_access_says_it_in_words(self, world: Any, system: Client, administrator: Any) -> None:
        put_in_force(system, with_words("红头"))

        page = administrator("security").get("/looks/?act=paper").text

        assert "Order of isolation version kept" in page
        assert "Order of isolation put in force" in page

    def test_the_same_file_again_adds_nothing(self, world: Any, system: Client) -> None:
        send(system, with_words("红头"))
        content = with_words("红头")
        send(system, content)
        answer = send(system, versions.file_of(latest()))

        assert "nothing was added" in answer.text

    def test_an_earlier_version_comes_back_and_so_does_ours(self, world: Any, system: Client) -> None:
        first, second = put_in_force(system, with_words("甲")), put_in_force(system, with_words("乙"))
        assert versions.in_force(COUNTY)["order"].version == second.id

        choose(system, version=first.id)
        assert "甲" in said(versions.template("order", COUNTY))

        choose(system, "ours")
        assert versions.template("order", COUNTY) == ours()
        with everywhere():
            assert PaperVersion.objects.count() == 2
            assert PaperChoice.objects.count() == 4

    def test_what_is_kept_is_sealed(self, world: Any, system: Client) -> None:
        send(system, with_words("红头"))

        found = latest()

        assert b"PK" not in bytes(found.content)[:40]
        assert "红头" in said(versions.file_of(found))

    @pytest.mark.parametrize("content", [b"nothing", with_words("{{ lipsum.__globals__ }}"), with_words("{{ nmae }}")])
    def test_what_is_refused_leaves_everything_as_it_was(self, world: Any, system: Client, content: bytes) -> None:
        found = put_in_force(system, with_words("红头"))

        answer = send(system, content)

        assert answer.status_code == 422
        assert "The template in force stays" in answer.text
        assert latest() == found
        assert versions.in_force(COUNTY)["order"].version == found.id

    def test_a_form_without_a_file_is_told_so(self, world: Any, system: Client) -> None:
        answer = system.post(f"{PAGE}order/")

        assert answer.status_code == 422
        assert "Choose a Word file" in answer.text

    def test_what_a_template_does_without_is_asked(self, world: Any, system: Client) -> None:
        assert "It does without paragraphs" in send(system, bare("{{ name }} {{ number }} {{ address }}")).text

    def test_a_version_that_no_longer_fits_is_told_and_the_page_stays(self, world: Any, system: Client) -> None:
        with scope(COUNTY):
            account = Account.objects.get(username="system")
        kept, _new = versions.keep(COUNTY, "order", by=account, name="old.docx", content=with_words("{{ gone }}"))

        page = system.get(f"{PAGE}order/?version={kept.id}")

        assert page.status_code == 200
        assert "no field gone" in page.text
        assert system.get(f"{PAGE}order/{kept.id}/word/").status_code == 422


class TestAreas:
    def test_the_nearest_area_upwards_wins_and_may_leave_it_to_the_one_above(self, world: Any, system: Client) -> None:
        county = put_in_force(system, with_words("区"))
        village = put_in_force(system, with_words("村"), area=VILLAGE)

        assert versions.in_force(VILLAGE)["order"].version == village.id
        assert versions.in_force("120101002")["order"].version == county.id
        assert versions.in_force("120102")["order"].version is None

        choose(system, "above", area=VILLAGE)
        assert versions.in_force(VILLAGE)["order"].version == county.id
        choose(system, "ours", area=VILLAGE)
        assert versions.in_force(VILLAGE)["order"].version is None

    def test_the_page_of_an_area_below_says_whose_template_counts(self, world: Any, system: Client) -> None:
        put_in_force(system, with_words("区"))

        page = system.get(f"{PAGE}order/?area={VILLAGE}").text

        assert "Of 和平区" in page
        assert "Nothing of its own yet" in page

    def test_another_area_s_templates_are_not_there(self, world: Any, system: Client) -> None:
        other = "120102"
        account = Account.objects.get(username="system")
        with everywhere():
            kept, _new = versions.keep(other, "order", by=account, content=with_words("x"))

        assert system.get(f"{PAGE}?area={other}").status_code == 403
        assert system.get(f"{PAGE}order/{kept.id}/template/").status_code == 404
        assert choose(system, version=kept.id).status_code == 404
        assert choose(system, area=other, version=kept.id).status_code == 403
        with scope(COUNTY):
            assert not PaperVersion.objects.filter(pk=kept.id).exists()
        with scope(COUNTY), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            PaperChoice.objects.create(area=other, kind="order", way="ours", account=account.pk)

    @pytest.mark.parametrize("table", ["paper_version", "paper_choice"])
    @pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET kind = 'release'"])
    def test_versions_and_choices_are_only_added_to(self, world: Any, table: str, statement: str) -> None:
        denied = pytest.raises(ProgrammingError, match="permission denied")
        with everywhere(), denied, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table))


class TestWho:
    @pytest.mark.parametrize("duty", ["security", "audit"])
    def test_other_administrators_read_and_change_nothing(
        self, world: Any, system: Client, administrator: Any, duty: str
    ) -> None:
        found = put_in_force(system, with_words("红头"))
        browser = administrator(duty)

        assert "Try and keep" not in browser.get(f"{PAGE}order/").text
        assert browser.get(f"{PAGE}order/{found.id}/template/").status_code == 200
        assert send(browser, with_words("x")).status_code == 403
        assert choose(browser, "ours").status_code == 403

    def test_nobody_else_sees_them(self, world: Any, enter: Any) -> None:
        browser = enter(world.commander)

        assert browser.get(PAGE).status_code == 403
        assert send(browser, with_words("x")).status_code == 403

    def test_putting_in_force_asks_first_who_one_is(self, world: Any, system: Client) -> None:
        send(system, with_words("红头"))
        session = system.session
        session[PROVEN] = time.time() - 3600
        session.save()

        answer = system.post(f"{PAGE}order/choose/", {"way": "own", "version": str(latest().id)})

        assert answer["Location"].startswith("/account/confirm/")
        assert versions.in_force(COUNTY)["order"].version is None

    @pytest.mark.parametrize(
        "path",
        ["letter/", "letter/ours/pdf/", "order/ours/exe/", "order/x/pdf/", "office/ours/template/", "order/?version=x"],
    )
    def test_what_is_none_is_not_there(self, world: Any, system: Client, path: str) -> None:
        assert system.get(f"{PAGE}{path}").status_code == 404

    def test_a_choice_of_nothing_is_not_there(self, world: Any, system: Client) -> None:
        assert choose(system, "nonsense").status_code == 404
        assert choose(system, version=new_id()).status_code == 404
        assert choose(system, "ours", kind="letter").status_code == 404


class TestWordsOfTheOffice:
    def test_they_are_seen_while_they_are_written_and_nothing_is_kept(self, world: Any, system: Client) -> None:
        answer = system.post(f"{PAGE}look/", WORDS)

        assert "data:image/png;base64," in answer.text
        with everywhere():
            assert not PaperVersion.objects.exists()

    def test_words_that_do_not_fit_are_told_by_their_field_and_kept_in_the_form(
        self, world: Any, system: Client
    ) -> None:
        wrong = {"name": "长" * 61, "head": "1\n2\n3\n4", "foot": "\U00032000", "legal": "守法"}

        answer = system.post(f"{PAGE}office/", wrong)

        assert answer.status_code == 422
        for told in ("At most 60 characters", "At most 3 lines; there are 4", "no shape for", "守法", "长" * 61):
            assert told in answer.text
        assert "At most 3 lines" in system.post(f"{PAGE}look/", wrong).text
        with everywhere():
            assert not PaperVersion.objects.exists()

    def test_they_stand_on_the_word_file_and_the_pdf_once_in_force(self, world: Any, system: Client) -> None:
        system.post(f"{PAGE}office/", WORDS)
        assert versions.words(COUNTY) == office.NONE

        choose(system, kind="office", version=latest("office").id)

        words = versions.words(VILLAGE)
        assert (words["name"], words["head"], words["foot"]) == ("和平区指挥部", ["一行", "二行"], "第一页")
        texts = said(system.get(f"{PAGE}order/ours/word/").content)
        assert texts[:3] == ["和平区指挥部", "一行", "二行"]
        assert "第一页" in texts
        assert any(text.startswith("本人签字：") for text in texts)
        assert len(system.get(f"{PAGE}order/ours/pdf/").content) > 5000

    def test_words_are_never_code(self, world: Any, system: Client) -> None:
        system.post(f"{PAGE}office/", {"name": '#read("/etc/hostname") {{ title }} $x$'})
        choose(system, kind="office", version=latest("office").id)

        assert said(system.get(f"{PAGE}order/ours/word/").content)[0] == '#read("/etc/hostname") {{ title }} $x$'
        assert system.get(f"{PAGE}order/ours/pdf/").status_code == 200


def test_a_person_s_paper_is_made_with_what_the_issuing_office_has_in_force(
    site: Site, enter: Any, system: Client
) -> None:
    put_in_force(system, with_words("区的红头 {{ term }}"))
    put_in_force(system, with_words("村的红头"), area=VILLAGE)
    browser = enter(site.world.commander, "en")
    url = f"/people/{site.guest.pk}/isolation/"
    order = {"act": "order", "id": str(new_id()), "kind": "central", "days": "7", "grounds": "GX-2.1.e"}
    browser.post(f"{url}act/", order)

    made = browser.get(f"{url}{order['id']}.docx")

    texts = said(made.content)
    assert any(text.startswith("区的红头 7 days") for text in texts)
    assert "村的红头" not in texts
    assert browser.get(f"{url}{order['id']}.pdf").content.startswith(b"%PDF-")


@pytest.mark.parametrize(("path", "queries"), [("", 14), ("order/", 26), ("office/", 20)])
def test_a_page_takes_a_fixed_number_of_queries_whatever_was_kept(
    world: Any, system: Client, django_assert_num_queries: Any, path: str, queries: int
) -> None:
    put_in_force(system, with_words("甲"))
    system.post(f"{PAGE}office/", WORDS)
    choose(system, kind="office", version=latest("office").id)
    system.get(f"{PAGE}{path}")
    with django_assert_num_queries(queries):
        system.get(f"{PAGE}{path}")
    for number in range(3):
        put_in_force(system, with_words(f"乙{number}"))

    with django_assert_num_queries(queries):
        system.get(f"{PAGE}{path}")


def test_files_are_large_only_within_their_limit(world: Any, system: Client) -> None:
    assert "more than 5 MB" in send(system, bytes(6 * 1024 * 1024)).text


def test_two_areas_keep_the_same_file_each_for_itself(world: Any, system: Client) -> None:
    content = with_words("同")
    send(system, content)
    send(system, content, area=VILLAGE)

    with everywhere():
        assert sorted(PaperVersion.objects.values_list("area", flat=True)) == [COUNTY, VILLAGE]
