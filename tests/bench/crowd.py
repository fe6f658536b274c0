"""Three hundred people at the real server at once, beside as many asking for the bare view, by the same client."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench import ground, web
from tests.bench.report import Line

USERS, BARE_SECONDS, SECONDS = 300, 10, 40
"""People at once, and how long they go on: less than a minute together."""
LOOKS = 200
FILE = Path(__file__).with_name("locustfile.py")


def measure(sessions: Sequence[str]) -> list[Line]:
    """Pages a second of the crowd beside the bare view's rate; what was refused; and what recording a look costs."""
    with web.serving(), tempfile.TemporaryDirectory() as folder:
        signed_in = Path(folder) / "sessions.json"
        signed_in.write_text(json.dumps(list(sessions)))
        row = _locust("Row", BARE_SECONDS, signed_in)
        bare = _locust("Bare", BARE_SECONDS, signed_in)
        crowd = _locust("Person", SECONDS, signed_in)
    rate, floor, alone = _rate(crowd), _rate(bare), _rate(row)
    wrong = sum(one["num_failures"] for one in (*row, *bare, *crowd))
    waits = f"{_p95(crowd):,.0f} ms"
    return [
        Line("crowd", f"one row before Django's handler, {USERS} users at once", f"{alone:,.0f}/s", "", BARE_SECONDS),
        Line("crowd", f"the bare view, {USERS} users at once", f"{floor:,.0f}/s", "", BARE_SECONDS),
        Line("crowd", f"pages and facts, {USERS} people at once", f"{rate:,.0f}/s", "", SECONDS),
        Line("crowd", "… beside the bare view", f"{rate / floor:.2f} ×", "≥ 0.25 ×"),
        Line("crowd", "… beside the row alone", f"{rate / alone:.2f} ×", ""),
        Line("crowd", "… answers that were errors", f"{wrong}", "0"),
        Line("crowd", "… an answer at p95", waits, ""),
        _look(),
    ]


def _locust(user: str, seconds: int, sessions: Path) -> list[dict[str, Any]]:
    """One run of locust with users of a class; gives its statistics by name of request."""
    command = [sys.executable, "-m", "locust", "-f", str(FILE), user, "--headless", "--json", "--only-summary"]
    command += ["-u", str(USERS), "-r", str(USERS), "-t", f"{seconds}s", "--stop-timeout", "10"]
    command += ["--host", f"http://127.0.0.1:{web.PORT}", "--loglevel", "ERROR", "--exit-code-on-error", "0"]
    surroundings = os.environ | {"BENCH_SESSIONS": str(sessions), "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=seconds + 60, check=False)
    if done.returncode:
        raise AssertionError(done.stderr[-2000:])
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def _rate(found: Sequence[dict[str, Any]]) -> float:
    """Answers a second from the first to the last."""
    begun = min(one["start_time"] for one in found)
    ended = max(one["last_request_timestamp"] for one in found)
    return sum(one["num_requests"] for one in found) / float(ended - begun)


def _p95(found: Sequence[dict[str, Any]]) -> float:
    """Milliseconds within which nineteen of twenty answers came."""
    times = sorted((float(ms), count) for one in found for ms, count in one["response_times"].items())
    left = 0.95 * sum(count for _, count in times)
    for ms, count in times:
        left -= count
        if left <= 0:
            return ms
    raise AssertionError("nobody was answered")


def _look() -> Line:
    """What it adds to a request about a person that the look is recorded, its being safe on disk included."""
    from bulou.directory.models import Account, Person
    from bulou.directory.scope import everywhere
    from bulou.directory.services import access_record

    with everywhere():
        account = Account.objects.filter(username__startswith="bench-").first()
        person = Person.objects.filter(area__code__startswith=ground.TOWN).first()
    if account is None or person is None:
        raise AssertionError("nobody to look, or nobody to look at")

    def seconds(recorded: bool) -> float:
        begun = time.perf_counter()
        with everywhere():
            Person.objects.get(pk=person.pk)
            if recorded:
                access_record("view", by=account, area=person.area_id, subject=f"person:{person.pk}", ip="127.0.0.1")
        return time.perf_counter() - begun

    without = statistics.median(seconds(False) for _ in range(LOOKS))
    added = statistics.quantiles([seconds(True) - without for _ in range(LOOKS)], n=20)[-1]
    return Line("views", "recording a look at a person, p95", f"{added * 1000:.1f} ms", "≤ 5 ms", added)
