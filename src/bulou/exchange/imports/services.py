"""Acts of importing: a file comes in, is rehearsed, taken in, undone; somebody says what headings mean."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from bulou.directory.scope import scope
from bulou.directory.services import people_merge, people_part
from bulou.exchange.imports import headings, reading, running
from bulou.exchange.imports.happenings import Sender
from bulou.exchange.imports.holding import held as held
from bulou.exchange.imports.holding import left_off as left_off
from bulou.exchange.imports.holding import settle as settle
from bulou.exchange.imports.joining import Joined, facts_join, facts_part
from bulou.exchange.imports.keeping import MOST_KEPT as MOST_KEPT
from bulou.exchange.imports.keeping import digest_of as digest_of
from bulou.exchange.imports.keeping import file_keep as file_keep
from bulou.exchange.imports.keeping import file_open as file_open
from bulou.exchange.imports.keeping import purge as purge
from bulou.exchange.imports.kinds import kind
from bulou.exchange.imports.models import INTERRUPTED as INTERRUPTED
from bulou.exchange.imports.models import ImportBatch, ImportDoubt, ImportFile, ImportMapping
from bulou.exchange.imports.reading import Table
from bulou.exchange.imports.refusing import bad_file
from bulou.exchange.imports.running import Run
from bulou.exchange.imports.undoing import undo as undo
from bulou.exchange.jobs.models import CANCELLED, FAILED
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id


def begin(
    file: ImportFile,
    table: Table,
    sender: Sender,
    *,
    rehearsal: bool,
    options: Mapping[str, Any] | None = None,
    id: UUID | None = None,
) -> Run:
    """A run over a file, on record. BulouError where its headings cannot be used; then nothing is on record.

    `id`: of a run this very process does, which holds it (`held`).
    """
    batch = ImportBatch(
        id=id or new_id(),
        file=file,
        area=sender.area,
        account=sender.account,
        unit=sender.unit,
        kind=file.kind,
        rehearsal=rehearsal,
        options=dict(options or {}),
        state="running",
        rows_total=table.total,
    )
    run = running.prepare(batch, table, sender)
    with scope(sender.area):
        batch.save(force_insert=True)
    return run


def run_of(batch: ImportBatch, path: Path, sender: Sender) -> Run:
    """A run that goes on where it was left."""
    table = reading.read(path, batch.file.name, whole=bool(batch.options.get("whole")))
    return running.prepare(batch, table, sender)


def go_on(batch: ImportBatch) -> None:
    """A run that ended before its file did is under way again. BulouError for one that was undone, or is whole."""
    if batch.state not in (INTERRUPTED, FAILED, CANCELLED):
        raise bad_file("go_on", "这一批没有中断。", "this import was not interrupted.")
    with scope(batch.area):
        batch.state, batch.problem, batch.ended_at = "running", None, None
        batch.save(update_fields=["state", "problem", "ended_at"])


def end(batch: ImportBatch, state: str, error: BulouError | None = None) -> None:
    """A run that ended before its file did."""
    with transaction.atomic(), scope(batch.area):
        batch.state = state
        batch.problem = [{"zh": p.text.zh, "en": p.text.en} for p in error.problems] if error else None
        batch.save(update_fields=["state", "problem"])


def give_job(batch: ImportBatch, job: UUID) -> None:
    """The job that does the run."""
    with scope(batch.area):
        batch.job = job
        batch.save(update_fields=["job"])


def mapping_remember(sender: UUID, area: str, kind_name: str, table: Table, mapping: Mapping[str, str]) -> None:
    """Keep what a sender's headings mean, for the next file with the same ones."""
    with scope(area):
        ImportMapping.objects.update_or_create(
            sender=sender,
            kind=kind_name,
            headings=_signature(table),
            defaults={"mapping": dict(mapping), "area": area},
        )


def mapping_recall(sender: UUID, area: str, kind_name: str, table: Table) -> dict[str, str]:
    """What somebody said a sender's headings mean; empty where nobody did, or the fields are no more. One query."""
    with scope(area):
        found = ImportMapping.objects.filter(sender=sender, kind=kind_name, headings=_signature(table)).first()
    known = kind(kind_name).fields
    return {h: f for h, f in found.mapping.items() if h in table.headings and (not f or f in known)} if found else {}


def guessed(kind_name: str, table: Table) -> dict[str, str]:
    """What the headings seem to mean: heading to field, empty for those that seem to mean nothing."""
    places = headings.guess(kind(kind_name), table.headings)
    return {heading: places.get(place, headings.NONE) for place, heading in enumerate(table.headings) if heading}


def _signature(table: Table) -> str:
    return hashlib.sha256("\0".join(table.headings).encode()).hexdigest()


@transaction.atomic
def decide(doubt: ImportDoubt, decision: str, *, by: UUID) -> Joined:
    """Say whether two are one person; one who is `same` becomes part of the file that was there, and so do their facts.

    How many facts are told of it now, and how many do not fit there and stayed.
    """
    joined, doubt.change = Joined(0, 0), None
    if decision == "same":
        joined = facts_join(doubt.person, doubt.other, by=by)
        doubt.change = dict(people_merge(doubt.person, doubt.other))
    doubt.decision, doubt.decided_by, doubt.decided_at = decision, by, Now()
    doubt.save(update_fields=["change", "decision", "decided_by", "decided_at"])
    return joined


@transaction.atomic
def decide_anew(doubt: ImportDoubt, *, by: UUID) -> None:
    """Take a decision back: the pair is open again, and one who was merged has a file of their own again."""
    if doubt.decision == "same":
        people_part(doubt.person, doubt.other, {name: tuple(pair) for name, pair in (doubt.change or {}).items()})
        facts_part(doubt.person, by=by)
    doubt.decision, doubt.change, doubt.decided_by, doubt.decided_at = "", None, None, None
    doubt.save(update_fields=["change", "decision", "decided_by", "decided_at"])
