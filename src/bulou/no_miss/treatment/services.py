"""Acts about beds and the patients in them. Each records a fact and sees to it that the fact did what it was meant to.

A fact from elsewhere may put two patients into one bed, and then both are shown; an act on a page may not. So an act
first records, then looks at what the facts now come to (`follower.py`), and takes everything back where that is not
what was asked for. Two acts about one bed or one person queue; the second sees the first.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import connection

from bulou.custody.models import OPEN, Handover
from bulou.directory.models import Account, Person
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.facts import Fact
from bulou.ledger import acts, locks
from bulou.no_miss.treatment import refusals
from bulou.no_miss.treatment.models import Bed, BedKind, BedState, BedStay, Episode

KEPT_FOR = timedelta(hours=4)
"""How long a bed is kept for somebody on the way, unless told otherwise: our choice, a long transport."""
TIERS = {2: "province", 4: "city", 6: "county"}
_NEXT = """
SELECT place FROM bed
WHERE unit = %(unit)s AND kind = %(kind)s AND state = 'free'
    AND (reserved_until IS NULL OR reserved_until <= %(now)s OR reserved_for = %(person)s)
ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED
"""
"""The next free bed of a kind; one that somebody else is just taking is passed over, so that nobody waits."""


def admit(episode: UUID, bed: UUID, *, by: Account, id: UUID | None = None) -> BedStay:
    """A patient comes into a free, disinfected bed: isolated while suspected, admitted once the illness is stated.

    Where they were being handed over to the account's unit, that is received and settled in the same act. `id` is the
    fact's: the same act sent twice is one. BulouError where the bed is not to be had or the patient has another.
    """

    def act() -> BedStay:
        return _into(patient_of(episode), _bed(bed), by, id)

    return acts.atomic(act)


def admit_to_any(episode: UUID, unit: UUID, kind: str, *, by: Account, id: UUID | None = None) -> BedStay:
    """The same, into the next free bed of a kind in a hospital. BulouError where none is free."""

    def act() -> BedStay:
        patient = patient_of(episode)
        if id and (done := BedStay.objects.filter(id=id).first()):
            return done
        return _into(patient, _next(unit, kind, patient.person), by, id)

    return acts.atomic(act)


def move(episode: UUID, bed: UUID, *, by: Account, reason: str = "", id: UUID | None = None) -> BedStay:
    """A patient goes from their bed to another, also of another ward. BulouError as for `admit`."""

    def act() -> BedStay:
        found, patient = _bed(bed), patient_of(episode)
        _free_for(found, patient)
        data = {"place": str(bed), "unit": f"unit:{found.unit_id}"} | acts.given(reason=reason)
        fact = acts.fact("episode.moved", f"episode:{episode}", patient.area, data, by, id)
        hold(patient, fact)
        if open_stay(patient) is None:
            raise refusals.not_in_hospital()
        return _begin(fact, found, by)

    return acts.atomic(act)


def clean(bed: UUID, *, by: Account, agent: str = "", id: UUID | None = None) -> Bed:
    """Terminal disinfection makes an empty bed fit for the next patient; BulouError while somebody is in it."""

    def act() -> Bed:
        found = _bed(bed)
        if found.state == BedState.OCCUPIED:
            raise refusals.inhabited(found)
        acts.record(acts.fact("bed.cleaned", f"place:{bed}", found.area_id, acts.given(agent=agent), by, id), by)
        return _bed(bed)

    return acts.atomic(act)


def take_out_of_use(bed: UUID, reason: str, *, by: Account, id: UUID | None = None) -> Bed:
    """Nobody may be put into the bed any more; whoever is in it stays until moved."""
    return _about(bed, "bed.broken", {"reason": reason}, by, id)


def put_back_into_use(bed: UUID, *, by: Account, note: str = "", id: UUID | None = None) -> Bed:
    """What was wrong with the bed has been put right."""
    return _about(bed, "bed.repaired", acts.given(note=note), by, id)


def reserve(bed: UUID, person: UUID, *, by: Account, until: datetime | None = None) -> Bed:
    """Keep a free bed for somebody on the way, for `KEPT_FOR` or until an instant; what was kept for them is let go.

    BulouError where the bed is not free, or is kept for somebody else.
    """

    def act() -> Bed:
        now = clock.now()
        if not Person.objects.filter(id=person).exists():
            raise refusals.no_patient()
        locks.hold_few([f"person:{person}"])
        both = Bed.objects.filter(place=bed) | Bed.objects.filter(reserved_for=person)
        beds = {one.pk: one for one in both.order_by("place").select_for_update(of=("self",))}
        found = beds.pop(bed, None)
        if found is None:
            raise refusals.no_bed()
        if found.state != BedState.FREE:
            raise refusals.not_to_be_had(found, _TROUBLES[found.state])
        if found.reserved_for_id not in (None, person) and _is_kept(found):
            raise refusals.kept(found)
        for other in beds.values():
            _keep(other, None, None, None)
        _keep(found, person, until or now + KEPT_FOR, by.pk)
        return found

    return acts.atomic(act)


def let_go(bed: UUID, *, by: Account) -> Bed:
    """A bed is no longer kept for anybody."""

    def act() -> Bed:
        found = Bed.objects.select_for_update(of=("self",)).filter(place=bed).first()
        if found is None:
            raise refusals.no_bed()
        _keep(found, None, None, None)
        return found

    return acts.atomic(act)


_TROUBLES: Mapping[str, str] = {BedState.OCCUPIED: "taken", BedState.CLEANING: "unclean", BedState.BROKEN: "broken"}
SUSPECTED = "suspected"


def _into(patient: Episode, bed: Bed, by: Account, id: UUID | None) -> BedStay:
    _free_for(bed, patient)
    kind = "episode.isolated" if patient.status == SUSPECTED else "episode.admitted"
    data = {
        "unit": f"unit:{bed.unit_id}",
        "ward": bed.ward.name,
        "bed": bed.number,
        "place": str(bed.pk),
    }
    if kind == "episode.admitted":
        roles = set(bed.unit.roles.values_list("role", flat=True))
        data |= acts.given(tier=TIERS.get(len(bed.area_id)), facility=_facility(roles))
    fact = acts.fact(kind, f"episode:{patient.pk}", patient.area, data, by, id)
    hold(patient, fact)
    stay = open_stay(patient)
    if stay and str(stay.pk) != fact.id and stay.claimed is not None and stay.claimed != bed.pk:
        raise refusals.has_a_bed()
    if stay and stay.bed_id == bed.pk:
        acts.record(fact, by)
        return stay
    return _begin(fact, bed, by, _received(patient, fact, by))


def _facility(roles: set[str]) -> str | None:
    if "designated_hospital" in roles:
        return "designated"
    return "temporary" if "temporary_hospital" in roles else None


def hold(patient: Episode, fact: Fact) -> None:
    """The order in which the ledger takes its locks: the subjects of the batch, all at once."""
    locks.hold_few([fact.subject, *([f"person:{patient.person}"] if patient.person else [])])


def open_stay(patient: Episode) -> BedStay | None:
    """Where the patient, or the same person under another case, is now."""
    with everywhere():
        stays = BedStay.objects.filter(ended_at__isnull=True)
        mine = stays.filter(person=patient.person) if patient.person else stays.filter(episode=patient.pk)
        return mine.first()


def patient_of(episode: UUID) -> Episode:
    """An illness in scope. BulouError where there is none."""
    found = Episode.objects.filter(id=episode).first()
    if found is None:
        raise refusals.no_patient()
    return found


def _bed(id: UUID) -> Bed:
    found = Bed.objects.select_related("ward", "unit").filter(place=id).first()
    if found is None:
        raise refusals.no_bed()
    return found


def _next(unit: UUID, kind: str, person: UUID | None) -> Bed:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"unit": unit, "kind": kind, "now": clock.now(), "person": person})
        row = cursor.fetchone()
    if row is None:
        raise refusals.none_free(kind if kind in BedKind.values else "")
    return _bed(row[0])


def _about(bed: UUID, kind: str, data: dict[str, str], by: Account, id: UUID | None) -> Bed:
    def act() -> Bed:
        found = _bed(bed)
        acts.record(acts.fact(kind, f"place:{bed}", found.area_id, data, by, id), by)
        return _bed(bed)

    return acts.atomic(act)


def _received(patient: Episode, fact: Fact, by: Account) -> list[Fact]:
    """The links of a handover to this unit that are still open: with the bed, the patient is received and settled."""
    if patient.person is None:
        return []
    with everywhere():
        handover = Handover.objects.filter(person=patient.person, receiver=by.unit_id, stage__in=OPEN).first()
    if handover is None:
        return []
    done = {"requested": 1, "accepted": 2, "departed": 2, "received": 3}[handover.stage]
    links = ("handover.requested", "handover.accepted", "handover.received", "handover.settled")[done:]
    subject = f"person:{patient.person}"
    return [acts.fact(kind, subject, patient.area, {}, by, uuid5(UUID(fact.id), kind)) for kind in links]


def _begin(fact: Fact, bed: Bed, by: Account, with_: Sequence[Fact] = ()) -> BedStay:
    """The stay a fact begins, with its bed. BulouError where it begins none, or has not got the bed.

    Nor may it have the bed by being a moment earlier than somebody who was already told that it is theirs.
    """
    is_new = acts.record(fact, by, with_)
    stay = BedStay.objects.filter(id=fact.id).first()
    if stay is None:
        raise refusals.has_a_bed()
    if not is_new:
        return stay
    if stay.bed_id is None:
        raise refusals.not_to_be_had(bed, stay.trouble)
    others = BedStay.objects.filter(claimed=bed.pk, ended_at__isnull=True).exclude(id=stay.pk)
    if others.exists():
        raise refusals.not_to_be_had(bed, "taken")
    return stay


def _free_for(bed: Bed, patient: Episode) -> None:
    if bed.reserved_for_id not in (None, patient.person) and _is_kept(bed):
        raise refusals.kept(bed)


def _is_kept(bed: Bed) -> bool:
    return bed.reserved_until is not None and bed.reserved_until > clock.now()


def _keep(bed: Bed, person: UUID | None, until: datetime | None, account: UUID | None) -> None:
    bed.reserved_for_id, bed.reserved_until, bed.reserved_by = person, until, account
    bed.save(update_fields=["reserved_for", "reserved_until", "reserved_by"])
