"""Numbers and addresses of people, sealed: AES-256-GCM bound to its row and column, and blind indexes to find by.

A sealed value is `version (1) · key id (4) · nonce (12) · ciphertext and tag`. It opens only for the row and column it
was sealed for, so values cannot be swapped between people. Keys are rotated by putting a new one first: it seals, all
of them open, and what does not begin with `Vault.header` is to be sealed anew.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Callable, Sequence
from functools import cache
from itertools import count
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from bulou.kernel.errors import BulouError

VERSION = b"\x01"
NONCE = 12
_BLOCK = 64
"""Bytes SHA-256 takes at once: HMAC (RFC 2104) pads its key to them."""
_HEADER = len(VERSION) + 4
Seal = Callable[[str, UUID, str], bytes]
"""Seals a text for one column of one row."""


class Vault:
    """Seals and opens with one set of keys (32 bytes each, the first one seals) and one index key."""

    def __init__(self, keys: Sequence[bytes], index_key: bytes) -> None:
        if not keys or any(len(key) != 32 for key in [*keys, index_key]):
            raise BulouError.of(
                "crypto.keys",
                "加密密钥必须是 32 字节（Base64），至少一个。请检查 BULOU_ENCRYPTION_KEYS 和 BULOU_INDEX_KEY。",
                "Encryption keys are 32 bytes in Base64, at least one. "
                "Check BULOU_ENCRYPTION_KEYS and BULOU_INDEX_KEY.",
            )
        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}
        self.header = VERSION + _key_id(keys[0])
        self._sealing = AESGCM(keys[0])
        padded = index_key.ljust(_BLOCK, b"\0")
        self._inner, self._outer = (hashlib.sha256(bytes(byte ^ pad for byte in padded)) for pad in (0x36, 0x5C))

    def seal(self, text: str, row: UUID, column: str) -> bytes:
        """The text sealed for one column of one row."""
        nonce = os.urandom(NONCE)
        return self.header + nonce + self._sealing.encrypt(nonce, text.encode(), _bound_to(row, column))

    def sealer(self, most: int) -> Seal:
        """`seal` for up to `most` values in a row, whose nonces are drawn at once. ValueError for one more."""
        drawn, places = os.urandom(NONCE * most), count(0, NONCE)
        header, encrypt = self.header, self._sealing.encrypt

        def seal(text: str, row: UUID, column: str) -> bytes:
            place = next(places)
            nonce = drawn[place : place + NONCE]
            return header + nonce + encrypt(nonce, text.encode(), _bound_to(row, column))

        return seal

    def unseal(self, sealed: bytes | memoryview, row: UUID, column: str) -> str:
        """The text. BulouError where its key is not here, or it was sealed for another row or tampered with."""
        try:
            return self.unseal_bytes(sealed, row, column).decode()
        except ValueError as error:
            raise _tampered(row, column) from error

    def unseal_bytes(self, sealed: bytes | memoryview, row: UUID, column: str) -> bytes:
        """The bytes. BulouError as for a text."""
        data = bytes(sealed)
        cipher = self._ciphers.get(data[1:_HEADER]) if data[:1] == VERSION else None
        if cipher is None:
            raise BulouError.of(
                "crypto.no_key",
                "缺少打开这条数据的密钥。请把旧密钥放回 BULOU_ENCRYPTION_KEYS。",
                "The key that opens this value is missing. Put the old key back into BULOU_ENCRYPTION_KEYS.",
                where=str(row),
                field=column,
            )
        try:
            nonce, text = data[_HEADER : _HEADER + NONCE], data[_HEADER + NONCE :]
            return cipher.decrypt(nonce, text, _bound_to(row, column))
        except (InvalidTag, ValueError) as error:
            raise _tampered(row, column) from error

    def seal_bytes(self, data: bytes, row: UUID, column: str) -> bytes:
        """Bytes sealed for one column of one row."""
        nonce = os.urandom(NONCE)
        return self.header + nonce + self._sealing.encrypt(nonce, data, _bound_to(row, column))

    def index(self, value: str, of: str) -> bytes:
        """The blind index of a normalised value: HMAC-SHA256, 32 bytes. `of` keeps numbers of two kinds apart.

        The key's two blocks are hashed once and copied, which a list of a million people feels.
        """
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(f"{of}\0{value}".encode())
        outer.update(inner.digest())
        return outer.digest()


@cache
def vault() -> Vault:
    """The installation's vault, from its settings."""
    return Vault([_decode(key) for key in settings.ENCRYPTION_KEYS.split(",")], _decode(settings.INDEX_KEY))


def _decode(key: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(key.strip())
    except (binascii.Error, ValueError):
        return b""


def _tampered(row: UUID, column: str) -> BulouError:
    return BulouError.of(
        "crypto.tampered",
        "这条加密数据不属于这一行，或已被改动。",
        "This sealed value is not this row's, or was altered.",
        where=str(row),
        field=column,
    )


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"bulou key id\0" + key).digest()[:4]


def _bound_to(row: UUID, column: str) -> bytes:
    return row.bytes + column.encode()
