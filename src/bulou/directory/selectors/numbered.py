"""What stands under a number, such as a room or a bed, found by how that number begins. Scope is the session's."""

from typing import Any

from django.db import connection

from bulou.directory.search_keys import LAST
from bulou.directory.selectors.areas import in_english
from bulou.kernel import clock
from bulou.kernel.areas import prefix_range


def numbered(statement: str, text: str, *, area: str, limit: int) -> list[tuple[Any, ...]]:
    """Rows of a statement whose number begins as the last word of `text`; words before it narrow by where it stands.

    The statement is given `number`, `end`, `within`, `english`, `now`, `lo`, `hi` and `limit`. One query; none for a
    last word without a digit.
    """
    within, _, number = text.strip().rpartition(" ")
    if not any(sign.isdigit() for sign in number):
        return []
    lo, hi = prefix_range(area)
    given: dict[str, Any] = {
        "number": number,
        "end": number + LAST,
        "within": within.strip(),
        "english": in_english(),
        "now": clock.now(),
        "lo": lo,
        "hi": hi,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
