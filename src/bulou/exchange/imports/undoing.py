"""A whole import taken back, in one transaction: facts withdrawn, people retired, changes put back.

What somebody has changed or built on since stays as it is, and is told.
"""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from bulou.directory.scope import everywhere, scope
from bulou.directory.services import Change, listed_back, people_retire, put, unlist
from bulou.exchange.imports.happenings import NAMESPACE
from bulou.exchange.imports.models import INTERRUPTED, ImportBatch
from bulou.exchange.imports.refusing import bad_file
from bulou.kernel import clock
from bulou.kernel.facts import WITHDRAWN, Fact
from bulou.kernel.periods import local_date
from bulou.ledger import services as ledger

DAYS = 7
"""How long an import can be undone. Our choice: a week outlasts a holiday; later too much hangs on it."""
REASON = "整批导入撤销 · import undone"


@transaction.atomic
def undo(batch: ImportBatch, *, by: UUID | None, unit: UUID | None = None) -> dict[str, int]:
    """Take an import back; what was done, as numbers. BulouError where it cannot be, or was already."""
    with scope(batch.area):
        batch = ImportBatch.objects.select_for_update().get(id=batch.id)
        _check(batch)
        done = {"facts": _withdraw(batch, by, unit)}
        done |= _people(batch) if batch.kind not in ("places", "units", "households") else _things(batch)
        batch.state, batch.undone, batch.undone_by = "undone", done, by
        batch.undone_at = Now()
        batch.save(update_fields=["state", "undone", "undone_by", "undone_at"])
    return done


def _check(batch: ImportBatch) -> None:
    if batch.rehearsal or batch.state not in ("done", "cancelled", "failed", INTERRUPTED):
        raise bad_file("undo", "这一批没有可撤销的内容。", "there is nothing to undo in this import.")
    if batch.begun_at < timezone.now() - timedelta(days=DAYS):
        raise bad_file(
            "undo_late",
            f"导入已超过 {DAYS} 天，不能整批撤销。请逐条更正。",
            f"this import is older than {DAYS} days and can no longer be undone as a whole. Correct it row by row.",
        )


def _withdraw(batch: ImportBatch, by: UUID | None, unit: UUID | None) -> int:
    """Withdraw the facts the import recorded; those somebody has withdrawn since need it no more."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [batch.id])
        rows = cursor.fetchall()
    now = clock.now()
    author = f"unit:{unit or batch.unit}" if unit or batch.unit else None
    facts = (
        Fact(
            str(uuid5(NAMESPACE, f"undo:{id}")),
            WITHDRAWN,
            subject,
            area,
            max(now, at),
            author,
            {"reason": REASON},
            str(id),
        )
        for id, subject, area, at in rows
    )
    return sum(receipt.created for receipt in ledger.record_all(facts, area=batch.area, account=by))


def _people(batch: ImportBatch) -> dict[str, int]:
    with everywhere(), connection.cursor() as cursor:
        cursor.execute(_CREATED, [batch.id])
        people = dict(cursor.fetchall())
    retired = people_retire([id for id, hangs in people.items() if not hangs])
    back = changed = 0
    for layer in _layers(batch):
        changed += len(layer)
        back += len(put(layer.items(), back=True))
    return {"retired": retired, "kept": len(people) - retired, "put_back": back, "changed_since": changed - back}


def _layers(batch: ImportBatch) -> Iterator[dict[UUID, Change]]:
    """The changes, the latest first, each person once in a layer."""
    rows = batch.rows.filter(person_created=False).exclude(change=None).exclude(person=None).order_by("-number")
    layer: dict[UUID, Change] = {}
    for person, change in rows.values_list("person", "change").iterator(chunk_size=10_000):
        assert person is not None and change is not None
        if person in layer:
            yield layer
            layer = {}
        layer[person] = change
    if layer:
        yield layer


def _things(batch: ImportBatch) -> dict[str, int]:
    what = {"places": "place", "units": "unit", "households": "household"}[batch.kind]
    made = batch.rows.filter(outcome="created").values_list("subject", flat=True)
    ids = [UUID(subject.partition(":")[2]) for subject in made]
    with everywhere(), connection.cursor() as cursor:
        cursor.execute(_HANGING, [[f"{what}:{id}" for id in ids]])
        hanging = {UUID(subject.partition(":")[2]) for (subject,) in cursor.fetchall()}
    free = [id for id in ids if id not in hanging]
    retired = unlist(what, free, local_date(clock.now(), clock.SHANGHAI)) if free else 0  # type: ignore[arg-type]
    rows = batch.rows.filter(outcome="updated").order_by("-number").values_list("subject", "change")
    changes = [(UUID(subject.partition(":")[2]), change) for subject, change in rows if change]
    back = listed_back(what, changes) if changes else 0  # type: ignore[arg-type]
    return {"retired": retired, "kept": len(ids) - retired, "put_back": back, "changed_since": len(changes) - back}


_FACTS = """
SELECT f.id, f.subject, f.area, f.at FROM import_row r JOIN fact_key k ON k.id = r.fact
JOIN fact f ON f.id = k.id AND f.at = k.at
WHERE r.batch = %s AND r.fact IS NOT NULL AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id) ORDER BY f.at, f.id
"""
_CREATED = """
WITH made AS MATERIALIZED (
    SELECT DISTINCT r.person FROM import_row r WHERE r.batch = %s AND r.person_created
), ill AS MATERIALIZED (
    SELECT f.data ->> 'person' AS person FROM fact f
    WHERE f.subject >= 'episode:' AND f.subject < 'episode;' AND f.data ? 'person'
        AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
)
SELECT m.person, EXISTS (
    SELECT FROM fact f WHERE f.subject = 'person:' || m.person AND f.kind <> 'fact.withdrawn'
        AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
) OR EXISTS (SELECT FROM ill i WHERE i.person = 'person:' || m.person)
FROM made m
"""
_HANGING = """
SELECT DISTINCT f.subject FROM fact f
WHERE f.subject = ANY(%s) AND f.kind <> 'fact.withdrawn' AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
"""
