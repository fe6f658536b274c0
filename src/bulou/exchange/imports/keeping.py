"""The files people send: sealed piece by piece, so that none is ever whole in memory; opened; forgotten in time."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from bulou.directory.crypto import vault
from bulou.directory.scope import everywhere, scope
from bulou.exchange.imports.guards import PIECE, too_large
from bulou.exchange.imports.happenings import Sender
from bulou.exchange.imports.kinds import kind
from bulou.exchange.imports.models import ImportBatch, ImportFile, ImportPiece
from bulou.exchange.imports.refusing import bad_file
from bulou.exchange.imports.undoing import DAYS

MOST_KEPT = 128 * 1024 * 1024
"""Bytes of a file that comes through a page; larger ones are for the command line, which keeps none."""


def file_keep(path: Path, name: str, kind_name: str, sender: Sender, *, content: bool = True) -> ImportFile:
    """Put a file on record, its content sealed with it, if wanted. BulouError where it is too large."""
    kind(kind_name)
    size = path.stat().st_size
    if content and size > MOST_KEPT:
        raise too_large(size, MOST_KEPT)
    with scope(sender.area):
        file = ImportFile.objects.create(
            area=sender.area, account=sender.account, kind=kind_name, name=Path(name).name[:200], digest=digest_of(path)
        )
        for number, piece in enumerate(_pieces(path) if content else ()):
            sealed = vault().seal_bytes(piece, file.id, bound(number))
            ImportPiece.objects.create(file=file, number=number, area=file.area, content=sealed)
    return file


@contextmanager
def file_open(file: ImportFile) -> Iterator[Path]:
    """The file as it was sent, for as long as the block lasts. BulouError where it is no longer kept, or not whole."""
    with TemporaryDirectory(prefix="bulou-import-") as folder:
        path = Path(folder) / f"sent{Path(file.name).suffix.lower()}"
        with path.open("wb") as target, scope(file.area):
            pieces = ImportPiece.objects.filter(file=file).order_by("number").values_list("number", "content")
            for number, sealed in pieces.iterator(chunk_size=1):
                target.write(vault().unseal_bytes(sealed, file.id, bound(number)))
        if not path.stat().st_size:
            raise bad_file("gone", "原文件没有保留，请重新上传。", "the file was not kept: send it again.")
        if digest_of(path) != file.digest:
            raise bad_file(
                "torn", "保存的原文件不完整，请重新上传。", "what was kept of the file is not whole: send it again."
            )
        yield path


def bound(number: int) -> str:
    """What a piece is sealed for: its place, so that pieces cannot be swapped. Older files are one piece."""
    return f"content {number}" if number else "content"


def kept() -> Exists:
    """Of a batch: whether its file's content is kept still."""
    return Exists(ImportPiece.objects.filter(file=OuterRef("file")))


def purge() -> int:
    """Forget the contents of files kept longer than `settings.IMPORT_DAYS`, and what rows as old said of people.

    How many files; what they were, and what became of each row, stays on record.
    """
    now, days = timezone.now(), settings.IMPORT_DAYS
    with everywhere():
        old = ImportPiece.objects.filter(file__sent_at__lt=now - timedelta(days=days))
        gone = old.values("file").distinct().count()
        old.delete()
        forgotten = now - timedelta(days=max(days, DAYS + 1))
        _forget(ImportBatch.objects.filter(begun_at__lt=forgotten, words_kept=True))
    return gone


def _forget(batches: QuerySet[ImportBatch]) -> None:
    """Two statements. The database itself refuses to empty the rows of an import that can still be undone."""
    ids = list(batches.values_list("id", flat=True))
    if ids:
        with connection.cursor() as cursor:
            cursor.execute("SELECT import_row_forget(%s::uuid[])", [ids])
        ImportBatch.objects.filter(id__in=ids).update(words_kept=False)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    found = hashlib.sha256()
    for piece in _pieces(path):
        found.update(piece)
    return found.hexdigest()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
