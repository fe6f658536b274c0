"""A page of a list begins behind a row, by an instant and then by id: no row is shown twice or left out."""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


def beyond(found: "QuerySet[Row]", column: str, after: str, *, oldest: bool = False) -> "QuerySet[Row]":
    """The rows behind the one of id `after`, the latest first unless `oldest`; all where there is none. One query.

    The row itself need not be among those found: it may have left them since.
    """
    last = found.model._default_manager.filter(id=after).values_list(column, "id").first() if after else None
    if last is None:
        return found
    at, id = last
    way = "gt" if oldest else "lt"
    return found.filter(Q(**{f"{column}__{way}": at}) | Q(**{column: at, f"id__{way}": id}))
