"""Characters and phrases are read as ever, and no start pays for phrases it does not read."""

import subprocess
import sys

import pytest
from pypinyin import lazy_pinyin

from bulou.directory.sounds import normal, phrase, phrases, syllable

FRUGAL = """
import sys
from bulou.directory.search_keys import initials
assert initials("张晓明", person=True) == "zxm"
print("pypinyin.phrases_dict" in sys.modules)
from bulou.directory.sounds import phrase
print(phrase("重庆"))
"""


def test_names_of_people_are_read_without_loading_phrases() -> None:
    told = subprocess.run([sys.executable, "-c", FRUGAL], capture_output=True, text=True, check=True).stdout

    assert told.split() == ["False", "chongqing"]


@pytest.mark.parametrize(("text", "read"), [("重庆", "chongqing"), ("长安", "changan"), ("A区", "Aqu")])
def test_a_phrase_is_read_as_a_phrase(text: str, read: str) -> None:
    assert phrase(text) == read


def test_every_character_is_read_the_same_whether_or_not_phrases_are_loaded() -> None:
    characters = [chr(code) for code in range(0x4E00, 0x9FFF, 7)]
    before = [syllable(character) for character in characters]

    phrases()

    assert [lazy_pinyin(character)[0] for character in characters] == before


def test_tones_are_taken_off() -> None:
    assert normal("zhòng") == "zhong"
