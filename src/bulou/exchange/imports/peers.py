"""Files of other systems: SORMAS's tables with two rows of headings, Go.Data's exports as tables and as JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bulou.exchange.imports.refusing import bad_file

SORMAS = ("caseclassification", "person.firstname", "person.lastname", "lastcontactdate", "responsibledistrict")
GODATA = {"firstname", "lastname", "visualid", "dateofreporting"}
REFERENCE = "LNG_REFERENCE_DATA_"
_CATEGORIES = ("_CLASSIFICATION_", "_GENDER_", "_CERTAINTY_LEVEL_", "_LAB_TEST_RESULT_", "_OUTCOME_", "_RISK_LEVEL_")
MOST_JSON = 256 * 1024 * 1024


def is_sormas(first: Sequence[str], second: Sequence[str]) -> bool:
    """True where the first row names entities (`Case`, `Person`) and the second the paths of their fields."""
    entities = {name for name in first if name}
    paths = {path.casefold() for path in second if path}
    return bool(entities) and len(entities) < len(paths) and len(paths & set(SORMAS)) >= 2


def is_godata(headings: Sequence[str]) -> bool:
    """True for a table exported with Go.Data's own field names."""
    return len({heading.replace(" ", "").casefold() for heading in headings} & GODATA) >= 3


def word(text: str) -> str:
    """The last part of one of Go.Data's long words: `…_GENDER_MALE` → `male`; anything else as it is."""
    if not text.startswith(REFERENCE):
        return text
    end = next((text.split(mark)[-1] for mark in _CATEGORIES if mark in text), text.rpartition("_")[2])
    return end.casefold()


def godata_headings(path: Path) -> tuple[list[str], int]:
    """The paths of the fields in a JSON array, in the order they first occur, and how many objects there are."""
    headings: dict[str, None] = {}
    objects = _objects(path)
    for item in objects:
        headings.update(dict.fromkeys(_flat(item)))
    return list(headings), len(objects)


def godata_rows(path: Path, headings: Sequence[str]) -> Iterator[list[Any]]:
    """Each object as a row."""
    for item in _objects(path):
        flat = _flat(item)
        yield [flat.get(heading) for heading in headings]


def _objects(path: Path) -> list[Mapping[str, Any]]:
    if path.stat().st_size > MOST_JSON:
        raise bad_file("size", "JSON 文件太大，请导出为 CSV。", "the JSON is too large: export it as CSV.")
    try:
        items = json.loads(path.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise bad_file("json", f"不是有效的 JSON（{error}）。", f"it is not valid JSON ({error}).") from error
    if isinstance(items, dict) and {"columns", "rows", "about"} <= items.keys():
        items = items["rows"]
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise bad_file("json", "JSON 应是一个对象数组。", "the JSON must be an array of objects.")
    return items


def _flat(item: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in item.items():
        path = f"{before}.{key}" if before else key
        if isinstance(value, Mapping):
            flat |= _flat(value, path)
        elif isinstance(value, list):
            for number, part in enumerate(value):
                flat |= _flat(part, f"{path}[{number}]") if isinstance(part, Mapping) else {f"{path}[{number}]": part}
        elif value is not None:
            flat[path] = value if isinstance(value, bool | int | float) else str(value)
    return flat
