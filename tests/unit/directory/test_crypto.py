"""Sealed values open only where they belong, and every key ever used still opens."""

import hmac
import os
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.directory.crypto import Vault, vault
from bulou.kernel.errors import BulouError

OLD, NEW, INDEX = (os.urandom(32) for _ in range(3))
ROW = uuid4()


@given(st.text())
def test_what_was_sealed_opens(text: str) -> None:
    safe = Vault([NEW], INDEX)

    assert safe.unseal(safe.seal(text, ROW, "phone"), ROW, "phone") == text


def test_the_same_text_is_sealed_differently_each_time() -> None:
    safe = Vault([NEW], INDEX)

    assert safe.seal("13812345678", ROW, "phone") != safe.seal("13812345678", ROW, "phone")


def test_a_sealed_value_does_not_show_its_text() -> None:
    assert b"13812345678" not in Vault([NEW], INDEX).seal("13812345678", ROW, "phone")


@pytest.mark.parametrize(("row", "column"), [(uuid4(), "phone"), (ROW, "id_number")])
def test_a_value_moved_to_another_row_or_column_does_not_open(row: object, column: str) -> None:
    safe = Vault([NEW], INDEX)
    sealed = safe.seal("甲", ROW, "phone")

    with pytest.raises(BulouError) as refused:
        safe.unseal(sealed, row, column)  # type: ignore[arg-type]
    assert refused.value.problems[0].code == "crypto.tampered"


@pytest.mark.parametrize("position", [17, 20, -1])
def test_a_value_with_one_bit_changed_does_not_open(position: int) -> None:
    safe = Vault([NEW], INDEX)
    sealed = bytearray(safe.seal("甲乙", ROW, "phone"))
    sealed[position] ^= 1

    with pytest.raises(BulouError):
        safe.unseal(bytes(sealed), ROW, "phone")


def test_after_a_rotation_old_values_open_and_new_ones_carry_the_new_key() -> None:
    before, after = Vault([OLD], INDEX), Vault([NEW, OLD], INDEX)
    sealed = before.seal("甲", ROW, "phone")

    assert after.unseal(sealed, ROW, "phone") == "甲"
    assert not sealed.startswith(after.header)
    assert after.seal("甲", ROW, "phone").startswith(after.header)


@pytest.mark.parametrize("garbage", [b"", b"\x01", b"\x02" + bytes(40), bytes(60)])
def test_a_value_whose_key_is_gone_says_which_setting_to_mend(garbage: bytes) -> None:
    with pytest.raises(BulouError, match="BULOU_ENCRYPTION_KEYS"):
        Vault([NEW], INDEX).unseal(garbage, ROW, "phone")


def test_a_truncated_value_does_not_open() -> None:
    safe = Vault([NEW], INDEX)

    with pytest.raises(BulouError):
        safe.unseal(safe.seal("甲", ROW, "phone")[:20], ROW, "phone")


@pytest.mark.parametrize("keys", [[], [b"short"], [NEW, b""]])
def test_keys_of_the_wrong_length_are_refused(keys: list[bytes]) -> None:
    with pytest.raises(BulouError, match="32 bytes"):
        Vault(keys, INDEX)


def test_equal_numbers_have_equal_indexes_and_only_with_the_same_key_and_kind() -> None:
    safe = Vault([NEW], INDEX)

    assert safe.index("G123", "passport") == Vault([OLD], INDEX).index("G123", "passport")
    assert safe.index("G123", "passport") != safe.index("G123", "other")
    assert safe.index("G123", "passport") != Vault([NEW], OLD).index("G123", "passport")


def test_the_installation_has_a_vault_of_its_own() -> None:
    assert vault() is vault()
    assert vault().unseal(vault().seal("甲", ROW, "phone"), ROW, "phone") == "甲"


@given(st.lists(st.text(), max_size=5))
def test_what_was_sealed_in_a_row_opens_each_under_a_nonce_of_its_own(texts: list[str]) -> None:
    safe = Vault([NEW], INDEX)
    seal = safe.sealer(len(texts))

    sealed = [seal(text, ROW, "phone") for text in texts]

    assert [safe.unseal(one, ROW, "phone") for one in sealed] == texts
    assert len({one[5:17] for one in sealed}) == len(texts)


def test_one_more_than_was_said_is_not_sealed_at_all() -> None:
    seal = Vault([NEW], INDEX).sealer(1)
    seal("甲", ROW, "phone")

    with pytest.raises(ValueError, match="once"):
        seal("乙", ROW, "phone")


@given(st.text(), st.sampled_from(["resident", "phone"]), st.binary(min_size=32, max_size=32))
def test_a_blind_index_is_the_hmac_of_its_kind_and_value(value: str, of: str, key: bytes) -> None:
    assert Vault([NEW], key).index(value, of) == hmac.digest(key, f"{of}\0{value}".encode(), "sha256")
