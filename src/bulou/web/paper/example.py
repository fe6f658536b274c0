"""A made-up paper of each kind, so that a template is seen before it counts. It says on its face that it is none."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext

from bulou.kernel import clock
from bulou.kernel.ids import new_id
from bulou.no_miss.isolation.orders import Order, Release
from bulou.web.paper.fields import ORDER
from bulou.web.paper.wording import Named, paper

ID_NUMBER = "000000190001010000"
"""No division has this code, so nobody this number."""
ADDRESS = "https://example.invalid/verify/example/"


def example(kind: str, words: Mapping[str, Any]) -> dict[str, Any]:
    """A paper of a kind about nobody, with an office's words. It reads the clock, and nothing else."""
    who = Named(gettext("Example Person"), "female", ID_NUMBER)
    made = paper(who, _order() if kind == ORDER else _release(), gettext("Example office"))
    return made | {"office": words, "example": gettext("EXAMPLE"), "address": ADDRESS}


def _order() -> Order:
    return Order(
        new_id(), new_id(), clock.now(), None, "", "central", 14, None, gettext("Example: close contact of a case"),
        gettext("Example: law and article"), gettext("Example 1"), "in_force",
    )  # fmt: skip


def _release() -> Release:
    now = clock.now()
    return Release(new_id(), new_id(), now - timedelta(days=14), now, "central", "completed", None, 7, False)
