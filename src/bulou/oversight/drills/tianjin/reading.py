"""Reading hand-typed text against a closed vocabulary: longest phrase first, near misses accepted and named."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Generic, TypeVar

NEAR = 0.75
"""How alike (0 to 1, difflib's ratio) a misspelt phrase must be to the phrase it is read as."""

Meaning = TypeVar("Meaning")


@dataclass(frozen=True, slots=True)
class Found(Generic[Meaning]):
    """A phrase as it was written, the phrase it was read as, and what that means."""

    written: str
    phrase: str
    meaning: Meaning

    @property
    def misspelt(self) -> bool:
        return self.written != self.phrase


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Words in a row that no phrase of the vocabulary resembles."""

    written: str


def plain(text: str) -> str:
    """Full-width forms folded, lower case, runs of space made one."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().lower()


def read(text: str, vocabulary: Mapping[str, Meaning]) -> list[Found[Meaning] | NotUnderstood]:
    """Every word of `text` accounted for, in order: part of a phrase, or not understood.

    At each word the longest exact phrase wins; where there is none, the nearest phrase that is alike enough.
    """
    words = re.findall(r"[^\W_]+", plain(text))
    longest = max((len(phrase.split()) for phrase in vocabulary), default=1)
    result: list[Found[Meaning] | NotUnderstood] = []
    while words:
        windows = [" ".join(words[:size]) for size in range(min(longest, len(words)), 0, -1)]
        written, phrase = next(((w, w) for w in windows if w in vocabulary), None) or _nearest(windows, vocabulary)
        words = words[len(written.split()) :]
        if phrase:
            result.append(Found(written, phrase, vocabulary[phrase]))
        elif result and isinstance(result[-1], NotUnderstood):
            result[-1] = NotUnderstood(f"{result[-1].written} {written}")
        else:
            result.append(NotUnderstood(written))
    return result


def _nearest(windows: list[str], vocabulary: Mapping[str, Meaning]) -> tuple[str, str]:
    """The window and phrase most alike; the first word alone and an empty phrase where none is near."""
    ratio, written, phrase = max(((_alike(w, p), w, p) for w in windows for p in vocabulary), default=(0.0, "", ""))
    return (written, phrase) if ratio >= NEAR else (windows[-1], "")


@lru_cache(maxsize=65536)
def _alike(written: str, phrase: str) -> float:
    return SequenceMatcher(None, written, phrase, autojunk=False).ratio()
