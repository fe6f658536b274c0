"""Where the files of exports lie: in the data directory, readable by the program alone, and not for long."""

import hashlib
import shutil
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import timezone

BLOCK = 1 << 20


def lifetime() -> timedelta:
    """How long a file lies ready."""
    return timedelta(hours=float(settings.EXPORT_HOURS))


def path_of(id: UUID, format: str) -> Path:
    """Where the file of an export lies once it is made."""
    return folder() / f"{id}.{format}"


def folder() -> Path:
    path = Path(settings.EXPORTS)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def digest(path: Path) -> str:
    """The SHA-256 of a file, hexadecimal."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found.update(block)
    return found.hexdigest()


def purge() -> int:
    """Delete files whose time is over, and the folders of attempts that were killed; how many there were."""
    oldest, gone = (timezone.now() - lifetime()).timestamp(), 0
    for path in folder().iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                gone += 1
    return gone
