"""Findings keep up with facts that come by any door; duties fall to who is named; only the finder closes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.directory.models import Account, Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as ledger_reads
from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.oversight.supervision import selectors, services
from bulou.oversight.supervision.models import Finding
from bulou.plan.rules import rules

Scope = Callable[[str], AbstractContextManager[None]]
NOW = datetime(2020, 2, 10, 9, tzinfo=SHANGHAI)
HERE, NEXT, COUNTY = "120101001001", "120101001002", "120101"
HOUR = timedelta(hours=1)


@pytest.fixture
def team(make_unit: Callable[..., Unit]) -> Unit:
    return make_unit("和平区督查组", COUNTY, "supervision_group")


@pytest.fixture
def inspector(team: Unit, make_account: Callable[..., Account]) -> Account:
    return make_account("inspector", team, "supervision_group")


@pytest.fixture
def worker(village: Unit, make_account: Callable[..., Account]) -> Account:
    return make_account("worker", village, "village_committee")


@pytest.fixture
def in_force(village: Unit) -> Any:
    """The Guangxi duties about findings, and a clock at nine in the morning."""
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    with everywhere():
        ledger.adopt([rule for rule in rules(plan) if rule.when.kind.startswith("finding.")], area="12")
    with clock.at(NOW):
        yield


@pytest.fixture
def found(in_force: None, village: Unit, inspector: Account) -> Finding:
    with everywhere():
        given: dict[str, Any] = {"about": f"area:{HERE}", "to": village.pk, "clause": "GX-1.2.a"}
        return services.raise_finding("nobody keeps watch", "serious", area=HERE, by=inspector, id=new_id(), **given)


def now_of(id: UUID) -> Finding:
    with everywhere():
        return Finding.objects.get(id=id)


def owed(subject: str) -> dict[str, tuple[UUID | None, str]]:
    with everywhere():
        return {row.duty.partition("/")[2]: (row.owner, row.state) for row in ledger_reads.duties_of(subject)}


def test_what_is_found_is_a_duty_of_the_unit_named_and_looking_again_of_who_found_it(
    found: Finding, village: Unit, team: Unit, worker: Account
) -> None:
    assert owed(found.subject) == {
        "finding-put-right": (village.pk, "open"),
        "grave-finding-put-right": (village.pk, "open"),
    }
    with everywhere(), clock.at(NOW + HOUR):
        services.rectify(found.id, "two guards since noon", by=worker, id=new_id())

    after = owed(found.subject)
    assert after["finding-put-right"] == (village.pk, "met")
    assert after["finding-verified"] == (team.pk, "open")
    assert (now_of(found.id).state, now_of(found.id).answer) == ("rectified", "two guards since noon")


def test_nobody_but_the_finder_closes_it_by_whatever_door(found: Finding, worker: Account, inspector: Account) -> None:
    with everywhere(), clock.at(NOW + HOUR):
        services.rectify(found.id, "done", by=worker, id=new_id())
        with pytest.raises(BulouError, match="closed or returned by the unit that found it"):
            services.verify(found.id, "", by=worker, id=new_id())
        past = Fact(str(new_id()), "finding.verified", found.subject, HERE, clock.now(), f"unit:{worker.unit_id}", {})
        (refusal,) = ledger.record([past]).refused
    assert refusal.problem.code == "finding.not_yours"
    assert now_of(found.id).state == "rectified"

    with everywhere(), clock.at(NOW + 2 * HOUR):
        services.verify(found.id, "seen", by=inspector, id=new_id())
    assert now_of(found.id).closed_at == NOW + 2 * HOUR
    assert owed(found.subject)["finding-verified"][1] == "met"


def test_sent_back_it_is_owed_anew_and_missed_where_nobody_does_anything(
    found: Finding, village: Unit, worker: Account, inspector: Account
) -> None:
    with everywhere():
        with clock.at(NOW + HOUR):
            services.rectify(found.id, "done", by=worker, id=new_id())
        with clock.at(NOW + 2 * HOUR):
            services.return_(found.id, "the gate stands open", by=inspector, id=new_id())
            with pytest.raises(BulouError, match="no longer at this step"):
                services.verify(found.id, "", by=inspector, id=new_id())
    assert owed(found.subject)["finding-verified"][1] == "void"
    assert owed(found.subject)["returned-finding-put-right"] == (village.pk, "open")

    with everywhere(), clock.at(NOW + 27 * HOUR):
        ledger.advance()
        assert owed(found.subject)["returned-finding-put-right"] == (village.pk, "missed")
        assert selectors.standing(COUNTY, clock.now())["over"] == 1


def test_another_unit_does_not_say_that_it_is_right(
    found: Finding, make_unit: Callable[..., Unit], make_account: Callable[..., Account]
) -> None:
    other = make_account("other", make_unit("别处", COUNTY, "cdc"), "cdc")

    with everywhere(), pytest.raises(BulouError, match="The unit that is to put it right says so"):
        services.rectify(found.id, "done", by=other, id=new_id())
    with everywhere(), pytest.raises(BulouError, match="passes it on"):
        services.escalate(found.id, "not_rectified", "", by=other, id=new_id())


def test_the_same_form_sent_twice_is_one_finding_and_one_answer(
    in_force: None, village: Unit, inspector: Account, worker: Account
) -> None:
    id, answer = new_id(), new_id()
    with everywhere():
        for _ in range(2):
            services.raise_finding("x", "minor", area=HERE, by=inspector, id=id, to=village.pk)
        services.rectify(id, "done", by=worker, id=answer)

    assert now_of(id).state == "rectified"
    with everywhere():
        assert Finding.objects.count() == 1


@pytest.mark.parametrize(("words", "severity"), [(" ", "minor"), ("x", "terrible")])
def test_what_is_wrong_and_how_grave_must_be_said(
    in_force: None, inspector: Account, words: str, severity: str
) -> None:
    with everywhere(), pytest.raises(BulouError, match="Say what is wrong"):
        services.raise_finding(words, severity, area=HERE, by=inspector, id=new_id())


def test_reminders_and_passing_on_stand_beside_it(found: Finding, inspector: Account) -> None:
    with everywhere(), clock.at(NOW + HOUR):
        services.remind(found.id, "", by=inspector, id=new_id())
        services.escalate(found.id, "dereliction", "nobody came", by=inspector, id=new_id())

    after = now_of(found.id)
    assert (after.reminded, after.escalated_at, after.state) == (1, NOW + HOUR, "raised")


def test_a_fact_taken_back_leaves_it_as_it_was_and_derived_anew_it_is_the_same(
    found: Finding, worker: Account, village: Unit
) -> None:
    answer = new_id()
    with everywhere(), clock.at(NOW + HOUR):
        services.rectify(found.id, "done", by=worker, id=answer)
        back = Fact(
            str(new_id()), "fact.withdrawn", found.subject, HERE, clock.now(), f"unit:{village.pk}", {"reason": "x"},
            supersedes=str(answer),
        )  # fmt: skip
        assert ledger.record([back]).refused == ()
    assert now_of(found.id).state == "raised"

    with everywhere():
        before = list(Finding.objects.values_list())
        ledger.rebuild()
        assert list(Finding.objects.values_list()) == before


def test_only_findings_of_the_area_are_seen(in_force: None, inspector: Account, scope: Scope) -> None:
    with everywhere():
        for area in (HERE, NEXT):
            services.raise_finding("x", "minor", area=area, by=inspector, id=new_id())

    with scope(NEXT):
        assert [one.area for one in selectors.findings_found("", NOW)] == [NEXT]
        assert selectors.standing("", NOW)["owed"] == 1
    with scope(COUNTY):
        assert selectors.findings_found(COUNTY, NOW).count() == 2


def test_pages_follow_each_other_without_a_gap(in_force: None, inspector: Account, scope: Scope) -> None:
    with everywhere():
        for hours in range(7):
            with clock.at(NOW - HOUR * (hours // 2)):
                services.raise_finding("x", "minor", area=HERE, by=inspector, id=new_id())

    for newest in (False, True):
        found: list[Finding] = []
        with scope(COUNTY):
            wanted = selectors.findings_found("", NOW)
            while page := selectors.findings_page(
                wanted, newest=newest, after=str(found[-1].id) if found else "", limit=3
            ):
                found += page
            assert found == list(selectors.findings_stream(wanted, newest=newest))
        assert len({one.id for one in found}) == 7


def test_clocks_of_many_are_one_query_and_the_earlier_deadline_stands(
    in_force: None, village: Unit, inspector: Account
) -> None:
    with everywhere():
        made = [
            services.raise_finding("x", severity, area=HERE, by=inspector, id=new_id(), to=village.pk)
            for severity in ("minor", "serious", "grave")
        ]
        with CaptureQueriesContext(connection) as asked:
            found = selectors.clocks(made)

    assert len(asked) == 1
    assert [(found[one.id].due_at - NOW) / HOUR for one in made] == [72, 24, 4]
    assert {one.owner for one in found.values()} == {village.pk}
