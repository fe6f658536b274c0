"""Plain values of cells, for files."""

from datetime import datetime

from django.utils import timezone


def local(instant: datetime | None) -> datetime | None:
    """An instant in the time of the place."""
    return timezone.localtime(instant) if instant else None
