"""What the form of a list can record: the same for the pages that ask and for the check that looks ahead.

A form asks for single values. A list is recorded only where the duty itself says what is in it.
"""

from datetime import date, datetime
from typing import Any, Literal, get_origin

from bulou.kernel.facts import FactKinds
from bulou.plan.possible import alternatives, fields_of
from bulou.plan.rules import Trigger

SIMPLE = (str, bool, int, float, date, datetime)


def unaskable(must: Trigger, kinds: FactKinds) -> list[str]:
    """The fields such a fact must have, that no form can ask for."""
    given = {condition.field for condition in must.where if condition.op == "in"}
    return [
        name
        for name, info in fields_of(kinds, must.kind).items()
        if info.is_required() and name not in given and not is_simple(info.annotation)
    ]


def is_list(annotation: Any) -> bool:
    """True for a field that holds several values."""
    return any(get_origin(part) in (list, tuple, set, frozenset) for part in alternatives(annotation))


def is_simple(annotation: Any) -> bool:
    """True for a field whose value is one word, number, choice or date."""
    parts = list(alternatives(annotation))
    return all(get_origin(part) is Literal or (isinstance(part, type) and part in SIMPLE) for part in parts)
