"""Lengths of files and functions, measured."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

CODE = {".py", ".sql", ".html", ".css", ".js"}


def code_files(*folders: Path) -> list[Path]:
    """Source files under the folders, but for what migrations and compilers write."""
    return [p for folder in folders for p in sorted(folder.rglob("*")) if p.suffix in CODE and p.is_file()]


def lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def lines_that_say_something(paths: Iterable[Path]) -> int:
    """Lines that are not blank."""
    return sum(bool(line.strip()) for path in paths for line in path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and length in lines of each function of a Python file, decorators apart."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.name}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def share_within(lengths: Iterable[int], limit: int) -> float:
    """The share of lengths at or below the limit; 1.0 of nothing."""
    lengths = list(lengths)
    return sum(length <= limit for length in lengths) / len(lengths) if lengths else 1.0
