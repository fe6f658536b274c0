"""Facts from a sender: shape and authorship are checked here, the rest by the ledger; each place gets its answer.

Ids and subjects are brought to their one spelling first, so that no fact hangs on a second spelling of a person.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.api.errors import problem
from bulou.directory.models import Account, Unit
from bulou.kernel.errors import Problem
from bulou.kernel.facts import Fact, parse_fact
from bulou.kernel.ids import parse_subject
from bulou.ledger import services
from bulou.ledger.intake import Given, Receipt, Refusal

DEEPEST = 16
"""Levels of nesting inside one fact."""
TEXT, OBJECT = "text", "an object"
KEYS: Mapping[str, tuple[str, bool]] = {
    "id": (TEXT, True),
    "kind": (TEXT, True),
    "subject": (TEXT, True),
    "area": (TEXT, True),
    "at": (TEXT, True),
    "by": (TEXT, False),
    "data": (OBJECT, False),
    "supersedes": (TEXT, False),
}
"""The keys of a fact: what each holds, and whether it must be there."""
_SPELT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
"""A UUID in its one spelling."""
_BEYOND = """
SELECT k.id FROM fact_key k
WHERE k.id = ANY(%s::uuid[]) AND NOT EXISTS (SELECT FROM fact f WHERE f.id = k.id AND f.at = k.at)
"""


def take(items: Sequence[Any], account: Account) -> Receipt:
    """Record what can be recorded, in one transaction; len(items) = created + unchanged + refused."""
    refused: list[Refusal] = []
    kept: list[tuple[int, Given]] = []
    for place, item in enumerate(items):
        found = flaw(item)
        if found:
            refused.append(Refusal(place, _id_of(item), found))
        else:
            kept.append((place, canonical(item)))
    overstepping = list(_overstepping(kept, account))
    out = {refusal.place for refusal in overstepping}
    kept = [(place, given) for place, given in kept if place not in out]
    receipt = services.record([given for _, given in kept], area=account.area, account=account.pk)
    refused += overstepping
    refused += [Refusal(kept[found.place][0], found.id, found.problem) for found in receipt.refused]
    return Receipt(receipt.created, receipt.unchanged, tuple(sorted(refused, key=lambda found: found.place)))


def flaw(item: Any) -> Problem | None:
    """What keeps an item from being read as a fact at all; None where nothing does."""
    if not isinstance(item, dict):
        return problem("fact.malformed", "一条事实须为 JSON 对象。", "A fact is a JSON object.")
    if found := _unfit(item):
        return found
    for name in item.keys() - KEYS.keys():
        return problem("fact.unknown_key", f"事实没有 {name} 这一项。", f"A fact has no key {name}.", field=name[:40])
    for name, (kind, required) in KEYS.items():
        value = item.get(name)
        if value is None and required:
            return problem("fact.absent", f"缺少 {name}。", f"{name} is missing.", field=name)
        if value is not None and not isinstance(value, dict if kind == OBJECT else str):
            what = "对象" if kind == OBJECT else "文本"
            return problem("fact.malformed", f"{name} 须为{what}。", f"{name} must be {kind}.", field=name)
    return None


def canonical(item: Mapping[str, Any]) -> Given:
    """The fact with its ids in their one spelling; as it is where it cannot be read, for the ledger to say why."""
    try:
        fact = parse_fact(item)
    except (ValueError, KeyError, TypeError):
        return item
    spelt: dict[str, Any] = {
        "id": _uuid(fact.id),
        "subject": _subject(fact.subject),
        "by": fact.by and _subject(fact.by),
        "supersedes": fact.supersedes and _uuid(fact.supersedes),
    }
    changed = {name: text for name, text in spelt.items() if text != getattr(fact, name)}
    return replace(fact, **changed) if changed else fact


def _unfit(item: Any) -> Problem | None:
    """Nesting too deep to be a fact, or text no database keeps."""
    waiting = [(item, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST:
            return problem("fact.deep", "嵌套过深。", "It is nested too deeply.", field="data")
        if isinstance(value, dict):
            waiting += [(part, depth + 1) for part in (*value, *value.values())]
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in value]
        elif isinstance(value, str) and not _storable(value):
            return problem("fact.text", "含有不能保存的字符。", "It holds characters that cannot be kept.")
    return None


def _storable(text: str) -> bool:
    """False for half a surrogate pair, or a null character."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def _overstepping(kept: Iterable[tuple[int, Given]], account: Account) -> Iterator[Refusal]:
    """Facts in the name of, or correcting facts of, others than the sender's area. At most two queries."""
    facts = [(place, given) for place, given in kept if isinstance(given, Fact)]
    known = _authors({fact.by for _, fact in facts if fact.by}, account)
    beyond = _beyond({fact.supersedes for _, fact in facts if fact.supersedes})
    for place, fact in facts:
        if fact.by and fact.by not in known:
            zh, en = f"{fact.by} 不是您辖区内的单位。", f"{fact.by} is no unit of your area."
            yield Refusal(place, fact.id, problem("fact.author", zh, en, field="by"))
        elif fact.supersedes in beyond:
            zh, en = "要更正的事实不在您的辖区内。", "The fact it would correct lies outside your area."
            yield Refusal(place, fact.id, problem("fact.outside", zh, en, field="supersedes"))


def _authors(names: set[str], account: Account) -> set[str]:
    """Those of the names a sender may record for: itself, its unit, and the units of its area."""
    own = {f"unit:{account.unit_id}", f"account:{account.pk}"}
    others = [name[5:] for name in names - own if name.startswith("unit:") and _is_uuid(name[5:])]
    if not others:
        return own
    units = Unit.objects.filter(id__in=others, area__code__startswith=account.area)
    return own | {f"unit:{id}" for id in units.values_list("id", flat=True)}


def _beyond(ids: set[str]) -> set[str]:
    """Those of the facts that are on record, but not in the session's area."""
    known = list(filter(_is_uuid, ids))
    if not known:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_BEYOND, [known])
        return {str(id) for (id,) in cursor.fetchall()}


def _is_uuid(text: str) -> bool:
    with suppress(ValueError):
        return bool(UUID(text))
    return False


def _uuid(text: str) -> str:
    if _SPELT.fullmatch(text):
        return text
    with suppress(ValueError):
        return str(UUID(text))
    return text


def _subject(text: str) -> str:
    if _SPELT.fullmatch(text.partition(":")[2]):
        return text
    with suppress(ValueError):
        return str(parse_subject(text))
    return text


def _id_of(item: Any) -> str:
    """The id as it was sent, where it is fit to be sent back."""
    found = item.get("id") if isinstance(item, dict) else None
    return found[:40] if isinstance(found, str) and _storable(found) else ""
