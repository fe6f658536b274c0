"""What is guarded against being a formula comes back as it was, whatever it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.kernel.cells import guarded, plain


@given(text=st.text())
def test_a_guarded_text_comes_back_as_it_was(text: str) -> None:
    assert plain(guarded(text)) == text


@given(text=st.text())
def test_no_guarded_text_begins_as_a_formula(text: str) -> None:
    assert not guarded(text).lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize("text", ["演示甲", "12", "", "'plain", "a=b"])
def test_a_text_of_other_programs_is_left_alone(text: str) -> None:
    assert plain(text) == text
