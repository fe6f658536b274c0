"""Acts of importing: a file comes in, is rehearsed, taken in, undone; somebody says what headings mean."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from bulou.directory.crypto import vault
from bulou.directory.scope import everywhere, scope
from bulou.directory.services import people_merge, people_part
from bulou.exchange.imports import headings, reading, running
from bulou.exchange.imports.guards import PIECE, too_large
from bulou.exchange.imports.happenings import Sender
from bulou.exchange.imports.joining import Joined, facts_join, facts_part
from bulou.exchange.imports.kinds import kind
from bulou.exchange.imports.models import ImportBatch, ImportDoubt, ImportFile, ImportMapping
from bulou.exchange.imports.reading import Table
from bulou.exchange.imports.refusing import bad_file
from bulou.exchange.imports.running import Run
from bulou.exchange.imports.undoing import undo as undo
from bulou.exchange.jobs.models import CANCELLED, FAILED, Job
from bulou.kernel.errors import BulouError

UNDER_WAY = ("waiting", "running")
MOST_KEPT = 128 * 1024 * 1024
"""Bytes of a file that comes through a page; larger ones are for the command line, which keeps none."""


def file_keep(path: Path, name: str, kind_name: str, sender: Sender, *, content: bool = True) -> ImportFile:
    """Put a file on record, its content sealed with it, if wanted. BulouError where it is too large."""
    kind(kind_name)
    size = path.stat().st_size
    if content and size > MOST_KEPT:
        raise too_large(size, MOST_KEPT)
    with scope(sender.area):
        file = ImportFile(
            area=sender.area, account=sender.account, kind=kind_name, name=Path(name).name[:200], digest=_digest(path)
        )
        if content:
            file.content = vault().seal_bytes(path.read_bytes(), file.id, "content")
        file.save(force_insert=True)
    return file


@contextmanager
def file_open(file: ImportFile) -> Iterator[Path]:
    """The file as it was sent, for as long as the block lasts. BulouError where it is no longer kept."""
    if file.content is None:
        raise bad_file("gone", "原文件没有保留，请重新上传。", "the file was not kept: send it again.")
    with TemporaryDirectory(prefix="bulou-import-") as folder:
        path = Path(folder) / f"sent{Path(file.name).suffix.lower()}"
        path.write_bytes(vault().unseal_bytes(file.content, file.id, "content"))
        yield path


def begin(
    file: ImportFile, table: Table, sender: Sender, *, rehearsal: bool, options: Mapping[str, Any] | None = None
) -> Run:
    """A run over a file, on record. BulouError where its headings cannot be used; then nothing is on record."""
    batch = ImportBatch(
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


def settle(batch: ImportBatch) -> None:
    """End a run whose job was given up, or stopped before it began; it says why. At most two queries."""
    if batch.job is None or batch.state not in UNDER_WAY:
        return
    job = Job.objects.filter(id=batch.job, state__in=(FAILED, CANCELLED)).first()
    if job:
        with scope(batch.area):
            batch.state, batch.problem = job.state, job.problem
            batch.save(update_fields=["state", "problem"])


def purge() -> int:
    """Delete the contents of files kept longer than `settings.IMPORT_DAYS`, and settle runs whose job is over.

    How many files; what they were, and what became of each row, stays on record.
    """
    oldest = timezone.now() - timedelta(days=settings.IMPORT_DAYS)
    with everywhere():
        for batch in ImportBatch.objects.filter(state__in=UNDER_WAY).exclude(job=None):
            settle(batch)
        return ImportFile.objects.filter(sent_at__lt=oldest).exclude(content=None).update(content=None)


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


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            found.update(piece)
    return found.hexdigest()


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
