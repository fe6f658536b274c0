"""Two people for a waiver: one asks, and another, on their own account, agrees. Neither is taken at the other's word.

1. Somebody records `waiver.requested` about the duty. 2. Another account records `duty.waived`: `by` is who asked,
`approved_by` whoever is recording it. The ledger knows which account recorded what; that is the confirmation.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.directory.models import Account
from bulou.kernel.errors import Problem
from bulou.kernel.facts import WAIVED
from bulou.kernel.ids import parse_subject, uuid_text
from bulou.kernel.text import Text
from bulou.ledger.check import spelt

_ASKED = """
SELECT f.subject, f.data->>'duty', f.data->>'opens_at', f.account FROM fact f
WHERE f.kind = 'waiver.requested' AND f.subject = ANY(%s) AND f.account IS NOT NULL
    AND NOT EXISTS (SELECT FROM fact x WHERE x.supersedes = f.id)
"""
Asked = tuple[str, str, datetime]
"""What a waiver is about: subject, `plan/duty`, the instant the duty opened."""


@dataclass(frozen=True, slots=True)
class _Waiver:
    id: str
    about: Asked
    by: str
    approver: str


def unagreed(items: Sequence[Any], account: Account) -> dict[int, Problem]:
    """The waivers among facts an account sends that two people did not agree on: place to why.

    Whoever sends one must be its approver, and its `by` another open account (or that account's unit) of the sender's
    area that asked for it. A waiver already on record is left to be found unchanged. No query where there is none,
    else three. What is malformed is left to intake.
    """
    waivers = {place: waiver for place, item in enumerate(items) if (waiver := _read(item))}
    if not waivers:
        return {}
    known = _known(waiver.id for waiver in waivers.values())
    asked = _asked({waiver.about[0] for waiver in waivers.values()}, account)
    own = _names(account)
    problems: dict[int, Problem] = {}
    for place, waiver in waivers.items():
        if waiver.id in known:
            continue
        if waiver.approver not in own:
            problems[place] = _not_own(account)
        elif waiver.by not in asked.get(waiver.about, ()):
            problems[place] = _not_asked(waiver.by)
    return problems


def names_two(item: Any) -> bool:
    """True for a well-formed waiver: who stands behind it is seen by `unagreed`, not by who may record for whom."""
    return _read(item) is not None


def _read(item: Any) -> _Waiver | None:
    """An item as a waiver; None where it is none, or so formed that intake refuses it or it lets nothing off."""
    if not isinstance(item, Mapping) or item.get("kind") != WAIVED or not isinstance(item.get("data"), Mapping):
        return None
    data = item["data"]
    words = [item.get("id"), item.get("subject"), item.get("by") or "", data.get("approved_by"), data.get("duty")]
    if not all(isinstance(word, str) for word in words):
        return None
    id, subject, by, approver, duty = words
    opens = _instant(data.get("opens_at"))
    try:
        about = (str(parse_subject(subject)), duty, opens) if opens else None
        return _Waiver(uuid_text(id), about, spelt(by), spelt(approver)) if about else None
    except ValueError:
        return None


def _known(ids: Iterable[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM fact_key WHERE id = ANY(%s::uuid[])", [list(ids)])
        return {str(id) for (id,) in cursor.fetchall()}


def _asked(subjects: Iterable[str], account: Account) -> dict[Asked, set[str]]:
    """Who else asked for what, by the names a waiver may give them. Only what counts, and only open accounts."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [list(subjects)])
        rows = [(subject, duty, _instant(opens), who) for subject, duty, opens, who in cursor.fetchall()]
    others: set[UUID] = {who for *_, who in rows if who != account.pk}
    names = {one.pk: _names(one) for one in Account.objects.filter(id__in=others, is_active=True)}
    found: dict[Asked, set[str]] = {}
    for subject, duty, opens, who in rows:
        if opens and who in names:
            found.setdefault((subject, duty, opens), set()).update(names[who])
    return found


def _names(account: Account) -> set[str]:
    return {f"account:{account.pk}", f"unit:{account.unit_id}"}


def _instant(text: Any) -> datetime | None:
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def _not_own(account: Account) -> Problem:
    return Problem(
        "fact.approver",
        Text(zh="豁免由批准人本人记录。", en="A waiver is recorded by whoever approves it."),
        Text(
            zh=f"approved_by 请写 account:{account.pk}，或由批准人自己记录。",
            en=f"Give account:{account.pk} as approved_by, or have the approver record it.",
        ),
        field="data.approved_by",
    )


def _not_asked(by: str) -> Problem:
    shown = by[:60] or "–"
    return Problem(
        "fact.unasked",
        Text(
            zh=f"{shown} 没有用另一个账号申请过这项豁免。",
            en=f"{shown} has not asked for this waiver on another account.",
        ),
        Text(
            zh="请先由申请人记 waiver.requested（同一对象、责任和开始时间），by 写申请人。",
            en="Have whoever asks record waiver.requested (same subject, duty and opens_at), and name them as by.",
        ),
        field="by",
    )
