"""Facts from a sender: who may record in whose name is checked here, everything else by the ledger."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from bulou.api.errors import problem
from bulou.directory.models import Account, Unit
from bulou.ledger import services
from bulou.ledger.check import spelt
from bulou.ledger.form import stray_id
from bulou.ledger.intake import Receipt, Refusal
from bulou.ledger.waivers import names_two, unagreed


def take(items: Sequence[Any], account: Account) -> Receipt:
    """Record what can be recorded, in one transaction; len(items) = created + unchanged + refused."""
    strangers = [*_strangers(items, account), *_unagreed(items, account)]
    out = {refusal.place for refusal in strangers}
    kept = [(place, item) for place, item in enumerate(items) if place not in out]
    receipt = services.record([item for _, item in kept], area=account.area, account=account.pk)
    refused = strangers + [Refusal(kept[found.place][0], found.id, found.problem) for found in receipt.refused]
    return Receipt(receipt.created, receipt.unchanged, tuple(sorted(refused, key=lambda found: found.place)))


def _strangers(items: Sequence[Any], account: Account) -> Iterator[Refusal]:
    """Facts in the name of others than the sender's area; waivers name who asked instead. At most one query."""
    given = [(place, item) for place, item in enumerate(items) if isinstance(item, dict) and not names_two(item)]
    named = [(place, item, _named(item.get("by"))) for place, item in given]
    known = _authors({by for _, _, by in named if by}, account)
    for place, item, by in named:
        if by and by not in known:
            zh, en = f"{by} 不是您辖区内的单位。", f"{by} is no unit of your area."
            yield Refusal(place, stray_id(item), problem("fact.author", zh, en, field="by"))


def _unagreed(items: Sequence[Any], account: Account) -> Iterator[Refusal]:
    """Waivers that two people did not agree on."""
    for place, found in unagreed(items, account).items():
        yield Refusal(place, stray_id(items[place]), found)


def _named(by: Any) -> str:
    """Who a fact is said to be from, in the one spelling; empty where the ledger will refuse it anyway."""
    return spelt(by) if isinstance(by, str) and by.isprintable() else ""


def _authors(names: set[str], account: Account) -> set[str]:
    """Those of the names a sender may record for: itself, its unit, and the units of its area."""
    own = {f"unit:{account.unit_id}", f"account:{account.pk}"}
    others = [name[5:] for name in names - own if name.startswith("unit:") and _is_uuid(name[5:])]
    if not others:
        return own
    units = Unit.objects.filter(id__in=others, area__code__startswith=account.area)
    return own | {f"unit:{id}" for id in units.values_list("id", flat=True)}


def _is_uuid(text: str) -> bool:
    with suppress(ValueError):
        return bool(UUID(text))
    return False
