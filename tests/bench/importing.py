"""An import of new people (read, checked, sealed, indexed, told apart) beside COPY of the same rows made ready.

`python -m tests.bench --only import --rows 1000000`.
"""

import csv
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench import ground
from tests.bench.report import Line

SIZE = 100_000
TENTH = 10
HEADINGS = ("姓名", "性别", "出生日期", "身份证号", "手机号", "现住地编码", "现住址")
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂"
FLOOR = "DROP TABLE IF EXISTS floor_person; CREATE TABLE floor_person (LIKE person INCLUDING ALL)"
COMMAND = [sys.executable, "-c", "from bulou.cli.main import main; main()"]


def measure(size: int = SIZE) -> list[Line]:
    """New people with identity numbers, phones and addresses, out of a CSV by the command; then the same file again.

    A tenth of them first: ten times the rows should take ten times as long.
    """
    with tempfile.TemporaryDirectory() as folder:
        few, path = Path(folder) / "few.csv", Path(folder) / "people.csv"
        write(few, size // TENTH, first=10 * size)
        write(path, size)
        floor = _floor(path)
        tenth, _, _ = by_command(few, created=size // TENTH)
        new, cpu, peak = by_command(path, created=size)
        known, _, _ = by_command(path, unchanged=size)
    return [
        Line("import", f"{size:,} new people from a CSV, by the command", f"{size / new:,.0f}/s", "≥ 15,000/s", new),
        Line("import", "… beside COPY of the rows made ready", f"{floor / new:.2f} ×", "≥ 0.33 ×", floor),
        Line("import", "… the program's own processor time for a row", f"{cpu / size * 1e6:.0f} µs", ""),
        Line("import", "… memory at its peak", f"{peak / 2**20:.0f} MiB", "≤ 1,024 MiB"),
        Line("import", f"… beside {TENTH} times a tenth of it", f"{new / tenth / TENTH:.2f} ×", "≤ 1.2 ×", tenth),
        Line("import", "… the same file again: nothing changes", f"{size / known:,.0f}/s", "", known),
    ]


def write(path: Path, size: int, first: int = 0) -> None:
    """A made-up list: three people to a household, in the order of their birthdays."""
    from stdnum.cn import ric

    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADINGS)
        for n in range(first, first + size):
            month, day = 1 + n // (999 * 28) % 12, 1 + n // 999 % 28
            start = f"120101{1930 + n // (999 * 12 * 28) % 90}{month:02}{day:02}{n % 999 + 1:03}"
            number = start + ric.calc_check_digit(start + "0")
            name = SURNAMES[n % 20] + GIVEN[n // 20 % 24] + GIVEN[n // 480 % 24]
            born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
            sex = "男" if int(number[16]) % 2 else "女"
            home = n // 3
            area = f"1201{1 + home % 4:02}{home % 50:03}001"
            rows.writerow([name, sex, born, number, f"199{n:08}", area, f"演示路{home}号"])


def by_command(path: Path, **expected: int) -> tuple[float, float, int]:
    """`bulou import` in a process of its own: seconds, its processor time, and the bytes it had at most."""
    told, seconds, cpu, peak = _child([*COMMAND, "import", "people", str(path), "--json", "--synthetic"])
    found = json.loads(told)
    if {name: found[name] for name in expected} != expected:
        raise AssertionError(found)
    return seconds, cpu, peak


def _child(command: list[str]) -> tuple[str, float, float, int]:
    """What a command printed, how long it took, its processor time, and the bytes it had at most (Linux)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with ground.watch() as seconds:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        out, _ = process.communicate()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise AssertionError(out)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return out, seconds[0], cpu, after.ru_maxrss * 1024


def _floor(path: Path) -> float:
    """COPY of the sealed rows into a table with the same indexes, as the owner."""
    import psycopg

    from bulou.config import database
    from bulou.directory.services.taking import COLUMNS

    rows = _ready(path)
    ground.execute_alone(FLOOR)
    with psycopg.connect(**database.connection("owner")) as connection, ground.watch() as seconds:
        with connection.cursor().copy(f"COPY floor_person ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for row in rows:
                copy.write(row)
        connection.commit()
    ground.execute_alone("DROP TABLE floor_person")
    return seconds[0]


def _ready(path: Path) -> list[str]:
    from bulou.directory.services import Draft, NewPerson, people_draft

    with path.open(encoding="utf-8", newline="") as file:
        next(rows := csv.reader(file))
        people = [
            NewPerson(name, area, sex="male" if sex == "男" else "female", id_number=number, phone=phone)
            for name, sex, _, number, phone, area, _ in rows
        ]
    return [draft.copied for draft in people_draft(people) if isinstance(draft, Draft)]
