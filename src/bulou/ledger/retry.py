"""Doing a transaction again that lost to another one, through no fault of its own."""

import random
import re
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, connection

TRIES = 8
PAUSE = 0.01
"""Seconds of the first pause at most; each further one may be twice as long."""
LOST = {"40P01", "40001"}
"""Deadlock detected; serialization failure. Either way the database undid the whole transaction."""
TAKEN = "23505"
FACT_KEYS = re.compile(r"fact_(key|\d{4}_\d\d)_pkey")
"""Another writer stored a fact of the same id since we looked: looking again, we see it."""

Result = TypeVar("Result")


def again(act: Callable[[], Result]) -> Result:
    """The result of `act`, a whole transaction, done up to `TRIES` times where it loses to another.

    Inside a caller's transaction it is done once: only who began a transaction can begin it again.
    """
    if connection.in_atomic_block:
        return act()
    for tried in range(TRIES - 1):
        try:
            return act()
        except DatabaseError as error:
            if not has_lost(error):
                raise
        time.sleep(random.uniform(0, PAUSE * 2**tried))  # noqa: S311 - who waits how long is no secret
    return act()


def has_lost(error: BaseException) -> bool:
    """True where a transaction failed only because another one ran at the same time."""
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None)
    constraint = getattr(getattr(cause, "diag", None), "constraint_name", None) or ""
    return state in LOST or (state == TAKEN and FACT_KEYS.fullmatch(constraint) is not None)
