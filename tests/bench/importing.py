"""An import of new people (read, checked, sealed, indexed, told apart) beside COPY of the same rows made ready."""

import csv
import tempfile
from pathlib import Path
from typing import Any

from tests.bench import ground
from tests.bench.report import Line

SIZE = 100_000
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂"
FLOOR = "DROP TABLE IF EXISTS floor_person; CREATE TABLE floor_person (LIKE person INCLUDING ALL)"


def measure(size: int = SIZE) -> list[Line]:
    """New people with identity numbers, phones and addresses, out of a CSV; then the same file again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        _write(path, size)
        floor = _floor(path)
        new, known = _bring(path, created=size), _bring(path, unchanged=size)
    return [
        Line("import", f"{size:,} new people from a CSV", f"{size / new:,.0f}/s", "≥ 15,000/s", new),
        Line("import", "… beside COPY of the rows made ready", f"{floor / new:.2f} ×", "≥ 0.33 ×", floor),
        Line("import", "… the same file again: nothing changes", f"{size / known:,.0f}/s", "", known),
    ]


def _write(path: Path, size: int) -> None:
    from stdnum.cn import ric

    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["姓名", "性别", "出生日期", "身份证号", "手机号", "现住地编码", "现住址"])
        for n in range(size):
            month, day = 1 + n // (999 * 28) % 12, 1 + n // 999 % 28
            start = f"120101{1930 + n // (999 * 12 * 28) % 90}{month:02}{day:02}{n % 999 + 1:03}"
            number = start + ric.calc_check_digit(start + "0")
            name = SURNAMES[n % 20] + GIVEN[n // 20 % 24] + GIVEN[n // 480 % 24]
            born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
            sex = "男" if int(number[16]) % 2 else "女"
            area = f"1201{1 + n // 3 % 4:02}{n // 3 % 50:03}001"
            rows.writerow([name, sex, born, number, f"199{n:08}", area, f"演示路{n // 3}号"])


def _bring(path: Path, **expected: int) -> float:
    from bulou.exchange.imports import reading, services
    from bulou.exchange.imports.happenings import Sender

    sender = Sender("", synthetic=True)
    with ground.watch() as seconds:
        table = reading.read(path)
        file = services.file_keep(path, path.name, "people", sender, content=False)
        *_, batch = services.begin(file, table, sender, rehearsal=False).go()
    if {name: getattr(batch, name) for name in expected} != expected:
        raise AssertionError(vars(batch))
    return seconds[0]


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
                copy.write_row(row)
        connection.commit()
    ground.execute_alone("DROP TABLE floor_person")
    return seconds[0]


def _ready(path: Path) -> list[tuple[Any, ...]]:
    from bulou.directory.services import Draft, NewPerson, people_draft

    with path.open(encoding="utf-8", newline="") as file:
        next(rows := csv.reader(file))
        people = [
            NewPerson(name, area, sex="male" if sex == "男" else "female", id_number=number, phone=phone)
            for name, sex, _, number, phone, area, _ in rows
        ]
    return [draft.values for draft in people_draft(people) if isinstance(draft, Draft)]
