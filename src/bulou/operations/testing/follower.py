"""Keeps tubes as the facts have them, in the transaction that stores the facts."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from bulou.directory.search_keys import folded
from bulou.kernel.ids import id_of
from bulou.ledger.history import Event, history, keep
from bulou.operations.testing.models import Specimen

STAGES = ("specimen.collected", "specimen.received", "specimen.resulted", "result.reported")
"""What happens to a tube, in order."""


def follow(subjects: Collection[str] | None, now: datetime) -> None:
    """Bring tubes up to date for subjects whose facts moved; None: derive every one anew."""
    wanted = [row for subject, events in history(subjects, STAGES, now).items() for row in _tubes(subject, events)]
    keep(Specimen, "subject", None if subjects is None else list(subjects), wanted)


def _tubes(subject: str, events: Sequence[Event]) -> Iterator[Specimen]:
    """The tubes of one subject; a fact about a person that names no tube tells of none."""
    kind, _, id = subject.partition(":")
    by_code: dict[str, list[Event]] = {}
    for event in events:
        if code := str(event.data.get("tube") or (id if kind == "tube" else "")):
            by_code.setdefault(code, []).append(event)
    for code, own in by_code.items():
        last = max(own, key=lambda event: STAGES.index(event.kind))
        yield Specimen(
            id=UUID(own[0].id),
            code=code,
            key=folded(code),
            subject=subject,
            person_id=id_of(id) if kind == "person" else None,
            area=last.area,
            stage=last.kind,
            result=_result(own),
            at=last.at,
        )


def _result(events: Iterable[Event]) -> str:
    """The latest result; empty where none is out."""
    results = [str(event.data["result"]) for event in events if event.kind == "specimen.resulted"]
    return results[-1] if results else ""
