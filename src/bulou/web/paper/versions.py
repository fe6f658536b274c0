"""Templates of papers by area: versions that are only added to, and which of them is in force, since when, by whom.

The nearest area upwards that has one wins; where none has, ours. What an area chose last counts: a version, ours, or
nothing of its own, so that the area above decides again. Templates name nobody, but they are seen within their area
like everything else; a paper is set with those of the office that issues it, whoever prints it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from bulou.directory.crypto import vault
from bulou.directory.models import Account
from bulou.directory.scope import everywhere, scope
from bulou.kernel.areas import ancestry
from bulou.kernel.ids import new_id
from bulou.web.models import PaperChoice, PaperVersion
from bulou.web.paper import office, printing
from bulou.web.paper.fields import KINDS, OFFICE

OWN, ABOVE, OURS = WAYS = ("own", "above", "ours")
COLUMN = "content"


@dataclass(frozen=True, slots=True)
class InForce:
    """What of a kind counts in an area: where, when, by whom it was chosen. `version` None: ours."""

    kind: str
    version: UUID | None = None
    area: str = ""
    at: datetime | None = None
    account: UUID | None = None


def in_force(area: str, kinds: Iterable[str] = KINDS) -> dict[str, InForce]:
    """What counts in an area, by kind. One query, with the scope's two."""
    wanted = list(kinds)
    with everywhere():
        latest = list(
            PaperChoice.objects.filter(area__in=["", *ancestry(area)], kind__in=wanted)
            .order_by("kind", "area", "-at", "-id")
            .distinct("kind", "area")
        )
    nearest = sorted((one for one in latest if one.way != ABOVE), key=lambda one: len(one.area))
    chosen = {one.kind: InForce(one.kind, one.version, one.area, one.at, one.account) for one in nearest}
    return {kind: chosen.get(kind, InForce(kind)) for kind in wanted}


def history(area: str, kind: str) -> list[PaperVersion]:
    """An area's own versions of a kind, latest first, without their contents. One query."""
    return list(PaperVersion.objects.filter(area=area, kind=kind).defer(COLUMN).order_by("-made_at", "-id"))


def choices(area: str, kind: str) -> list[PaperChoice]:
    """What an area put in force of a kind, latest first. One query."""
    return list(PaperChoice.objects.filter(area=area, kind=kind).order_by("-at", "-id"))


def version(id: UUID, kind: str, area: str) -> PaperVersion | None:
    """A version that may be looked at in an area: one of its own, or of an area above it."""
    with everywhere():
        return PaperVersion.objects.filter(pk=id, kind=kind, area__in=["", *ancestry(area)]).first()


def file_of(found: PaperVersion) -> bytes:
    """The Word file of a version, as it was sent."""
    return vault().unseal_bytes(found.content or b"", found.id, COLUMN)


def template(kind: str, area: str) -> bytes:
    """The Word template in force in an area."""
    standing = in_force(area, [kind])[kind]
    found = version(standing.version, kind, area) if standing.version else None
    return file_of(found) if found else printing.stock()


def words(area: str) -> Mapping[str, Any]:
    """The office's words in force in an area."""
    standing = in_force(area, [OFFICE])[OFFICE]
    found = version(standing.version, OFFICE, area) if standing.version else None
    return words_of(found) if found else office.NONE


def words_of(found: PaperVersion) -> Mapping[str, Any]:
    """The office's words of a version; what was added to them since is empty."""
    return {**office.NONE, **(found.words or {})}


def keep(
    area: str, kind: str, *, by: Account, name: str = "", content: bytes = b"", given: Mapping[str, Any] | None = None
) -> tuple[PaperVersion, bool]:
    """Add a version, a file or the office's words, and whether it is new: the same again adds nothing.

    It is in force only once it is chosen.
    """
    digest = hashlib.sha256(content or json.dumps(given, sort_keys=True).encode()).hexdigest()
    with scope(area):
        if known := PaperVersion.objects.filter(area=area, kind=kind, digest=digest).defer(COLUMN).first():
            return known, False
        id = new_id()
        made = PaperVersion.objects.create(
            id=id,
            area=area,
            kind=kind,
            name=Path(name).name[:200],
            digest=digest,
            content=vault().seal_bytes(content, id, COLUMN) if content else None,
            words=dict(given) if given is not None else None,
            account=by.pk,
        )
    return made, True


def choose(area: str, kind: str, way: str, *, by: Account, version: UUID | None = None) -> PaperChoice:
    """Put a version of the area in force, or ours, or leave it to the area above."""
    with scope(area):
        return PaperChoice.objects.create(area=area, kind=kind, way=way, version=version, account=by.pk)


def names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """What versions are called: the file's name, else when they were made. One query."""
    with everywhere():
        rows = PaperVersion.objects.filter(pk__in={id for id in ids if id}).values_list("id", "name", "made_at")
        return {id: name or f"{timezone.localtime(made):%Y-%m-%d %H:%M}" for id, name, made in rows}
