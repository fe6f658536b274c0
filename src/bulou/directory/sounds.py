"""How characters are read, and phrases, whose readings are loaded with the first one asked for.

They take half a second and a hundred MiB, which pypinyin would spend at every start; names of people need none of it.
"""

import os
from collections.abc import Mapping
from functools import cache

os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")

from pypinyin import lazy_pinyin, load_phrases_dict
from pypinyin.contrib.tone_convert import to_normal


@cache
def syllable(character: str) -> str:
    """`明` → `ming`; what is no Chinese character is itself."""
    return str(lazy_pinyin(character)[0])


def phrase(text: str) -> str:
    """`重庆` → `chongqing`: characters with several readings as the phrases they stand in have them."""
    phrases()
    return "".join(lazy_pinyin(text))


def normal(reading: str) -> str:
    """`zhòng` → `zhong`."""
    return str(to_normal(reading))


@cache
def phrases() -> Mapping[str, list[list[str]]]:
    """Every phrase that is known, with the readings of its characters."""
    from pypinyin.phrases_dict import phrases_dict

    load_phrases_dict(phrases_dict)
    return phrases_dict
