"""Matching a few thousand rows against tables of any size: by their indexes, one probe a row.

What a large first import finds are tables the planner still takes for empty; it would read them whole for each row.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_PLANS = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
_SET = "SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in _PLANS)


@contextmanager
def probing() -> Iterator[None]:
    """Within the block, and a transaction, joins are made by index probes. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_SET, ["off"] * len(_PLANS))
        yield
        cursor.execute(_SET, ["on"] * len(_PLANS))
