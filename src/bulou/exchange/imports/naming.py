"""Units, cases, places and people as rows name them, found for a whole chunk at once."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db import connection
from django.db.models import Q

from bulou.directory.models import Person, Place, Unit
from bulou.directory.scope import scope
from bulou.exchange.imports.kinds import Kind
from bulou.exchange.imports.lines import Line
from bulou.exchange.imports.refusing import bad_cell
from bulou.kernel.errors import Problem

_CASES = """
SELECT f.subject, f.data ->> 'case_no' FROM fact f
WHERE f.subject >= 'episode:' AND f.subject < 'episode;' AND f.data ->> 'case_no' = ANY(%s)
    AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id) GROUP BY 1, 2
"""


def resolve(lines: Iterable[Line], kind: Kind, area: str) -> None:
    """Put the ids of units and cases in the place of their names and numbers. A query for each such column."""
    for column in kind.columns:
        if column.reads in ("unit", "episode"):
            here = [line for line in lines if line.values.get(column.field)]
            texts = {line.values[column.field] for line in here}
            found = (_units if column.reads == "unit" else _cases)(texts, area) if texts else {}
            for line in here:
                _put(line, column.field, column.reads, found.get(line.values[column.field], []))


def people_by_index(indexes: Iterable[bytes], area: str) -> dict[bytes, list[tuple[UUID, str]]]:
    """People on file by the blind index of their number or phone: id and area. One query."""
    wanted = set(indexes)
    found: dict[bytes, list[tuple[UUID, str]]] = {}
    with scope(area):
        rows = Person.objects.filter(Q(id_index__in=wanted) | Q(phone_index__in=wanted)) if wanted else []
        for person in rows:
            for index in (person.id_index, person.phone_index):
                if index is not None and bytes(index) in wanted:
                    found.setdefault(bytes(index), []).append((person.id, person.area_id))
    return found


def name_subjects(lines: Sequence[Line], on: Collection[str], area: str) -> None:
    """The place or unit each line names becomes its subject."""
    wanted = {line.values["subject_name"] for line in lines if line.values.get("subject_name")}
    found: dict[str, list[tuple[str, str]]] = {}
    with scope(area):
        for subject, model in (("place", Place), ("unit", Unit)):
            if subject in on and wanted:
                rows = model._default_manager.filter(name__in=wanted, area__code__startswith=area)
                for id, name, where in rows.values_list("id", "name", "area_id"):
                    found.setdefault(name, []).append((f"{subject}:{id}", where))
    for line in lines:
        if not line.values.get("subject"):
            name = line.values.get("subject_name", "")
            hits = [hit for hit in found.get(name, []) if hit[1].startswith(line.values.get("area", ""))]
            if len(hits) == 1:
                line.values["subject"], line.values["area"] = hits[0]
            else:
                line.problems.append(_not_one(name, len(hits), "subject_name"))


def place_subjects(lines: Sequence[Line], area: str) -> None:
    """Give lines that name a subject by its id the area it lies in, where they do not say. At most three queries."""
    for kind, model in (("person", Person), ("place", Place), ("unit", Unit)):
        here = [line for line in lines if str(line.values.get("subject", "")).startswith(f"{kind}:")]
        here = [line for line in here if not line.values.get("area")]
        if here:
            ids = {line.values["subject"].partition(":")[2] for line in here}
            with scope(area):
                known = dict(model._default_manager.filter(id__in=ids).values_list("id", "area_id"))
            for line in here:
                where = known.get(UUID(line.values["subject"].partition(":")[2]))
                if where is None:
                    line.problems.append(_not_one(line.values["subject"], 0, "subject"))
                else:
                    line.values["area"] = where
    for line in lines:
        if not line.problems and not line.values.get("area"):
            line.problems.append(bad_cell("no_area", "缺少属地。", "The area is missing.", "area"))


def _units(names: Collection[str], area: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = Unit.objects.filter(Q(name__in=names) | Q(name_en__in=names), valid_to=None)
    for id, name, name_en in rows.values_list("id", "name", "name_en"):
        for known in {name, name_en} & set(names):
            found.setdefault(known, []).append(f"unit:{id}")
    return found | {text: [text] for text in names if text.startswith("unit:")}


def _cases(numbers: Collection[str], area: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with scope(area), connection.cursor() as cursor:
        cursor.execute(_CASES, [list(numbers)])
        for subject, number in cursor.fetchall():
            found.setdefault(number, []).append(subject)
    return found | {text: [text] for text in numbers if text.startswith("episode:")}


def _put(line: Line, field: str, reads: str, found: list[str]) -> None:
    if len(found) == 1:
        line.values[field] = found[0]
        return
    text = line.values[field]
    if reads == "episode" and not found:
        line.problems.append(
            bad_cell(
                "no_case",
                f"您的属地内没有编号“{text}”的病例。请先导入病例名单，或留空。",
                f"No case {text!r} is known in your area. Import the line list first, or leave it empty.",
                field,
            )
        )
        return
    line.problems.append(_not_one(text, len(found), field))


def _not_one(name: str, count: int, field: str) -> Problem:
    if count:
        return bad_cell(
            "several",
            f"“{name[:60]}”有 {count} 个，分不清是哪一个。请填编号或写明属地。",
            f"There are {count} called {name[:60]!r}. Give its id, or the area.",
            field,
        )
    return bad_cell(
        "nothing",
        f"没有“{name[:60]}”。请先登记，或核对名称。",
        f"There is no {name[:60]!r}. Register it first, or check the name.",
        field,
    )
