"""Nobody's data are kept after the response: whoever was closed long enough ago cannot be read anywhere any more."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import connection

from bulou.directory import selectors as directory
from bulou.directory import services as people
from bulou.directory.crypto import vault
from bulou.directory.models import Account, Household, Person, Place, Unit
from bulou.directory.scope import everywhere
from bulou.exchange.imports.models import ImportBatch, ImportFile, ImportRow
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import erasing, holding, selectors, services, shelf, verification
from bulou.no_miss.screening.models import Declaration
from bulou.operations.support import own_pages
from bulou.operations.support.models import OwnPageOpening
from bulou.plan.rules import rules
from bulou.web.models import BulkAct, FieldEntry, SavedView

NOW = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
AREA = "120101001001"
NAME, ID, PHONE, ADDRESS = "欧阳不漏", "11010519491231002X", "13912345678", "不漏路一百零一号"
IP = "203.0.113.77"
"""From where they opened their page."""
SAID = f"{NAME}说他没有接触过"
LATER = NOW + 15 * DAY + 181 * DAY


@pytest.fixture(autouse=True)
def now(areas: object) -> Iterator[None]:
    with clock.at(NOW), everywhere():
        yield


@pytest.fixture
def person(village: Unit) -> Person:
    """Somebody isolated at home for fourteen days and let go, with every kind of record about them."""
    home = people.household_register(AREA, ADDRESS, synthetic=True)
    new = people.NewPerson(NAME, AREA, home.pk, id_number=ID, phone=PHONE, synthetic=True)
    found = people.person_register(new)
    Place.objects.create(id=home.pk, area_id=AREA, name=ADDRESS, kind="household", synthetic=True)
    happen(found, village, "person.enrolled", NOW, category="close_contact", reason=SAID)
    happen(found, village, "isolation.started", NOW + DAY / 24, kind="home", grounds=SAID)
    happen(found, village, "manager.named", NOW + DAY / 12, manager=f"{NAME}的姐姐", phone=PHONE)
    happen(found, village, "temperature.read", NOW + DAY, celsius=36.6)
    happen(found, village, "appeal.filed", NOW + 2 * DAY, reason=SAID)
    happen(found, village, "override.requested", NOW + 2 * DAY, act="isolation.ended", reason=SAID, missing=[SAID])
    happen(found, village, "isolation.ended", NOW + 15 * DAY, reason="completed")
    return found


def happen(person: Person, by: Unit, what: str, at: datetime, /, **data: Any) -> None:
    fact = Fact(str(new_id()), what, f"person:{person.pk}", AREA, at, f"unit:{by.pk}", data)
    assert services.record([fact], allow_future=True).refused == ()


def erase(at: datetime = LATER) -> int:
    people.clock_set(at)
    with clock.at(at):
        services.advance()
        return erasing.erase_closed()


def everywhere_in_the_database(*wanted: str) -> list[tuple[str, str]]:
    """Tables, months of facts among them, in which one of these texts stands."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind IN ('r', 'p')"
            " AND c.relnamespace = 'public'::regnamespace AND has_table_privilege(c.oid, 'SELECT')"
        )
        for (table,) in cursor.fetchall():
            for text in wanted:
                cursor.execute(f"SELECT count(*) FROM {table} t WHERE position(%s IN t::text) > 0", [text])
                found += [(table, text)] if cursor.fetchone()[0] else []
    return found


def test_nothing_of_the_person_can_be_read_any_more(person: Person, village: Unit, make_account: Any) -> None:
    account: Account = make_account("clerk", village, "village_committee")
    kept_by_pages(person, account)
    kept_by_imports(person)
    declared(person)
    people.access_record("search", by=account, area=AREA, purpose=f"list of people {NAME}")
    opened_their_page(person, account)
    sealed = bytes(Person.objects.values_list("id_number", flat=True).get(pk=person.pk))
    words = (NAME, quote(NAME), ADDRESS, PHONE, IP)
    assert {text for _, text in everywhere_in_the_database(*words)} == set(words)

    assert erase() == 1

    assert everywhere_in_the_database(*words, ID, sealed.hex()) == []
    assert list(SavedView.objects.values_list("title", flat=True)) == ["anybody"]
    assert OwnPageOpening.objects.count() == 1
    row = Person.everyone.get(pk=person.pk)
    assert (row.id_number, row.id_index, row.phone, row.phone_index, row.birth_date) == (None, None, None, None, None)
    assert Household.objects.get().address is None
    assert not Declaration.objects.exists()


def kept_by_pages(person: Person, account: Account) -> None:
    subject = f"person:{person.pk}"
    row = {"key": "1", "name": NAME, "subject": subject, "area": AREA, "problem": ""}
    whose: dict[str, Any] = {"account": account.pk, "unit": account.unit_id, "area": AREA}
    BulkAct.objects.create(id=new_id(), list="people", act="enrol", at=NOW, rows=[row], **whose)
    at = {"at": NOW, "phone_at": NOW, "reason": "late", "digest": b"1"}
    data = {"need": "food", "words": SAID}
    FieldEntry.objects.create(
        id=new_id(), device=uuid4(), duty="", kind="help.requested", subject=subject, data=data, **whose, **at
    )
    asked = {
        "by name": f"find={quote(NAME)}",
        "by number": f"find={PHONE}",
        f"where is {NAME}": "",
        "anybody": "sex=male",
    }
    for title, query in asked.items():
        SavedView.objects.create(list="people", account=account.pk, area=AREA, title=title, query=query)


def opened_their_page(person: Person, account: Account) -> None:
    link = own_pages.give(person.pk, by=account).text
    assert own_pages.open_by(link, ip=IP).person == person.pk


def declared(person: Person) -> None:
    """What they said of themselves on arriving, sealed."""
    id = new_id()
    sealed = {name: vault().seal(text, id, name) for name, text in (("name", NAME), ("phone", PHONE))}
    Declaration.objects.create(id=id, person=person.pk, area=AREA, origin=b"1", **sealed)


def kept_by_imports(person: Person) -> None:
    file = ImportFile.objects.create(area=AREA, kind="people", name="a.csv", digest="0")
    batch = ImportBatch.objects.create(file=file, area=AREA, rows_in=1, created=1, rehearsal=False)
    ImportRow.objects.create(
        batch=batch, number=1, area=AREA, outcome="created", digest=1, person=person.pk, shown={"name": NAME}
    )


def test_they_are_found_by_no_search_and_have_no_file(person: Person) -> None:
    erase()

    assert directory.person_file(person.pk) is None
    assert directory.people_find(NAME) == directory.people_find(ID) == directory.people_find(PHONE) == []
    assert directory.names([f"person:{person.pk}"]).get(f"person:{person.pk}", "") == ""


def test_what_happened_stays_about_nobody(person: Person) -> None:
    erase()

    with clock.at(LATER):
        facts = {fact.kind: fact.data for fact in selectors.facts_of(f"person:{person.pk}")}
    assert facts["temperature.read"] == {"celsius": 36.6}
    assert facts["isolation.started"] == {"kind": "home", "grounds": "（已删除）"}
    assert facts["override.requested"] == {"act": "isolation.ended", "reason": "（已删除）", "missing": []}
    assert facts["person.erased"] == {"ground": "retention"}


def test_the_ledger_and_custody_come_to_the_same_as_before(person: Person) -> None:
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    services.adopt([rule for rule in rules(plan) if rule.when.kind == "isolation.started"], area="12")
    with clock.at(LATER):
        services.advance()
        before = list(verification.stored_duties())

    erase()

    with clock.at(LATER):
        assert before == list(verification.stored_duties())
        assert before
        assert (verification.tally_differences(), holding.differing(LATER)) == ([], [])


@pytest.mark.parametrize("days", [0, 14, 100, 179])
def test_nobody_is_erased_before_the_time_of_keeping_is_over(person: Person, days: int) -> None:
    assert erase(NOW + 15 * DAY + days * DAY) == 0
    assert Person.objects.get().name == NAME


def test_nobody_is_erased_of_whom_something_was_recorded_since(person: Person, village: Unit) -> None:
    happen(person, village, "temperature.read", LATER - 10 * DAY, celsius=37.0)

    assert erase() == 0


def test_asking_about_ones_data_does_not_put_erasure_off(person: Person, village: Unit) -> None:
    subject = f"person:{person.pk}"
    asked = Fact(str(new_id()), "rights.requested", subject, AREA, LATER - 9 * DAY, subject, {"right": "erasure"})
    services.record([asked], allow_future=True)
    happen(person, village, "rights.answered", LATER - 8 * DAY, right="erasure", decision="declined", reason=SAID)

    assert erase() == 1
    assert everywhere_in_the_database(SAID) == []


def test_whoever_is_on_a_register_of_the_well_stays(person: Person, village: Unit) -> None:
    happen(person, village, "person.enrolled", NOW + 16 * DAY, category="vulnerable")
    assert erase() == 0

    happen(person, village, "person.withdrawn", NOW + 17 * DAY, category="vulnerable")
    assert erase(LATER + 2 * DAY) == 1


def test_erasing_again_finds_nobody(person: Person) -> None:
    assert (erase(), erase(LATER + DAY)) == (1, 0)


def test_a_household_keeps_its_address_while_somebody_lives_there(person: Person) -> None:
    other = people.person_register(people.NewPerson("乙", AREA, person.household_id, synthetic=True))

    erase()

    assert Household.objects.get().address is not None
    assert Person.objects.get().pk == other.pk


def test_the_files_that_are_part_of_theirs_go_with_them(person: Person) -> None:
    part = people.person_register(people.NewPerson("欧阳补漏", AREA, synthetic=True))
    Person.everyone.filter(pk=part.pk).update(same_as=person.pk, retired_at=NOW)

    assert erase() == 2
    assert Person.everyone.get(pk=part.pk).name == ""


def test_the_functions_touch_nobody_whose_file_is_not_blank(person: Person) -> None:
    subject = f"person:{person.pk}"
    with connection.cursor() as cursor:
        cursor.execute("""SELECT fact_erase(ARRAY[%s], '{"appeal.filed": ["reason"]}', 'x')""", [subject])
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT field_entry_erase(ARRAY[%s])", [subject])

    with clock.at(LATER):
        found = selectors.facts_of(subject)
    (filed,) = [fact for fact in found if fact.kind == "appeal.filed"]
    assert filed.data == {"reason": SAID}


def test_free_text_of_every_kind_is_known() -> None:
    words = erasing.free_text()

    assert words["manager.named"] == ["manager", "phone"]
    assert words["override.requested"] == ["reason", "missing"]
    assert words["temperature.read"] == ["device"]
    assert "medic.assessed" not in words
