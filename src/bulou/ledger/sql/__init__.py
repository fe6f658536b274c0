"""SQL in named, described blocks of `.sql` files. `-- name: x` starts a block; `{x}` in a block includes fragment x."""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
_NAME = re.compile(r"^-- name: (\w+)\n", re.M)
_FRAGMENT = re.compile(r"\{(\w+)\}")


def block(file: str, name: str, **fragments: str) -> str:
    """The statement called `name` in `file`.sql, its fragments filled in; KeyError where there is none."""
    return filled(_statement(_blocks(file)[name]), file, **fragments)


def text(file: str, name: str) -> str:
    """A block as it stands, to be given to another as a fragment."""
    return _statement(_blocks(file)[name])


@cache
def filled(statement: str, file: str = "reconcile", **fragments: str) -> str:
    """A statement with its `{fragments}` put in: those given, the file's own blocks, or those of reconcile.sql."""
    known = _blocks("reconcile") | _blocks(file) | fragments
    while _FRAGMENT.search(statement):
        statement = _FRAGMENT.sub(lambda match: _statement(known[match[1]]), statement)
    return statement


def schema(*names: str, temporary: bool = False) -> str:
    """The named blocks of schema.sql and work.sql: as the live tables, or as temporary ones with free-form ids."""
    blocks = _blocks("schema") | _blocks("work")
    text = "\n".join(blocks[name] for name in names)
    kind, identifier = ("TEMP", 'text COLLATE "C"') if temporary else ("", "uuid")
    return text.replace("{temp} ", f"{kind} ".lstrip()).replace("{id}", identifier)


def names(file: str) -> list[str]:
    """The blocks of a file, in order."""
    return list(_blocks(file))


@cache
def _blocks(file: str) -> dict[str, str]:
    parts = _NAME.split((FOLDER / f"{file}.sql").read_text(encoding="utf-8"))
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _statement(text: str) -> str:
    """A block without its describing comment lines and closing semicolon."""
    lines = [line for line in text.strip().splitlines() if not line.startswith("--")]
    return "\n".join(lines).rstrip(";")
