"""A phone without signal, byte for byte what the one in the browser keeps and sends, with a clock that may be wrong."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.test import Client

from bulou.directory import services as directory
from bulou.directory.models import Account
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.ids import new_id
from bulou.ledger import services as ledger
from bulou.web.field.sync.envelope import PURPOSE, VERSION, bytes_of, public, text_of

EVENING = datetime(2020, 2, 10, 18, tzinfo=SHANGHAI)
BATCH = 3
"""Entries a phone sends at once here; few, so that batches end in the midst of things."""


def seal(point: bytes, entry: UUID, text: bytes) -> bytes:
    """What `seal.js` does: for the house alone, bound to the entry."""
    writer = ec.generate_private_key(ec.SECP256R1())
    head = VERSION + hashlib.sha256(point).digest()[:4] + public(writer)
    house = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    key = HKDF(SHA256(), 32, salt=head, info=PURPOSE).derive(writer.exchange(ec.ECDH(), house))
    nonce = os.urandom(12)
    return head + nonce + AESGCM(key).encrypt(nonce, text, head + entry.bytes)


@dataclass
class Time:
    """The house's clock, moved by hand."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **length: float) -> None:
        self.now += timedelta(**length)
        directory.clock_set(self.now)
        ledger.catch_up()


@dataclass
class Phone:
    """`true_time` tells the time; `skew` how far its clock is off; `run` changes when the page reloads."""

    true_time: Callable[[], datetime]
    skew: timedelta = timedelta()
    id: UUID = field(default_factory=uuid4)
    run: str = "1"
    given: dict[str, Any] = field(default_factory=dict)
    outbox: list[tuple[UUID, str]] = field(default_factory=list)
    answers: dict[UUID, str] = field(default_factory=dict)
    made: dict[UUID, datetime] = field(default_factory=dict)

    def fetch(self, account: Account) -> None:
        """Get the list while there is signal."""
        browser = Client()
        browser.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        self.given = browser.get(f"/my/sync/list/?device={self.id}").json() | {"given": self.stamp()}

    def tasks(self) -> list[dict[str, Any]]:
        return [task for group in self.given["groups"] for task in group["tasks"]]

    def task(self, name: str, kind: str = "temperature.read") -> dict[str, Any]:
        (found,) = [task for task in self.tasks() if (task["name"], task["kind"]) == (name, kind)]
        return found

    def record(self, task: dict[str, Any], id: UUID | None = None, **entered: str) -> UUID:
        """Fill in a task's form; it goes to the outbox, sealed."""
        id = id or new_id()
        self.made[id] = self.true_time()
        text = {
            "ticket": self.given["ticket"],
            "duty": task["duty"],
            "kind": task["kind"],
            "area": task["area"],
            "entered": entered,
            "failed": [],
            "made": self.stamp(),
            "given": self.given["given"],
        }
        sealed = seal(bytes_of(self.given["key"]["point"]), id, json.dumps(text).encode())
        self.outbox.append((id, text_of(sealed)))
        return id

    def stamp(self) -> dict[str, Any]:
        """What its clock and its stopwatch show."""
        now = self.true_time()
        return {
            "clock": (now + self.skew).timestamp() * 1000,
            "steady": now.timestamp() * 1000 % 1e9,
            "run": f"{self.id} {self.run}",
        }

    def rescue(self) -> bytes:
        """The outbox as a file."""
        listed = [{"id": str(id), "sealed": sealed} for id, sealed in self.outbox]
        return json.dumps(self.stamp() | {"device": str(self.id), "entries": listed}).encode()

    def send(self, *, answered: bool = True, batch: int = BATCH) -> list[str]:
        """Send the oldest entries. Where the answer is lost the server has them, and the phone does not know."""
        listed = [{"id": str(id), "sealed": sealed} for id, sealed in self.outbox[:batch]]
        response = post(self.stamp() | {"entries": listed})
        assert response.status_code == 200
        if not answered:
            return []
        results = response.json()["results"]
        assert [one["id"] for one in results] == [one["id"] for one in listed]
        for one in results:
            self.answers[UUID(one["id"])] = one["result"]
        self.outbox = [(id, sealed) for id, sealed in self.outbox if id not in self.answers]
        return [one["result"] for one in results]


def post(body: dict[str, Any], language: str = "en") -> Any:
    """An upload, from nobody in particular: entries need no session."""
    return Client().post(f"/my/sync/upload/?lang={language}", json.dumps(body), content_type="application/json")
