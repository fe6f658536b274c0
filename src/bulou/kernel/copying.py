"""Rows as the text format of PostgreSQL's COPY has them, and columns as its arrays: written once, sent in one piece."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_row(values: Iterable[object]) -> str:
    """One row with its end. KeyError for a value of a type it does not know."""
    return "\t".join([_WRITTEN[type(value)](value) for value in values]) + "\n"


def _text(value: str) -> str:
    return value if value.isprintable() and "\\" not in value else value.translate(_ESCAPES)


class _Written(dict[type, Callable[..., str]]):
    """Type to how its values are written; a kind of a known type is written as that."""

    def __missing__(self, kind: type) -> Callable[..., str]:
        known = next((base for base in kind.__mro__ if base in self), None)
        if known is None:
            raise KeyError(kind)
        self[kind] = self[known]
        return self[known]


_WRITTEN = _Written(
    {
        str: _text,
        type(None): lambda value: NULL,
        UUID: lambda value: f"{value.int:032x}",
        bytes: lambda value: f"\\\\x{value.hex()}",
        bool: lambda value: "t" if value else "f",
        int: str,
        float: repr,
        date: date.isoformat,
        datetime: datetime.isoformat,
    }
)


def array(values: Iterable[Any]) -> str:
    """Ids, instants, numbers and flags as PostgreSQL writes an array: the driver takes far longer, item by item."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"
