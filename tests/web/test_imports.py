"""The pages of imports: a file comes in, is matched, rehearsed, taken in and undone; somebody decides who is who."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import AccessLog, Person
from bulou.exchange.imports.models import ImportBatch, ImportDoubt, ImportFile, ImportPiece, ImportRow
from bulou.exchange.jobs.models import Job
from web.world import World

Enter = Callable[..., Client]
VILLAGE = "120101001001"
LIST = f"姓名,手机号,属地\n演示丙,19900000011,{VILLAGE}\n演示丁,123,{VILLAGE}\n"


@pytest.fixture
def desk(world: World, enter: Enter) -> Client:
    return enter(world.commander, "en")


def sent(desk: Client, text: str = LIST, kind: str = "people", name: str = "list.csv", **more: str) -> str:
    """The address of the headings' page of a file that was sent."""
    given = {"kind": kind, "file": SimpleUploadedFile(name, text.encode()), **more}
    return str(desk.post("/imports/new/", given).headers["Location"])


def rehearsed(desk: Client, address: str, **more: str) -> str:
    mapping = {"map.0": "name", "map.1": "phone", "map.2": "area"}
    return str(desk.post(address, mapping | more).headers["Location"])


def taken_in(desk: Client, text: str = LIST) -> str:
    return str(desk.post(rehearsed(desk, sent(desk, text)) + "take-in/").headers["Location"])


def test_nothing_imported_yet_says_how_to_begin(desk: Client) -> None:
    page = desk.get("/imports/").text

    assert "Nothing has been imported yet" in page
    assert 'href="/imports/new/"' in page


def test_headings_are_matched_with_examples_that_hide_numbers(desk: Client) -> None:
    page = desk.get(sent(desk)).text

    assert '<option value="phone" selected>Phone</option>' in page
    assert "199…11" in page
    assert "19900000011" not in page


def test_a_rehearsal_adds_up_says_what_is_wrong_and_keeps_nothing(desk: Client, world: World) -> None:
    page = desk.get(rehearsed(desk, sent(desk))).text

    assert "Nothing is kept yet" in page
    assert "Not a phone number" in page
    assert "Import: 1 new or changed row" in page
    with world.everywhere():
        assert not Person.objects.filter(name="演示丙").exists()


def test_a_file_is_taken_in_and_undone(desk: Client, world: World) -> None:
    address = taken_in(desk)

    assert "Undo the whole import" in desk.get(address).text
    with world.everywhere():
        assert Person.objects.filter(name="演示丙").exists()
    page = desk.post(address + "undo/", follow=True).text
    assert "The import was undone." in page
    assert "taken off the books: 1" in page
    with world.everywhere():
        assert not Person.objects.filter(name="演示丙").exists()
    assert "nothing to undo" in desk.post(address + "undo/", follow=True).text


def test_pasted_cells_are_a_file_too(desk: Client) -> None:
    answer = desk.post("/imports/new/", {"kind": "people", "pasted": LIST.replace(",", "\t")})

    assert answer.status_code == 302
    assert "<td" in desk.get(answer.headers["Location"]).text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "people", "pasted": ""}, "empty"),
        ({"kind": "people", "file": SimpleUploadedFile("x.xlsm", b"PK")}, "macros"),
        ({"kind": "nonsense", "pasted": "姓名\n甲"}, "no kind"),
    ],
)
def test_what_cannot_be_read_is_told_on_the_page_and_nothing_is_lost(
    given: dict[str, Any], said: str, desk: Client
) -> None:
    answer = desk.post("/imports/new/", given)

    assert answer.status_code == 422
    assert said in answer.text
    assert str(given.get("pasted", "")) in answer.text


def test_headings_that_say_too_little_are_asked_for_again_with_what_was_chosen(desk: Client) -> None:
    address = sent(desk)

    answer = desk.post(address, {"map.0": "", "map.1": "phone", "map.2": "area"})

    assert answer.status_code == 422
    assert "no column was found for: Name" in answer.text


def test_one_value_for_all_rows_stands_for_a_column(desk: Client) -> None:
    address = sent(desk, "姓名\n演示丙\n")
    assert 'name="set.area"' in desk.get(address).text

    page = desk.get(rehearsed(desk, address, **{"set.area": VILLAGE})).text

    assert "Import: 1 new or changed row" in page


def test_what_somebody_said_of_headings_is_remembered_for_the_unit(desk: Client) -> None:
    text = f"甲,乙,丙\n演示丙,19900000011,{VILLAGE}\n"
    rehearsed(desk, sent(desk, text))

    page = desk.get(sent(desk, text)).text

    assert "As you said the last time" in page
    assert '<option value="phone" selected>Phone</option>' in page


def test_refused_rows_come_back_in_the_same_format_and_the_export_is_on_record(desk: Client, world: World) -> None:
    address = rehearsed(desk, sent(desk))

    answer = desk.get(address + "refused/")

    assert 'filename="list.errors.csv"' in answer.headers["Content-Disposition"]
    assert "演示丁" in answer.getvalue().decode("utf-8-sig")
    with world.everywhere():
        looks = list(AccessLog.objects.filter(act="export").values_list("purpose", flat=True))
    assert looks == [f"import {address.split('/')[-2]}: command"]


@pytest.mark.parametrize("kind", ["people", "contacts", "cases", "units", "temperature.read"])
def test_a_template_imports_as_it_is(kind: str, desk: Client) -> None:
    import io

    from openpyxl import load_workbook

    content = desk.get(f"/imports/templates/{kind}/").getvalue()

    assert content.startswith(b"PK")
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert sheet["A1"].value
    assert desk.get(sent_workbook(desk, kind, content)).status_code == 200
    assert desk.get("/imports/templates/nonsense/").status_code == 404


def sent_workbook(desk: Client, kind: str, content: bytes) -> str:
    given = {"kind": kind, "file": SimpleUploadedFile("template.xlsx", content)}
    return str(desk.post("/imports/new/", given).headers["Location"])


def test_a_large_file_becomes_a_job_whose_page_shows_how_far_it_is(
    desk: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bulou.exchange.jobs.running import execute
    from bulou.web.desk import imports

    monkeypatch.setattr(imports, "AT_ONCE", 1)
    job = rehearsed(desk, sent(desk))
    assert job.startswith("/jobs/")
    assert "Rehearse people: list.csv" in desk.get(job).text
    with world.everywhere():
        execute(Job.objects.get().id)
        batch = ImportBatch.objects.get()

    assert (batch.state, batch.rows_in, batch.rejected) == ("done", 2, 1)
    assert f'href="/imports/{batch.id}/"' in desk.get(job).text


def test_another_province_sees_nothing_of_it(
    desk: Client, world: World, stranger: Any, make_account: Any, enter: Enter
) -> None:
    address = rehearsed(desk, sent(desk))
    other = enter(make_account("foreign", stranger, "county_command"), "en")

    assert "list.csv" not in other.get("/imports/").text
    with world.everywhere():
        file = ImportFile.objects.get()
    for path in (address, f"{address}refused/", f"/imports/files/{file.id}/"):
        assert other.get(path).status_code == 404
    for path in (f"{address}undo/", f"{address}take-in/"):
        assert other.post(path).status_code == 404


def test_doubles_are_decided_and_a_decision_is_taken_back(desk: Client, world: World) -> None:
    taken_in(desk, f"姓名,手机号,属地\n演示丙,19900000011,{VILLAGE}\n")
    taken_in(desk, f"姓名,手机号,属地\n演示饼,19900000011,{VILLAGE}\n")
    assert "1 person may be on file already" in desk.get("/imports/").text
    with world.everywhere():
        doubt = ImportDoubt.objects.get()
    page = desk.get("/imports/doubles/").text
    assert "199****0011" in page and "19900000011" not in page

    page = desk.post(f"/imports/doubles/{doubt.id}/", {"decision": "same"}, follow=True).text

    assert "One person" in page and "Decided lately" in page
    assert desk.get(f"/people/{doubt.person}/").headers["Location"] == f"/people/{doubt.other}/"
    assert desk.post(f"/imports/doubles/{doubt.id}/", {"decision": "same"}).status_code == 404
    page = desk.post(f"/imports/doubles/{doubt.id}/", {"decision": "anew"}, follow=True).text
    assert "decide anew" in page
    assert desk.get(f"/people/{doubt.person}/").status_code == 200
    assert "Two people;" in desk.post(f"/imports/doubles/{doubt.id}/", {"decision": "different"}, follow=True).text


def test_the_pages_take_a_fixed_number_of_queries(desk: Client) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert desk.get(path).status_code == 200
        return len(found)

    one = taken_in(desk)
    before = queries("/imports/"), queries(one)
    rows = "".join(f"演示{n},{n},{VILLAGE}\n演示{n},199000{n:05},{VILLAGE}\n" for n in range(40))
    many = taken_in(desk, f"姓名,手机号,属地\n{rows}")

    assert (queries("/imports/"), queries(many)) == before


def test_a_file_that_is_no_longer_kept_is_said_to_be_gone(desk: Client, world: World) -> None:
    address = rehearsed(desk, sent(desk))
    with world.everywhere():
        ImportPiece.objects.all().delete()

    page = desk.get(address).text

    assert "is no longer here" in page
    assert f"{address}refused/" not in page
    assert "the file was not kept" in desk.get(f"{address}refused/", follow=True).text
    assert "the file was not kept" in desk.post(f"{address}take-in/", follow=True).text


def test_an_import_that_is_stopped_before_it_begins_is_told_as_stopped(
    desk: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bulou.web.desk import imports

    monkeypatch.setattr(imports, "AT_ONCE", 1)
    job = rehearsed(desk, sent(desk))
    desk.post(f"{job}cancel/")
    with world.everywhere():
        batch = ImportBatch.objects.get()

    page = desk.get(f"/imports/{batch.id}/")

    assert page.status_code == 200
    assert "Stopped" in page.text


def test_a_run_that_was_stopped_goes_on_from_the_page(desk: Client, world: World) -> None:
    address = taken_in(desk)
    with world.everywhere():
        ImportBatch.objects.filter(rehearsal=False).update(state="cancelled", ended_at=None)
    assert "Go on with it" in desk.get(address).text

    onward = desk.post(f"{address}go-on/").headers["Location"]

    with world.everywhere():
        batch = ImportBatch.objects.get(rehearsal=False)
        assert onward == f"/jobs/{batch.job}/"
        assert batch.state == "running"
        assert Job.objects.filter(id=batch.job, state="queued").exists()
    assert "was not interrupted" in desk.post(f"{address}go-on/", follow=True).text, "it is under way already"


def test_a_run_whose_process_is_gone_is_listed_as_interrupted_with_what_to_do(desk: Client, world: World) -> None:
    address = taken_in(desk)
    with world.everywhere():
        ImportBatch.objects.filter(rehearsal=False).update(state="running", ended_at=None)
        ImportPiece.objects.all().delete()

    assert "Interrupted" in desk.get("/imports/").text
    page = desk.get(address).text

    assert "bulou import people list.csv --resume" in page
    assert "Undo the whole import" in page
    assert "the file was not kept" in desk.post(f"{address}go-on/", follow=True).text


def test_words_that_were_forgotten_are_said_to_be(desk: Client, world: World) -> None:
    address = taken_in(desk)
    with world.everywhere():
        batch = ImportBatch.objects.get(rehearsal=False)
        empty = [{"code": "import.phone", "field": "phone", "zh": "", "en": ""}]
        ImportRow.objects.create(batch=batch, number=9, area=batch.area, outcome="rejected", digest=1, problems=empty)

    assert "The words are no longer kept." in desk.get(address).text


def test_the_list_is_narrowed_and_sorted_by_its_address(desk: Client) -> None:
    taken_in(desk)
    rows = 'class="name"'

    assert desk.get("/imports/?file=LIST&kind=people&sort=begun").text.count(rows) == 2
    assert desk.get("/imports/?state=rehearsed").text.count(rows) == 1
    assert desk.get("/imports/?state=done").text.count(rows) == 1
    assert desk.get("/imports/?state=undone").text.count(rows) == 0
    assert 'aria-sort="descending"' in desk.get("/imports/?sort=-rows").text
    assert "command" in desk.get("/imports/?cols=who").text
