"""Sealed entries of a phone: written there for this house alone, so that nobody who holds the phone can read them.

An envelope is `version (1) · key id (4) · the writer's one-off public key (65) · nonce (12) · ciphertext and tag`:
ECDH on P-256 with the house's public key, HKDF-SHA-256, AES-256-GCM bound to the head of the envelope and the entry's
id. These are the parts every browser has. Keys are rotated by putting a new one first: phones are given it, all open.
"""

import base64
import binascii
import hashlib
from functools import cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from bulou.kernel.errors import BulouError

VERSION = b"\x01"
PURPOSE = b"bulou field entry 1"
KEY_ID, POINT, NONCE = 4, 65, 12
HEAD = len(VERSION) + KEY_ID + POINT
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256."""


class SealedBadlyError(ValueError):
    """An envelope that does not open: not one of ours, altered, or sealed for a key this house has not."""


class House:
    """The keys of this house, each from 32 random bytes; the first is the one phones seal for."""

    def __init__(self, seeds: list[bytes]) -> None:
        if not seeds or any(len(seed) != 32 for seed in seeds):
            raise BulouError.of(
                "field.keys",
                "外勤密钥必须是 32 字节（Base64），至少一个。请检查 BULOU_FIELD_KEYS。",
                "Field keys are 32 bytes in Base64, at least one. Check BULOU_FIELD_KEYS.",
            )
        keys = [ec.derive_private_key(int.from_bytes(seed, "big") % (ORDER - 1) + 1, ec.SECP256R1()) for seed in seeds]
        self._keys = {key_id(public(key)): key for key in keys}
        self.public = public(keys[0])

    def open(self, sealed: bytes, entry: UUID) -> bytes:
        """What a phone sealed for an entry. SealedBadlyError where it does not open."""
        head, nonce, text = sealed[:HEAD], sealed[HEAD : HEAD + NONCE], sealed[HEAD + NONCE :]
        key = self._keys.get(sealed[1 : 1 + KEY_ID]) if sealed[:1] == VERSION else None
        if key is None or not text:
            raise SealedBadlyError
        try:
            writer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), head[1 + KEY_ID :])
            cipher = AESGCM(_derived(key.exchange(ec.ECDH(), writer), head))
            return cipher.decrypt(nonce, text, head + entry.bytes)
        except (InvalidTag, ValueError) as error:
            raise SealedBadlyError from error


@cache
def house() -> House:
    """The keys of the installation, from its settings."""
    return House([_decode(key) for key in settings.FIELD_KEYS.split(",")])


def public(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half as an uncompressed point, 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def key_id(point: bytes) -> bytes:
    """By what an envelope says which key it was sealed for."""
    return hashlib.sha256(point).digest()[:KEY_ID]


def text_of(data: bytes) -> str:
    """Bytes as they travel in JSON: Base64, URL-safe, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    """The reverse. SealedBadlyError where the text is none."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise SealedBadlyError from error


def _derived(shared: bytes, head: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=head, info=PURPOSE).derive(shared)


def _decode(key: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(key.strip())
    except (binascii.Error, ValueError):
        return b""
