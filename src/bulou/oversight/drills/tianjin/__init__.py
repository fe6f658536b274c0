"""The 135 confirmed cases of Tianjin, January and February 2020: a hand-typed line list, understood.

Source: D. Chen and L. Zhang for Tindale, Stockdale et al., eLife 2020;9:e57149 (MIT licence, beside the data).
"""

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.text import Text
from bulou.oversight.drills.tianjin import doubts
from bulou.oversight.drills.tianjin.clusters import chains, with_clusters
from bulou.oversight.drills.tianjin.links import Link
from bulou.oversight.drills.tianjin.model import Case, Doubt, Report
from bulou.oversight.drills.tianjin.rows import COLUMNS, ID, SOURCE, Row, read_row
from bulou.oversight.drills.tianjin.words import Cluster, Relation, Setting, Symptom, Window

__all__ = [
    "CASES",
    "Case",
    "Cluster",
    "Doubt",
    "Link",
    "Relation",
    "Report",
    "Setting",
    "Symptom",
    "Window",
    "chains",
    "read_cases",
]

CASES = Path(__file__).parents[1] / "data" / "tianjin-2020" / "cases.csv"


def read_cases(path: Path = CASES) -> Report:
    """The line list as cases and doubts. BulouError where columns are missing, ids repeat or a link leads nowhere."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        names = {(name or "").strip(): name for name in reader.fieldnames or ()}
        _refuse(_missing_columns(names))
        lines = [{name.strip(): value or "" for name, value in line.items() if name} for line in reader]
    rows = [Row(int(re.sub(r"\D", "", line[ID]) or 0), line) for line in lines]
    _refuse(_bad_ids(rows))
    return _understand(rows)


def _understand(rows: list[Row]) -> Report:
    cases = {row.number: read_row(row) for row in rows}
    _refuse(_dead_links(cases.values()))
    found = [doubt for row in rows for doubt in row.doubts]
    for number, case in cases.items():
        cases[number], inferred = doubts.with_relations(case, cases)
        found += inferred
    for case in cases.values():
        found += doubts.about(case, cases)
    found += doubts.to_recheck(list(cases.values()))
    return Report(len(rows), tuple(with_clusters(cases.values())), tuple(sorted(found, key=lambda doubt: doubt.case)))


def _refuse(problems: Iterable[Problem]) -> None:
    found = list(problems)
    if found:
        raise BulouError.many(found)


def _missing_columns(names: Iterable[str]) -> list[Problem]:
    text = Text(zh="名单缺少此列", en="the list has no such column")
    remedy = Text(zh="请补上表头后重试。", en="Add it to the header line and read again.")
    return [Problem("list.column", text, remedy, field=name) for name in COLUMNS if name not in names]


def _bad_ids(rows: list[Row]) -> Iterable[Problem]:
    seen: set[int] = set()
    for line, row in enumerate(rows, start=2):
        if row.number == 0 or row.number in seen:
            zh, en = f"病例号 {row.cells[ID]!r} 缺失或重复", f"the case id {row.cells[ID]!r} is missing or repeated"
            yield Problem("list.id", Text(zh=zh, en=en), where=f"line {line}", field=ID)
        seen.add(row.number)


def _dead_links(cases: Iterable[Case]) -> Iterable[Problem]:
    by_number = {case.number: case for case in cases}
    for case in by_number.values():
        for link in case.links:
            if link.to == case.number or link.to not in by_number:
                zh, en = (
                    f"所指病例 {link.to} 不在名单内",
                    f"it names case {link.to}, which is not another case of the list",
                )
                yield Problem("list.link", Text(zh=zh, en=en), where=case.name, field=SOURCE)
