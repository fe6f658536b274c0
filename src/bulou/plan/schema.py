"""JSON Schema of a plan's files, for editors: keys with what they mean; every kind, field, option and role there is.

It says what can be said file by file. `bulou plan check` says the rest.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from bulou.kernel.facts import FactData, FactKinds
from bulou.kernel.text import Text
from bulou.plan.cases import Case
from bulou.plan.models import SCREENS, Clause, Header
from bulou.plan.parameters import Parameter
from bulou.plan.possible import domain
from bulou.plan.schema_words import descriptions
from bulou.plan.vocabulary import BOOKKEEPING

Schema = dict[str, Any]
FILES: Mapping[str, Any] = {
    "plan": Header,
    "parameters": dict[str, Parameter],
    "clauses": list[Clause],
    "cases": list[Case],
}
"""The files of a plan, and what each holds."""
DIALECT = "http://json-schema.org/draft-07/schema#"
"""What the editors' YAML language server knows best."""

PARAMETER: Schema = {"type": "string", "pattern": r"^\$[a-z][a-z0-9_]*$"}
PERIOD: Schema = {
    "type": "string",
    "pattern": r"^(P(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?|\$[a-z][a-z0-9_]*)$",
    "examples": ["PT2H", "P1D", "P14D", "P1W"],
}
INSTANT: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$"}
DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
NUMBERS = (int, float, Decimal)
_KIND, _ROLE, _FACT = ({"$ref": f"#/definitions/{name}"} for name in ("kind", "role", "fact"))

PATCHES: Mapping[str, Schema] = {
    "Trigger.fact": _KIND,
    "Until.fact": _KIND,
    "Requirement.fact": _KIND,
    "Guard.act": _KIND,
    "Duty.when": {"anyOf": [_KIND, {"$ref": "#/definitions/Trigger"}]},
    "Duty.must": {"anyOf": [_KIND, {"$ref": "#/definitions/Trigger"}]},
    "Duty.until": {"anyOf": [_KIND, {"$ref": "#/definitions/Until"}]},
    "Duty.by": _ROLE,
    "Tell.role": _ROLE,
    "Group.lead": _ROLE,
    "Group.deputies": {"type": "array", "items": _ROLE},
    "Group.members": {"type": "array", "items": _ROLE},
    "Duty.within": PERIOD,
    "Duty.late": PERIOD,
    "Tell.after": PERIOD,
    "Until.after": PERIOD,
    "Every.period": PERIOD,
    "Checklist.every": PERIOD,
    "Requirement.last": PERIOD,
    "Show.screen": {"anyOf": [{"enum": sorted(SCREENS)}, {"type": "string", "minLength": 1}]},
    "Clause.no_miss": {"enum": ["screening", "isolation", "monitoring", "treatment", "control", "none"]},
    "CaseFact.kind": _FACT,
    "CaseFact.area": {"type": ["string", "integer"]},
    "Expected.discharged_by": {"type": ["string", "null"]},
}
"""Places where the models alone say too little: what is checked with the vocabulary, or read in several ways."""


def schema(file: str, kinds: FactKinds, roles: Mapping[str, Any]) -> Schema:
    """The JSON Schema (draft 7) of one of `FILES`. `roles`: each with a `title` in both languages."""
    made: Schema = TypeAdapter(FILES[file]).json_schema(ref_template="#/definitions/{model}")
    parts: dict[str, Schema] = made.pop("$defs", {})
    if made.get("properties"):
        parts = {**parts, "Header": made}
        made = {"$ref": "#/definitions/Header"}
    words = descriptions()
    for name, part in parts.items():
        part.pop("title", None)
        for key in part.get("properties", {}):
            part["properties"][key] = _property(f"{name}.{key}", part["properties"][key], words)
    for name in ("Trigger", "Until", "Requirement"):
        if name in parts:
            parts[name]["allOf"] = list(_by_kind("fact", "where", kinds, "where"))
    if "CaseFact" in parts:
        parts["CaseFact"]["allOf"] = list(_by_kind("kind", "data", kinds, "data"))
    parts |= _vocabulary(kinds, roles) if file in ("clauses", "cases") else {}
    parts |= dict(_fields(kinds, "data" if file == "cases" else "where")) if file in ("clauses", "cases") else {}
    return {"$schema": DIALECT, "title": f"Bulou {file}.yaml", **made, "definitions": dict(sorted(parts.items()))}


def _property(place: str, found: Schema, words: Mapping[str, str]) -> Schema:
    """A key's schema: patched, described, freed of what only Python cares about."""
    plain = PATCHES.get(place) or _tidy(found)
    if "$ref" in plain:
        plain = {"allOf": [plain]}
    return {"description": words[place], **plain}


def _tidy(part: Any) -> Any:
    """Without titles, defaults and null alternatives; instants and days as YAML writes them."""
    if isinstance(part, list):
        return [_tidy(item) for item in part if item != {"type": "null"}]
    if not isinstance(part, dict):
        return part
    if part.get("format") in ("date-time", "date"):
        return INSTANT if part["format"] == "date-time" else DAY
    kept = {key: _tidy(value) for key, value in part.items() if key not in ("title", "default")}
    options = kept.get("anyOf", [])
    if len(options) == 1:
        del kept["anyOf"]
        kept |= options[0]
    return kept


def _vocabulary(kinds: FactKinds, roles: Mapping[str, Any]) -> dict[str, Schema]:
    usable = {kind: data for kind, data in kinds.items() if kind not in BOOKKEEPING}
    titles = {name: role.title for name, role in roles.items()}
    return {
        "kind": _words({kind: data.title for kind, data in usable.items()}),
        "fact": _words({kind: data.title for kind, data in kinds.items()}),
        "role": _words(titles),
    }


def _words(titles: Mapping[str, Text]) -> Schema:
    return {
        "type": "string",
        "enum": list(titles),
        "enumDescriptions": [f"{title.zh} · {title.en}" for title in titles.values()],
    }


def _by_kind(key: str, holds: str, kinds: FactKinds, sort: str) -> Iterator[Schema]:
    """For each kind under `key`: what `holds` may have in it."""
    for kind in kinds:
        if sort == "data" or kind not in BOOKKEEPING:
            yield {
                "if": {"properties": {key: {"const": kind}}, "required": [key]},
                "then": {"properties": {holds: {"$ref": f"#/definitions/{kind}"}}},
            }


def _fields(kinds: FactKinds, sort: str) -> Iterator[tuple[str, Schema]]:
    """By kind: its fields, as conditions (`where`) or as values (`data`)."""
    for kind, data in kinds.items():
        if sort == "data" or kind not in BOOKKEEPING:
            read = _value if sort == "data" else _condition
            properties = {name: {"description": _meaning(name, info), **read(info)} for name, info in _named(data)}
            yield kind, {"type": "object", "properties": properties, "additionalProperties": False}


def _named(data: type[FactData]) -> Iterator[tuple[str, FieldInfo]]:
    for name, info in data.model_fields.items():
        yield info.alias or name, info


def _meaning(name: str, info: FieldInfo) -> str:
    return " · ".join(part for part in (info.title or name, info.description) if part)


def _single(info: FieldInfo) -> Schema:
    """One value, or one element, of a field."""
    found = domain(info)
    if found.options:
        return {"enum": list(found.options)}
    names = {"boolean": (bool,), "number": NUMBERS, "string": (str, date)}
    allowed = [name for name, types in names.items() if set(types) & set(found.types)]
    return {"type": allowed} if allowed else {}


def _value(info: FieldInfo) -> Schema:
    single = _single(info)
    return {"anyOf": [single, {"type": "array", "items": single}, {"type": "null"}]} if single else {}


def _condition(info: FieldInfo) -> Schema:
    """A value, any of several, or a comparison; numbers may be compared in order."""
    either: Schema = {"anyOf": [single, PARAMETER]} if (single := _single(info)) else {}
    operators = {"ne": either}
    if set(NUMBERS) & set(domain(info).types):
        ordered = {"anyOf": [{"type": "number"}, PARAMETER]}
        operators |= dict.fromkeys(("gt", "gte", "lt", "lte"), ordered)
    compared = {"type": "object", "properties": operators, "additionalProperties": False, "minProperties": 1}
    return {"anyOf": [either, {"type": "array", "items": either, "minItems": 1}, compared]} if single else {}
