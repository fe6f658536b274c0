"""Whoever makes a file of a list without having opened its page (a worker, a command) finds it on the books."""

from pathlib import Path

from bulou.web.lists.books import HOLDERS

SOURCE = Path(__file__).parents[2] / "src"


def registering() -> set[str]:
    """Every module that puts a list on the books."""
    return {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for path in (SOURCE / "bulou" / "web").rglob("*.py")
        if " = register(\n    List(" in path.read_text("utf-8")
    }


def test_every_module_with_a_list_is_on_the_books() -> None:
    assert registering() - set(HOLDERS) == set()
    assert len(registering()) >= 8
