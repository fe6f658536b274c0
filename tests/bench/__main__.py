"""`python -m tests.bench`: measure, print, and write docs/reference/benchmarks.md.

`--people` sizes the large batch; `--only monitoring --people 1000000` measures a day of a million people alone,
`--only web --on-file 50000` requests beside the bare view, `--only import --rows 1000000` and
`--only page-import --rows 1000000` a list of a million.
"""

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import (
    batch,
    boards,
    crowd,
    exporting,
    ground,
    importing,
    machine,
    micro,
    monitoring,
    page_import,
    reading,
    search,
    start,
    web,
)
from tests.bench.report import Line

REPORT = Path(__file__).parents[2] / "docs" / "reference" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `make bench`; ratios of one run count, absolute figures drift with the machine. People and readings are
synthetic. {on_file:,} people are on file, {people:,} of them under two readings a day for ten days; reads also at a
tenth and a hundredth of that (the demo has two thousand people).

Machine: {machine}. Measured {at:%Y-%m-%d}, in {minutes:.0f} minutes.

| area | work | measured | goal | took |
|---|---|---|---|---|
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--people", type=int, default=500_000, help="people of the large batch: twenty slots each")
    parser.add_argument(
        "--on-file", type=int, default=1_000_000, help="people whom pages, search and files stand among"
    )
    parser.add_argument("--no-report", action="store_true", help="print only")
    parser.add_argument("--rows", type=int, default=importing.SIZE, help="rows of the lists that are imported")
    parser.add_argument("--only", choices=sorted(ALONE), help="that part alone, printed, in a house of its own")
    given = parser.parse_args()
    if given.only:
        print("".join(map(_row, ALONE[given.only](given))), end="", flush=True)
        return
    begun = time.perf_counter()
    on_file = max(given.people, given.on_file)
    lines = _measure(given.people, on_file, given.rows)
    minutes = (time.perf_counter() - begun) / 60
    if not given.no_report:
        sizes = {"people": given.people, "on_file": on_file}
        head = HEAD.format(**sizes, machine=machine.describe(), at=datetime.now(UTC), minutes=minutes)
        REPORT.write_text(head + "".join(map(_row, lines)), encoding="utf-8")


def _measure(people: int, on_file: int, rows: int) -> list[Line]:
    lines: list[Line] = []

    def say(found: list[Line]) -> None:
        lines.extend(found)
        for line in found:
            print(_row(line), end="", flush=True)

    with ground.watch() as set_up:
        ground.open_house()
    say([Line("start", "database made, started and migrated", f"{set_up[0]:.1f} s", "", set_up[0])])
    ground.adopt()
    ground.register(on_file)
    sessions = web.prepare()
    say(web.measure(sessions))
    say(crowd.measure(sessions))
    say(search.measure(on_file))
    say(importing.measure(rows))
    say(page_import.measure(rows))
    say(exporting.measure(on_file))
    reached = 0
    for times in (1, 10, 100):
        size = people * times // 100
        say(batch.opened(size, reached + 1))
        say(reading.measure(f"{times} ×, {size:,} people"))
        reached = size
    say(micro.measure(people))
    say(batch.measure(people))
    say(start.measure())
    say(monitoring.measure(on_file))
    say(boards.measure())
    return lines


def _monitoring(given: argparse.Namespace) -> list[Line]:
    """A day of so many people under monitoring, and twenty thousand isolations ended."""
    ground.open_house()
    ground.register(given.people)
    return monitoring.measure(given.people)


def _import(given: argparse.Namespace) -> list[Line]:
    ground.open_house()
    ground.register(100)
    return importing.measure(given.rows)


def _page_import(given: argparse.Namespace) -> list[Line]:
    ground.open_house()
    ground.register(100)
    return page_import.measure(given.rows)


def _web(given: argparse.Namespace) -> list[Line]:
    """Requests of one, and of three hundred people."""
    ground.open_house()
    ground.adopt()
    ground.register(given.on_file)
    sessions = web.prepare()
    ground.execute_alone("ANALYZE")
    return [*web.measure(sessions), *crowd.measure(sessions)]


def _boards(_given: argparse.Namespace) -> list[Line]:
    """The boards of a county with fifty thousand rooms."""
    ground.open_house()
    return boards.measure()


ALONE = {"boards": _boards, "monitoring": _monitoring, "web": _web, "import": _import, "page-import": _page_import}


def _row(line: Line) -> str:
    took = f"{line.seconds:.2f} s" if line.seconds is not None else ""
    return f"| {line.area} | {line.work} | {line.figure} | {line.goal} | {took} |\n"


if __name__ == "__main__":
    main()
