"""One fact by web form against a bare one-row ORM view, on the same server with the same clients, in one run."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests.bench import ground, machine
from tests.bench.report import Line

CLIENTS, SECONDS = 16, 8.0
PORT = 8180


def measure(sessions: Sequence[str]) -> list[Line]:
    """Requests a second of each, and the memory of server and database after them."""
    from bulou.config import database

    with serving() as server:
        with ThreadPoolExecutor(CLIENTS) as threads:
            clients = list(threads.map(Client, (sessions[number::CLIENTS] for number in range(CLIENTS))))
        row = _rate(lambda client: client.get("/row"), clients)
        bare = _rate(lambda client: client.get("/bare"), clients)
        empty = _rate(lambda client: client.get("/api/v1/healthz"), clients)
        fact = _rate(Client.post_fact, clients)
        embedded = database.embedded()
        pids = [server, *([pid] if embedded and (pid := embedded.status().pid) else [])]
        memory = machine.resident(*pids)
    return [
        Line("web", "one row by the ORM, before Django's handler", f"{row:,.0f}/s", "", None),
        Line("web", "a bare one-row ORM view", f"{bare:,.0f}/s", "", None),
        Line("web", "a near-empty answer through every layer, two queries", f"{empty:,.0f}/s", "", None),
        Line("web", "one fact by web form, whole request", f"{fact:,.0f}/s", "", None),
        Line("web", "… beside the bare view", f"{fact / bare:.2f} ×", "≥ 0.25 ×", None),
        Line("web", "… beside the row alone", f"{fact / row:.2f} ×", "", None),
        Line("memory", "server and database together", f"{memory:.2f} GiB", "≤ 2 GiB", None),
    ]


@contextmanager
def serving() -> Iterator[int]:
    """The web server with two more addresses (`wsgi.py`), as the product starts it; gives its process."""
    from bulou.cli.serving import THREADS, WORKERS

    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(PORT)]
    command += ["--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--backpressure", str(4 * THREADS)]
    command += ["--no-ws", "--log-level", "error", "tests.bench.wsgi:application"]
    server = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(Path.cwd())})
    try:
        _await()
        yield server.pid
    finally:
        server.terminate()
        server.wait()


@dataclass(frozen=True, slots=True)
class Tap:
    """One duty on somebody's list: whose session, its key, the group of the list it stands in."""

    session: str
    key: str
    group: str


class Client:
    """A browser of several people in turn, each signed in, on one kept connection. `taps`: what is left to record."""

    def __init__(self, sessions: Sequence[str]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        self.cookies: dict[str, str] = {}
        self.get("/sign-in/")
        self.taps = [tap for session in sessions for tap in self._taps(session)]

    def get(self, path: str) -> bytes:
        return self.send("GET", path)

    def post_fact(self) -> bytes:
        """The next tap, as the page sends it: answered with the household as it now stands."""
        from bulou.kernel.ids import new_id

        tap = self.taps.pop()
        self.cookies["bulou-session"] = tap.session
        form = {"key": tap.key, "group": tap.group, "id": str(new_id()), "data.celsius": "36.6"}
        answer = self.send("POST", "/my/record/", urlencode(form | {"csrfmiddlewaretoken": self.cookies["bulou-csrf"]}))
        if b"finished" not in answer:
            raise AssertionError(answer[:300])
        return answer

    def send(self, method: str, path: str, body: str = "") -> bytes:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if method == "POST":
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        if response.status >= 400:
            raise AssertionError(f"{method} {path}: {response.status} {content[:300]!r}")
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return content

    def _taps(self, session: str) -> list[Tap]:
        self.cookies["bulou-session"] = session
        page = self.get("/my/").decode()
        found = re.findall(r'name="key" value="([^"]+)"><input type="hidden" name="group" value="([^"]+)"', page)
        return [Tap(session, key, group) for key, group in found]


def _rate(act: Callable[[Client], bytes], clients: Sequence[Client]) -> float:
    """Answers a second, of clients that each wait for one before they ask for the next."""
    counts = [0] * len(clients)
    end = time.perf_counter() + SECONDS

    def work(number: int) -> None:
        clients[number].connection.close()  # opened anew with the first request
        while time.perf_counter() < end:
            act(clients[number])
            counts[number] += 1

    with ThreadPoolExecutor(len(clients)) as threads:
        for done in [threads.submit(work, number) for number in range(len(clients))]:
            done.result()
    return sum(counts) / SECONDS


def _await() -> None:
    for _ in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
            connection.request("GET", "/bare")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer")


def prepare() -> list[str]:
    """Sessions of the villages' committees, whose people are under daily readings."""
    return [ground.session(account) for account in ground.villages()]
