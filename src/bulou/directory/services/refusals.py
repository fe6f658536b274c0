"""What the database refuses, told so that a person can act on it."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, ProgrammingError, transaction
from psycopg.errors import InsufficientPrivilege, UniqueViolation

from bulou.directory.models import Area
from bulou.kernel.errors import BulouError


@contextmanager
def refusals(what: str = "") -> Iterator[None]:
    """One atomic act. BulouError where a row lies outside the session's scope or is already there."""
    try:
        with transaction.atomic():
            yield
    except ProgrammingError as error:
        if isinstance(error.__cause__, InsufficientPrivilege):
            raise outside(what) from error
        raise
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            raise _known(what, error.__cause__.diag.constraint_name or "") from error
        raise


def outside(what: str) -> BulouError:
    """The error for a row of an area the session has nothing to do with."""
    return BulouError.of(
        "scope.outside",
        "这不在您的属地范围内，没有存入。请由当地责任单位办理，或核对区划代码。",
        "This lies outside your area; nothing was stored. Leave it to the unit there, or check the area's code.",
        where=what,
    )


def check_areas(codes: Collection[str]) -> None:
    """BulouError naming the codes that are no known area."""
    unknown = sorted(set(codes) - set(Area.objects.filter(code__in=set(codes)).values_list("code", flat=True)))
    if unknown:
        listed = ", ".join(unknown[:5])
        raise BulouError.of(
            "areas.unknown",
            f"没有这些区划：{listed}。请核对代码，或先用 `bulou areas load` 载入。",
            f"No such areas: {listed}. Check the codes, or load them with `bulou areas load`.",
            field="area",
        )


def _known(what: str, constraint: str) -> BulouError:
    if constraint.startswith("person_id_index"):
        return BulouError.of(
            "person.known",
            "这个证件号码已有档案（一人一档），没有重复建档。在本属地请直接查找；查不到时是在外地建的，请联系当地转来。",
            "This number already has a file (one person, one file); no second was made. Search for it here; "
            "where that finds nothing, it was made elsewhere: ask the unit there to transfer it.",
            where=what,
            field="id_number",
        )
    return BulouError.of(
        "row.known",
        "已经有同样的一条，没有重复存入。",
        "There already is one like it; nothing was stored twice.",
        where=what,
    )
