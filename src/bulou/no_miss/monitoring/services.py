"""Acts of a fever clinic: received at triage, assessed, seen through to an outcome; and who was turned away.

Nobody is turned away without a trace: a refusal is a finding against the clinic, and the person is still looked for.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID, uuid5

from django.db import transaction

from bulou.directory.models import Account, Person, Unit
from bulou.kernel import clock
from bulou.kernel.areas import contains
from bulou.kernel.errors import BulouError
from bulou.kernel.facts import Fact
from bulou.kernel.ids import new_id
from bulou.ledger import selectors as ledger_reads
from bulou.ledger import services as ledger
from bulou.no_miss.monitoring import selectors
from bulou.no_miss.monitoring.models import Visit

Triage = Literal["general", "fever", "suspect", "critical"]
Finding = Literal["well", "refer", "suspect"]
Outcome = Literal["home", "observed", "admitted", "transferred"]
CLAUSE, RIGHT_WITHIN = "GX-4.1.g", "PT24H"
"""No patient is refused; a day to say how it is put right is our choice."""


def receive(
    person: UUID,
    triage: Triage,
    *,
    by: Account,
    exposure_history: bool | None,
    exposures: Sequence[str] = (),
    celsius: float | None = None,
    symptoms: Sequence[str] = (),
    id: UUID | None = None,
) -> UUID:
    """A person is put down at triage, with what they say of exposure, their temperature and symptoms.

    `id` is the visit's: the same form sent twice is one visit. BulouError for somebody out of scope.
    """
    found = Person.objects.filter(id=person).first()
    if found is None:
        raise _refusal("clinic.person", "属地内没有这个人；没有登记。", "There is no such person in your area.")
    visit, area = id or new_id(), _area(found.area_id, by)
    subject = f"person:{person}"
    said: dict[str, Any] = {"triage": triage, "unit": f"unit:{by.unit_id}"}
    if exposure_history is not None:
        said["exposure_history"] = exposure_history
    if exposures:
        said["exposures"] = list(exposures)
    facts = [_fact("fever_clinic.visited", subject, area, said, by, visit)]
    if celsius is not None:
        read = {"celsius": celsius, "setting": "fever_clinic"}
        facts.append(_fact("temperature.read", subject, area, read, by, uuid5(visit, "temperature")))
    if symptoms:
        told = {"symptoms": list(symptoms)}
        facts.append(_fact("symptoms.reported", subject, area, told, by, uuid5(visit, "symptoms")))
    _record(facts, by)
    return visit


def assess(visit: UUID, finding: Finding, *, by: Account, symptoms: Sequence[str] = (), id: UUID | None = None) -> None:
    """A medic saw the patient at the clinic."""
    found = _open(visit)
    said = {"finding": finding, "visit": "clinic"} | ({"symptoms": list(symptoms)} if symptoms else {})
    _record([_fact("medic.assessed", found.subject, found.area, said, by, id)], by)


def conclude(visit: UUID, outcome: Outcome, *, by: Account, to: UUID | None = None, id: UUID | None = None) -> None:
    """The visit has an outcome. BulouError where somebody is transferred to nobody."""
    found = _open(visit)
    if outcome == "transferred" and to is None:
        raise _refusal(
            "clinic.to", "转院须写明接收机构；没有登记。", "Say to which unit the patient goes; nothing was recorded."
        )
    said = {"outcome": outcome} | ({"to": f"unit:{to}"} if to else {})
    _record([_fact("visit.concluded", found.subject, found.area, said, by, id)], by)


def refuse(visit: UUID, words: str, *, by: Account, id: UUID | None = None) -> None:
    """The patient was turned away: that is a finding against the clinic, and the patient is still owed a visit."""
    found = _open(visit)
    if not words.strip():
        raise _refusal("clinic.why", "请写明为何没有接诊；没有登记。", "Say why; nothing was recorded.")
    made = id or new_id()
    facts = [_fact("visit.concluded", found.subject, found.area, {"outcome": "refused"}, by, made)]
    clinic = Unit.objects.filter(id=found.unit or by.unit_id).first()
    if clinic and contains(by.area, clinic.area_id):
        finding, who = uuid5(made, "finding"), f"unit:{clinic.pk}"
        said = {"clause": CLAUSE, "within": RIGHT_WITHIN, "words": words.strip(), "about": who, "to": who}
        said["severity"] = "serious"
        facts.append(_fact("finding.raised", f"finding:{finding}", clinic.area_id, said, by, finding))
    _record(facts, by)


def count(kind: str, subject: str, area: str, data: Mapping[str, Any], *, by: Account, id: UUID | None = None) -> UUID:
    """A line of one of the registers: a sale, a count, a sampling."""
    made = _fact(kind, subject, area, data, by, id)
    _record([made], by)
    return UUID(made.id)


def _open(visit: UUID) -> Visit:
    found = selectors.visit(visit)
    if found is None or found.state == "received":
        raise _refusal(
            "clinic.visit",
            "属地内没有这次就诊，或患者已在别处就诊；没有登记。",
            "There is no such visit in your area, or the patient was received elsewhere; nothing was recorded.",
        )
    return found


def _area(home: str, by: Account) -> str:
    """At the person's own address where the account answers for it, else at the clinic's."""
    return home if contains(by.area, home) else by.area


def _fact(kind: str, subject: str, area: str, data: Mapping[str, Any], by: Account, id: UUID | None) -> Fact:
    return Fact(str(id or new_id()), kind, subject, area, clock.now(), f"unit:{by.unit_id}", dict(data))


@transaction.atomic
def _record(facts: Sequence[Fact], by: Account) -> None:
    """All of them or none. BulouError where one is refused; the same act sent again is no error."""
    receipt = ledger.record(facts, area=by.area, account=by.pk)
    again = {one.id for one in receipt.refused if one.problem.code == "fact.conflict"}
    known = {str(id) for id in ledger_reads.facts_by_id([UUID(id) for id in again])} if again else set()
    problems = [one.problem for one in receipt.refused if one.id not in known]
    if problems:
        raise BulouError.many(problems)


def _refusal(code: str, zh: str, en: str) -> BulouError:
    return BulouError.of(code, zh, en)
