"""The stair as the import contracts state it, and what they cannot see: model relations, tables named in SQL."""

import ast
import re
from collections.abc import Iterable, Iterator
from configparser import ConfigParser
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from django.db import models

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "bulou"
CONTRACTS = ROOT / ".importlinter"
HALL = 10
"""More than the steps inside any hall."""


@dataclass(frozen=True, slots=True)
class Breach:
    """Something in room `user` that reaches for something in room `used`, which is not below it."""

    user: str
    used: str
    what: str


class Stair:
    """The rooms and their heights. A room may use itself and whatever stands strictly lower."""

    def __init__(self, heights: dict[str, int]) -> None:
        self.heights = heights

    @classmethod
    def read(cls, contracts: Path = CONTRACTS) -> "Stair":
        """The stair of the layer contracts: `bulou`'s own steps, and within a hall the steps of its rooms."""
        parser = ConfigParser()
        parser.read(contracts, encoding="utf-8")
        steps = {s["containers"]: _steps(s["layers"]) for s in map(parser.__getitem__, _exhaustive(parser))}
        heights: dict[str, int] = {}
        for height, names in enumerate(reversed(steps["bulou"])):
            for name in names:
                inner = steps.get(f"bulou.{name}")
                for step, rooms in enumerate(reversed(inner or [[]])):
                    within = [f"bulou.{name}.{room}" for room in rooms] or [f"bulou.{name}"]
                    heights |= dict.fromkeys(within, height * HALL + step)
        return cls(heights)

    def room_of(self, module: str) -> str:
        """The room a dotted module name lies in; empty for anything outside the stair."""
        return next((room for room in self.heights if f"{module}.".startswith(f"{room}.")), "")

    def allows(self, user: str, used: str) -> bool:
        return user == used or self.heights[user] > self.heights[used]


def _exhaustive(parser: ConfigParser) -> list[str]:
    return [name for name in parser.sections() if parser[name].getboolean("exhaustive", fallback=False)]


def _steps(layers: str) -> list[list[str]]:
    return [[name.strip() for name in line.split("|")] for line in layers.strip().splitlines()]


def upward_relations(stair: Stair, all_models: Iterable[type[models.Model]]) -> list[Breach]:
    """Foreign keys, one-to-ones and many-to-manys that point from a lower room to a higher one."""
    found = []
    for model in all_models:
        user = stair.room_of(model.__module__)
        for field in [*model._meta.fields, *model._meta.many_to_many] if user else []:
            if not isinstance(field.related_model, type):
                continue
            used = stair.room_of(field.related_model.__module__)
            if used and not stair.allows(user, used):
                found.append(Breach(user, used, f"{model.__name__}.{field.name} -> {field.related_model.__name__}"))
    return found


_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_NAME = r'(?:"?\w+"?\.)?"?(?P<table>[A-Za-z_]\w*)"?'
_ONLY = r"(?:(?:only|if\s+not\s+exists|if\s+exists|lateral)\s+)*"
_WORDS = r"from|join|into|update|table|references|copy|truncate|using|view|of"
_TABLE = re.compile(rf"\b(?:{_WORDS})\s+{_ONLY}{_NAME}", re.IGNORECASE)
_ON_TABLE = re.compile(
    rf"\bon\s+{_ONLY}{_NAME}(?=\s*(?:$|[;,(]|\b(?:as|enable|for|from|to|using|with)\b))", re.IGNORECASE
)
_NEXT_IN_LIST = re.compile(rf"\s*(?:(?:as\s+)?(?!on\b|where\b)\w+\s*)?,\s*{_NAME}", re.IGNORECASE)
_CREATED = re.compile(
    rf"\bcreate\s+(?:or\s+replace\s+)?(?:unlogged\s+|materialized\s+)?(?:table|view)\s+{_ONLY}{_NAME}", re.IGNORECASE
)
_CTE = re.compile(r"\b(?P<table>\w+)\s*(?:\([^()]*\)\s*)?as\s+(?:not\s+)?(?:materialized\s*)?\(", re.IGNORECASE)
_STATEMENTS = (
    "select|insert into|update|delete from|with|create|alter|copy|grant|truncate|merge into|left join|join|from"
)
_LOOKS_LIKE_SQL = re.compile(rf"(?im)^\s*(?:{_STATEMENTS})\s|(?-i:\b(?:SELECT|FROM|JOIN|UPDATE|INTO|TABLE)\b)")


def _bare(sql: str) -> str:
    return _LITERAL.sub("''", _COMMENT.sub(" ", sql))


def tables_in(sql: str) -> set[str]:
    """Names that stand where SQL expects a table, lower-cased; names the statement itself defines are left out."""
    sql = _bare(sql)
    names = set()
    for match in chain(_TABLE.finditer(sql), _ON_TABLE.finditer(sql)):
        names.add(match["table"].lower())
        end = match.end()
        while listed := _NEXT_IN_LIST.match(sql, end):
            names.add(listed["table"].lower())
            end = listed.end()
    return names - {match["table"].lower() for match in _CTE.finditer(sql)}


def tables_created_in(sql: str) -> set[str]:
    return {match["table"].lower() for match in _CREATED.finditer(_bare(sql))}


def sql_texts(path: Path) -> Iterator[str]:
    """A `.sql` file whole, or the strings of a `.py` file that read like SQL (not its docstrings)."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".sql":
        yield text
    elif path.suffix == ".py":
        yield from filter(_LOOKS_LIKE_SQL.search, _strings(ast.parse(text)))


def _strings(tree: ast.AST) -> Iterator[str]:
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inside.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else " _ " for v in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value


def sql_by_room(stair: Stair, source: Path = SOURCE) -> Iterator[tuple[str, Path, str]]:
    """Every SQL text of the product with the room it stands in."""
    for path in sorted(source.rglob("*")):
        if path.suffix in {".sql", ".py"} and "node_modules" not in path.parts:
            module = ".".join(["bulou", *path.relative_to(source).with_suffix("").parts])
            if room := stair.room_of(module):
                yield from ((room, path, sql) for sql in sql_texts(path))


def table_owners(stair: Stair, all_models: Iterable[type[models.Model]], source: Path = SOURCE) -> dict[str, str]:
    """Table or view to the room that owns it: its model's room, else the room whose SQL creates it."""
    created = {name: room for room, _, sql in sql_by_room(stair, source) for name in tables_created_in(sql)}
    return created | {m._meta.db_table: room for m in all_models if (room := stair.room_of(m.__module__))}


def upward_tables(stair: Stair, owners: dict[str, str], source: Path = SOURCE) -> list[Breach]:
    """Tables named in SQL of a room that may not use the tables' owner."""
    return [
        Breach(room, owners[table], f"{path.name} names {table}")
        for room, path, sql in sql_by_room(stair, source)
        for table in sorted(tables_in(sql) & owners.keys())
        if not stair.allows(room, owners[table])
    ]
