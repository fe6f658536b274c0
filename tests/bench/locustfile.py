"""What people of a village committee do all morning, for locust: their list, a person's file, the board, a record.

`crowd.py` runs it. By hand: `BENCH_SESSIONS=sessions.json locust -f tests/bench/locustfile.py Person --host …`, with a
JSON list of the keys of sessions.
"""

import itertools
import json
import os
import random
import re
import uuid
from pathlib import Path

from locust import FastHttpUser, constant, task

SESSIONS = itertools.cycle(json.loads(Path(os.environ["BENCH_SESSIONS"]).read_text()))
_TAP = re.compile(r'name="key" value="([^"]+)"><input type="hidden" name="group" value="([^"]+)"')
_PERSON = re.compile(r'href="(/people/[0-9a-f-]{36}/)"')


class Bare(FastHttpUser):
    """Somebody who asks for the bare view, again and again."""

    wait_time = constant(0)

    @task
    def look(self) -> None:
        self.client.get("/bare")


class Row(FastHttpUser):
    """The same for the row alone."""

    wait_time = constant(0)

    @task
    def look(self) -> None:
        self.client.get("/row")


class Person(FastHttpUser):
    """Somebody signed in, who waits for nothing but the answer."""

    wait_time = constant(0)

    def on_start(self) -> None:
        """Take up a session; the token of forms comes with the list."""
        self.session = next(SESSIONS)
        self.taps: list[tuple[str, str]] = []
        self.people: list[str] = []

    @task(4)
    def my_list(self) -> None:
        page = self._get("/my/").text or ""
        self.taps = _TAP.findall(page)
        random.shuffle(self.taps)
        self.people = _PERSON.findall(page)

    @task(4)
    def record(self) -> None:
        if not self.taps:
            self.my_list()
            return
        key, group = self.taps.pop()
        token = {cookie.name: cookie.value for cookie in self.client.cookiejar}.get("bulou-csrf", "")
        form = {
            "key": key,
            "group": group,
            "id": str(uuid.uuid4()),
            "data.celsius": "36.6",
            "csrfmiddlewaretoken": token,
        }
        headers = {"HX-Request": "true", "Cookie": f"bulou-session={self.session}; bulou-csrf={token}"}
        self.client.post("/my/record/", data=form, headers=headers, name="record")

    @task(2)
    def person(self) -> None:
        if self.people:
            self._get(random.choice(self.people), "a person")

    @task(1)
    def misses(self) -> None:
        self._get("/misses/")

    @task(1)
    def plans(self) -> None:
        self._get("/plans/")

    def _get(self, path: str, name: str | None = None):  # type: ignore[no-untyped-def]
        return self.client.get(path, name=name or path, headers={"Cookie": f"bulou-session={self.session}"})
