"""Keeps zones as the facts have them, in the transaction that stores the facts (`ledger/following.py`)."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from bulou.ledger.history import history, keep
from bulou.no_miss.control.extents import KINDS, extents
from bulou.no_miss.control.models import Zone

_ZONE = "zone:"


def follow(subjects: Collection[str] | None, now: datetime) -> None:
    """Bring the zones whose facts moved up to date; None: derive all of them anew."""
    found = history(subjects, KINDS, now)
    named = None if subjects is None else [one.removeprefix(_ZONE) for one in subjects]
    rows = [
        Zone(**asdict(one) | {"id": UUID(one.id), "zone": subject.removeprefix(_ZONE)})
        for subject, events in found.items()
        for one in extents(events)
    ]
    keep(Zone, "zone", named, rows)
