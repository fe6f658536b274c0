"""Plain values: of cells, for files; of cursors and keys, for reading."""

from datetime import date, datetime

from django.utils import timezone

from bulou.kernel.ids import id_of


def local(instant: datetime | None) -> datetime | None:
    """An instant in the time of the place."""
    return timezone.localtime(instant) if instant else None


def id_text(text: str) -> str:
    """The id a cursor or a key names; empty where it names none."""
    return str(id_of(text) or "")


def day(text: str) -> date | None:
    """A day of an address; None where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
