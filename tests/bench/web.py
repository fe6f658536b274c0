"""One fact by web form against a bare one-row ORM view, on the same server with the same client, in one run."""

import http.client
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from tests.bench import ground, machine
from tests.bench.report import Line

CLIENTS, SECONDS = 6, 8.0
USER, PASSWORD = "bench", "bench-password-1"
PORT = 8180


def measure() -> list[Line]:
    """Requests a second of each, and the memory of server and database after them."""
    from bulou.config import database

    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(PORT)]
    command += [
        "--workers",
        "2",
        "--blocking-threads",
        "4",
        "--no-ws",
        "--log-level",
        "error",
        "tests.bench.wsgi:application",
    ]
    server = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(Path.cwd())})
    try:
        _await()
        bare = _rate(lambda client: client.get("/bare"))
        empty = _rate(lambda client: client.get("/api/v1/healthz"))
        fact = _rate(lambda client: client.post_fact())
        embedded = database.embedded()
        pids = [server.pid, *([pid] if embedded and (pid := embedded.status().pid) else [])]
        memory = machine.resident(*pids)
    finally:
        server.terminate()
        server.wait()
    return [
        Line("web", "a bare one-row ORM view", f"{bare:,.0f}/s", "", None),
        Line("web", "a near-empty answer through every layer, two queries", f"{empty:,.0f}/s", "", None),
        Line("web", "one fact by web form, whole request", f"{fact:,.0f}/s", "", None),
        Line("web", "… beside the bare view", f"{fact / bare:.2f} ×", "≥ 0.25 ×", None),
        Line("memory", "server and database together", f"{memory:.2f} GiB", "≤ 2 GiB", None),
    ]


class Client:
    """A signed-in browser on one kept connection."""

    def __init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        self.cookies: dict[str, str] = {}
        page = self.get("/sign-in/").decode()
        self.token = self.cookies["bulou-csrf"]
        name = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        form = {"username": USER, "password": PASSWORD, "csrfmiddlewaretoken": name[1] if name else self.token}
        self.send("POST", "/sign-in/", urlencode(form))
        self.token = self.cookies["bulou-csrf"]
        self.keys = re.findall(r'name="key" value="([^"]+)"', self.get("/my/").decode())
        self.turn = 0

    def get(self, path: str) -> bytes:
        return self.send("GET", path)

    def post_fact(self) -> bytes:
        from bulou.kernel.ids import new_id

        self.turn += 1
        form = {"key": self.keys[self.turn % len(self.keys)], "id": str(new_id()), "data.celsius": "36.6"}
        return self.send("POST", "/my/record/", urlencode(form | {"csrfmiddlewaretoken": self.token}))

    def send(self, method: str, path: str, body: str = "") -> bytes:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if method == "POST":
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://127.0.0.1:{PORT}/"}
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        if response.status >= 400:
            raise AssertionError(f"{method} {path}: {response.status} {content[:300]!r}")
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return content


def _rate(act: object) -> float:
    clients = [Client() for _ in range(CLIENTS)]
    counts = [0] * CLIENTS
    end = time.perf_counter() + SECONDS

    def work(number: int) -> None:
        while time.perf_counter() < end:
            act(clients[number])  # type: ignore[operator]
            counts[number] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def _await() -> None:
    for _ in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
            connection.request("GET", "/api/v1/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer")


def prepare() -> None:
    """An account of one village's committee whose people are under daily readings."""
    from django.contrib.auth.hashers import make_password

    from bulou.directory.models import Account, Unit, UnitRole
    from bulou.directory.scope import everywhere

    with everywhere():
        code = "120101999001"
        unit = Unit.objects.create(name="甲村委会", name_en="A", area_id=code, synthetic=True)
        UnitRole.objects.create(unit=unit, role="village_committee", area=code)
        Account.objects.create(username=USER, unit=unit, role="village_committee", password=make_password(PASSWORD))
    ground.village(unit.id)
