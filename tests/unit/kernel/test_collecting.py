"""The collector rests while rows by the thousand come and go, and works as before afterwards."""

import gc

import pytest

from bulou.kernel.collecting import SELDOM, collected_seldom


def test_the_collector_is_as_it_was_after_the_last_of_several_blocks() -> None:
    usual = gc.get_threshold()

    with collected_seldom():
        with collected_seldom():
            assert gc.get_threshold()[0] == SELDOM
        assert gc.get_threshold()[0] == SELDOM, "the outer block goes on"

    assert gc.get_threshold() == usual


def test_the_collector_is_as_it_was_after_an_error() -> None:
    usual = gc.get_threshold()

    with pytest.raises(ValueError, match="row"), collected_seldom():
        raise ValueError("row")

    assert gc.get_threshold() == usual
