import pytest
from pydantic import ValidationError

from bulou.kernel.text import Text

BOARD = Text(zh="看板", en="Board")


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Board"), ("en-GB", "Board"), ("zh-hans", "看板"), ("fr", "看板"), ("", "看板")]
)
def test_english_is_given_to_those_who_ask_for_it_and_chinese_to_all_others(language: str, word: str) -> None:
    assert BOARD.to(language) == word


def test_text_reads_as_chinese() -> None:
    assert f"{BOARD}" == "看板"


def test_both_languages_are_needed_and_no_third_is_taken() -> None:
    with pytest.raises(ValidationError):
        Text.model_validate({"zh": "看板"})
    with pytest.raises(ValidationError):
        Text.model_validate({"zh": "看板", "en": "Board", "fr": "Tableau"})


def test_text_is_never_changed() -> None:
    with pytest.raises(ValidationError):
        BOARD.zh = "板"
