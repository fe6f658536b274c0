"""People an import put on file who may be on file already: queued for somebody to decide, never merged."""

from collections.abc import Sequence

from rapidfuzz import fuzz

from bulou.directory.place_names import pinyin
from bulou.directory.selectors import Pair
from bulou.exchange.imports.lines import Fate, Line
from bulou.exchange.imports.models import ImportBatch, ImportDoubt

NEAR = 80
"""Likeness of two names, 0 to 100, from which they may be one person's."""


def queue(batch: ImportBatch, fates: Sequence[tuple[Line, Fate]]) -> int:
    """Queue whom the rows put on file beside somebody like them; how many. One query where there are any."""
    found: dict[frozenset[object], ImportDoubt] = {}
    for line, fate in fates:
        for pair in fate.like:
            score = likeness(pair)
            if score >= NEAR:
                found.setdefault(frozenset((pair.person, pair.other)), _doubt(batch, line.number, pair, score))
    if found:
        ImportDoubt.objects.bulk_create(found.values(), ignore_conflicts=True)
    return len(found)


def _doubt(batch: ImportBatch, row: int, pair: Pair, score: float) -> ImportDoubt:
    return ImportDoubt(
        area=pair.area,
        batch=batch,
        row=row,
        person=pair.person,
        other=pair.other,
        score=round(score),
        grounds=pair.grounds,
    )


def likeness(pair: Pair) -> float:
    """How alike two names are: as written, or as they sound, so that a name heard on the phone is found."""
    written = fuzz.ratio(pair.name, pair.other_name)
    sound = fuzz.ratio(pinyin(pair.name).casefold(), pinyin(pair.other_name).casefold())
    return max(written, sound if sound >= 90 else sound * 0.9)
