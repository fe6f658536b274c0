"""Acts about a patient beside the bed: who is left at home, the move to hospital, discharge with its guard.

What only records a fact (a grade, a plan, a consultation, a visit) is `told`; the others see to it first that they may.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import connection

from bulou.custody import selectors as custody
from bulou.directory.models import Account, Person, Unit
from bulou.directory.scope import everywhere
from bulou.directory.selectors.people import age
from bulou.kernel import clock
from bulou.kernel.areas import contains
from bulou.kernel.facts import Fact
from bulou.ledger import acts, guarding, locks
from bulou.ledger.guarding import Check
from bulou.no_miss.treatment import refusals
from bulou.no_miss.treatment.models import Episode

ACT = "episode.discharged"
ASKED = "dependants.asked"
YOUNG, OLD = 14, 65
"""Under and from which age somebody left at home needs the care of a child, or of an old person: our choice."""
_ASKED = """
SELECT f.at, (f.data ->> 'count')::int, COALESCE(f.data ->> 'words', '') FROM fact f
WHERE f.subject = %s AND f.kind = %s AND f.at >= %s AND f.at <= %s
    AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
ORDER BY f.at DESC LIMIT 1
"""


def tell(kind: str, episode: UUID, data: Mapping[str, Any], *, by: Account, id: UUID | None = None) -> None:
    """What happened to a patient: the fact. BulouError where it is refused, or the case is out of scope."""

    def act() -> None:
        patient = _patient(episode)
        acts.record(acts.fact(kind, f"episode:{episode}", patient.area, data, by, id), by)

    acts.atomic(act)


def ask_dependants(
    episode: UUID, dependants: Iterable[UUID], *, by: Account, others: int = 0, words: str = "", id: UUID | None = None
) -> int:
    """Who is left at home in need of care: nobody, people of the household, or `others` not on file, in words.

    A need is opened for each in the same act, so that support comes before the patient is moved. Gives how many.
    """

    def act() -> int:
        patient, people = _patient(episode), list(dict.fromkeys(dependants))
        if patient.person is None:
            raise refusals.no_patient()
        with everywhere():
            left = list(Person.objects.filter(id__in=people).order_by("id"))
        count = len(left) + others
        data = {"count": count, "people": [f"person:{one.pk}" for one in left]} | acts.given(words=words)
        asked = acts.fact(ASKED, f"person:{patient.person}", patient.area, data, by, id)
        needs = [(f"person:{one.pk}", one.area_id, need_of(age(one.birth_date))) for one in left]
        needs += [(f"person:{patient.person}", patient.area, need_of(None))] if others else []
        opened = [
            _also("help.requested", asked, subject, area, {"need": need} | acts.given(words=words), by)
            for subject, area, need in needs
        ]
        acts.record(asked, by, opened)
        return count

    return acts.atomic(act)


def need_of(years: int | None) -> str:
    """What somebody of that age needs who is left at home without the one they depend on."""
    if years is None:
        return "care"
    return "child_care" if years < YOUNG else "elder_care" if years >= OLD else "care"


def asked(patient: Episode) -> tuple[datetime, int, str] | None:
    """When it was last asked, in this illness, who is left at home; how many are, and in words. One query."""
    if patient.person is None:
        return None
    with everywhere(), connection.cursor() as cursor:
        cursor.execute(_ASKED, [f"person:{patient.person}", ASKED, patient.begun_at, clock.now()])
        row: tuple[datetime, int, str] | None = cursor.fetchone()
        return row


def transfer(episode: UUID, to: UUID, *, by: Account, reason: str = "", id: UUID | None = None) -> None:
    """Ask a hospital to take the patient: the holder hands over. BulouError before it was asked who is left at home.

    The holder is one's own unit or one in one's area; whom a unit elsewhere holds, only that unit can hand over.
    """

    def act() -> None:
        patient = _patient(episode)
        if patient.person is None:
            raise refusals.no_patient()
        if asked(patient) is None:
            raise refusals.not_asked()
        holder = custody.holders([patient.person]).get(patient.person)
        unit = _sender(holder.unit if holder else None, by)
        data = {"from": f"unit:{unit}", "to": f"unit:{to}"} | acts.given(reason=reason)
        made = acts.fact("handover.requested", f"person:{patient.person}", patient.area, data, by, id)
        acts.record(Fact(made.id, made.kind, made.subject, made.area, made.at, f"unit:{unit}", data), by)

    acts.atomic(act)


def check(patient: Episode) -> Check:
    """What must be true before the patient may go home, of what happened since the illness began. Four queries."""
    about = f"person:{patient.person}" if patient.person else f"episode:{patient.pk}"
    return guarding.check(ACT, f"episode:{patient.pk}", patient.area, patient.begun_at, clock.now(), asked_about=about)


def discharge(episode: UUID, *, by: Account, outcome: str = "recovered", id: UUID | None = None) -> Episode:
    """A patient leaves: home once the guard is met or two agreed to do without, or to another hospital."""

    def act() -> Episode:
        locks.hold_few([f"episode:{episode}"])
        patient = _patient(episode)
        found = check(patient)
        if outcome != "transferred" and not found.may_go:
            raise refusals.may_not_go([item.text for item in found.missing])
        data = {"outcome": outcome} | acts.given(unit=patient.unit and f"unit:{patient.unit}")
        acts.record(acts.fact(ACT, f"episode:{episode}", patient.area, data, by, id), by)
        patient.refresh_from_db()
        return patient

    return acts.atomic(act)


def ask_early(episode: UUID, reason: str, *, by: Account, id: UUID | None = None) -> UUID:
    """Ask that a patient may go though something is missing; what is missing is kept with it. Gives the request."""

    def act() -> UUID:
        patient = _named(episode)
        missing = [item.text.zh for item in check(patient).missing]
        data = {"act": ACT, "reason": reason, "missing": missing}
        fact = acts.fact("override.requested", f"person:{patient.person}", patient.area, data, by, id)
        acts.record(fact, by)
        return UUID(fact.id)

    return acts.atomic(act)


def agree_early(episode: UUID, request: UUID, *, by: Account, id: UUID | None = None) -> UUID:
    """Agree, on an account of one's own. BulouError for the account that asked."""

    def act() -> UUID:
        patient = _named(episode)
        with everywhere():
            known = acts.recorded(request, f"person:{patient.person}", "override.requested")
        if known is None:
            raise refusals.no_request()
        if known[1] is None or known[1] == by.pk:
            raise refusals.two_people()
        data = {"request": str(request)}
        fact = acts.fact("override.approved", f"person:{patient.person}", patient.area, data, by, id)
        acts.record(fact, by)
        return UUID(fact.id)

    return acts.atomic(act)


def _also(kind: str, first: Fact, subject: str, area: str, data: Mapping[str, Any], by: Account) -> Fact:
    """A fact that happens with another: its id follows from that one's, so that both sent twice are once."""
    return acts.fact(kind, subject, area, data, by, uuid5(UUID(first.id), kind + subject))


def _patient(episode: UUID) -> Episode:
    found = Episode.objects.filter(id=episode).first()
    if found is None:
        raise refusals.no_patient()
    return found


def _named(episode: UUID) -> Episode:
    found = _patient(episode)
    if found.person is None:
        raise refusals.no_patient()
    return found


def _sender(holder: UUID | None, by: Account) -> UUID:
    """Who hands over: the holder where the account acts for it, else one's own unit, and then the chain refuses."""
    if holder is None:
        return by.unit_id
    area = Unit.objects.filter(id=holder).values_list("area_id", flat=True).first()
    return holder if holder == by.unit_id or (area and contains(by.area, area)) else by.unit_id
