"""Whoever makes a file of a list without having opened its page (a worker, a command) finds it on the books."""

import ast
from pathlib import Path

from bulou.web.lists.books import HOLDERS

SOURCE = Path(__file__).parents[2] / "src"


def registering() -> set[str]:
    """Every module that puts a list on the books."""
    return {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for path in (SOURCE / "bulou" / "web").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        and node.module == "bulou.web.lists.spec"
        and any(name.name == "register" for name in node.names)
    }


def test_every_module_with_a_list_is_on_the_books() -> None:
    assert registering() - set(HOLDERS) == set()
    assert len(registering()) >= 14
