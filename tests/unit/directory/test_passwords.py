"""What a password must be under the profile of MLPS 2.0 level 3."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from bulou.directory.passwords import ThreeKindsValidator
from bulou.directory.services.accounts import password_for_once


@pytest.mark.parametrize("password", ["Abc12345", "abc-12345", "ABC-12345", "abc汉字12", "Ab1-"])
def test_three_kinds_of_characters_will_do(password: str) -> None:
    ThreeKindsValidator().validate(password)


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "三类"), ("en", "at least three")])
@pytest.mark.parametrize("password", ["abcdefgh", "abcd1234", "ABCDabcd", "", "汉字汉字"])
def test_fewer_are_refused_in_both_languages(password: str, language: str, said: str) -> None:
    with translation.override(language), pytest.raises(ValidationError, match=said):
        ThreeKindsValidator().validate(password)


def test_passwords_for_once_differ_and_meet_the_profile() -> None:
    made = {password_for_once() for _ in range(50)}

    assert len(made) == 50
    for one in made:
        ThreeKindsValidator().validate(one)
        assert len(one) == 15
        assert not set(one) & set("0O1lI")
