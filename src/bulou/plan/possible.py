"""Whether any fact can satisfy a condition: its values against what the field may hold, and against each other."""

import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from bulou.kernel.facts import FactKinds
from bulou.plan.conditions import ORDERED, Op
from bulou.plan.matching import covers, holds
from bulou.plan.rules import Condition, Trigger

_LIMITS: tuple[tuple[Op, str], ...] = (("gt", "gt"), ("gte", "ge"), ("lt", "lt"), ("lte", "le"))


@dataclass(frozen=True)
class Domain:
    """What a data field may hold. `types` empty: anything. Bounds are of numbers, both ends included or not."""

    types: tuple[type, ...]
    options: tuple[Any, ...] = ()
    many: bool = False
    bounds: tuple[Condition, ...] = ()


def impossible(trigger: Trigger, kinds: FactKinds) -> list[str]:
    """The fields whose conditions, in force together on some date, no value of the kind's field satisfies."""
    if trigger.kind not in kinds:
        return []
    fields = fields_of(kinds, trigger.kind)
    found = {
        field
        for day in _days(trigger.where)
        for field, tests in _by_field(trigger.where, day)
        if field in fields and not _satisfiable(domain(fields[field]), tests)
    }
    return sorted(found)


def exclusive(one: Trigger, other: Trigger, kinds: FactKinds) -> bool:
    """True where two triggers speak of the same thing, of one kind, and no single fact can match both.

    A text field names the thing (which scheme, which stock): where the names differ, two facts are meant.
    """
    if one.kind != other.kind or one.kind not in kinds:
        return False
    fields = {name: domain(info) for name, info in fields_of(kinds, one.kind).items()}
    names = {name for name, found in fields.items() if found.types == (str,)}
    if {test for test in one.where if test.field in names} != {test for test in other.where if test.field in names}:
        return False
    tests = (*one.where, *other.where)
    return bool(tests) and all(
        any(not _satisfiable(fields[field], found) for field, found in _by_field(tests, day)) for day in _days(tests)
    )


def implies(one: Trigger, other: Trigger) -> bool:
    """True where every fact that matches `one` today matches `other`: same kind, and no condition of its own beyond."""
    return one.kind == other.kind and all(
        any(_within(ours, theirs) for ours in one.where if ours.field == theirs.field and covers(ours, date.max))
        for theirs in other.where
        if covers(theirs, date.max)
    )


def fields_of(kinds: FactKinds, kind: str) -> dict[str, FieldInfo]:
    """The data fields of a kind, by the name they travel under."""
    return {info.alias or name: info for name, info in kinds[kind].model_fields.items()}


def domain(info: FieldInfo) -> Domain:
    """A field's domain, from its annotation and its bounds."""
    leaves = list(_leaves(info.annotation))
    options = tuple(option for leaf in leaves for option in get_args(leaf) if get_origin(leaf) is Literal)
    plain = {leaf for leaf in leaves if isinstance(leaf, type)}
    known = plain and all(leaf in (str, bool, int, float, Decimal, date) for leaf in plain)
    many = any(get_origin(part) in (list, tuple, set, frozenset) for part in alternatives(info.annotation))
    bounds = () if many else tuple(_bounds([*info.metadata, *_metadata(info.annotation)]))
    return Domain(tuple(plain) if known and not options else (), options, many, bounds)


def _satisfiable(domain: Domain, tests: list[Condition]) -> bool:
    """Some value of the domain meets every test."""
    if domain.many:
        return all(test.op not in ORDERED for test in tests) and (not domain.options or _listed(domain, tests))
    if domain.options:
        return any(all(holds(test, option) for test in tests) for option in domain.options)
    named = [value for test in tests if isinstance(test.value, tuple) for value in test.value]
    if named:
        return any(_fits(domain, value) and all(holds(test, value) for test in tests) for value in named)
    ordered = [test for test in tests if test.op in ORDERED]
    return not ordered or any(
        _fits(domain, value) and all(holds(test, value) for test in (*tests, *domain.bounds))
        for value in _candidates([*ordered, *domain.bounds], _whole(domain))
    )


def _listed(domain: Domain, tests: list[Condition]) -> bool:
    """A list of the domain's options, one of them or none, meets every test."""
    return any(all(holds(test, chosen) for test in tests) for chosen in ([], *([option] for option in domain.options)))


def _fits(domain: Domain, value: Any) -> bool:
    if not domain.types:
        return True
    if isinstance(value, bool):
        return bool in domain.types
    if isinstance(value, int | Decimal):
        whole = Decimal(value) == Decimal(value).to_integral_value()
        numbers = {int} if whole else set()
        return bool(({float, Decimal} | numbers) & set(domain.types)) and all(
            holds(bound, value) for bound in domain.bounds
        )
    return bool({str, date} & set(domain.types))


def _whole(domain: Domain) -> bool:
    return int in domain.types and not {float, Decimal} & set(domain.types)


def _candidates(tests: Iterable[Condition], whole: bool) -> Iterator[Decimal]:
    """Numbers at, just beside and between every limit: if any number meets the tests, one of these does."""
    limits = sorted({Decimal(str(test.value)) for test in tests if not isinstance(test.value, tuple)})
    for limit in limits:
        floor, ceiling = limit.to_integral_value(ROUND_FLOOR), limit.to_integral_value(ROUND_CEILING)
        yield from (floor, ceiling, floor - 1, ceiling + 1, floor - 2, ceiling + 2)
        if not whole:
            yield limit
    if not whole:
        yield from ((one + other) / 2 for one in limits for other in limits)
        yield from ((2 * one + other) / 3 for one in limits for other in limits)


def _within(ours: Condition, theirs: Condition) -> bool:
    """Every value that meets ours meets theirs."""
    if isinstance(ours.value, tuple):
        return all(holds(theirs, value) for value in ours.value)
    if ours.op == theirs.op and ours.value == theirs.value:
        return True
    up, down = ("gt", "gte"), ("lt", "lte")
    alike = any(ours.op in way and theirs.op in way for way in (up, down))
    return alike and holds(theirs, ours.value)


def _days(tests: Iterable[Condition]) -> list[date]:
    """One day of every stretch in which the same conditions are in force."""
    return sorted({date.min, *(day for test in tests for day in (test.valid_from, test.valid_to) if day)})


def _by_field(tests: Iterable[Condition], day: date) -> Iterator[tuple[str, list[Condition]]]:
    in_force = [test for test in tests if covers(test, day)]
    for field in dict.fromkeys(test.field for test in in_force):
        yield field, [test for test in in_force if test.field == field]


def _bounds(metadata: Iterable[Any]) -> Iterator[Condition]:
    for part in metadata:
        for op, name in _LIMITS:
            limit = getattr(part, name, None)
            if isinstance(limit, int | float):
                yield Condition("", op, None, None, Decimal(str(limit)))


def _metadata(annotation: Any) -> Iterator[Any]:
    """What `Annotated` says of the alternatives of a union, that of pydantic's own fields spread."""
    if get_origin(annotation) in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _metadata(part)
    for part in getattr(annotation, "__metadata__", ()):
        yield from part.metadata if isinstance(part, FieldInfo) else [part]


def alternatives(annotation: Any) -> Iterator[Any]:
    """The alternatives of a union, None left out; the bare type of an annotated one."""
    origin = get_origin(annotation)
    if annotation is types.NoneType:
        return
    if origin in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from alternatives(part)
    elif hasattr(annotation, "__metadata__"):
        yield from alternatives(get_args(annotation)[0])
    else:
        yield annotation


def _leaves(annotation: Any) -> Iterator[Any]:
    """The element types of a field, through unions, lists and annotations."""
    for part in alternatives(annotation):
        if get_origin(part) in (list, tuple, set, frozenset):
            for inner in get_args(part):
                if inner is not Ellipsis:
                    yield from _leaves(inner)
        else:
            yield part
