"""What somebody decides about an entry in conflict: mine, theirs, or both are true. On record, once, with the facts."""

from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.facts import Fact
from bulou.ledger import locks, selectors, services
from bulou.web.access import commands
from bulou.web.models import FieldEntry, FieldRuling

NOTABLE = 120
"""Seconds a phone's clock may be off before the page speaks of it."""
RECORDED = ("mine", "both")
SAID: dict[str, str | Promise] = {
    "mine": _("The phone's record counts"),
    "theirs": _("What was on record counts"),
    "both": _("Both are true"),
}
WHY: dict[str, str | Promise] = {
    "revoked": _("The account was closed before this arrived."),
    "moved": _("The account belongs to another unit now."),
    "gone": _("The duty is no longer there: what opened it was withdrawn, or the plan changed."),
    "handed": _("Another unit answers for it now."),
    "closed": _("The duty was waived, or ended before it was due."),
    "corrected": _("The record was corrected meanwhile, to something else."),
    "other": _("Somebody else recorded another value meanwhile."),
}
FOR_COMMAND = ("revoked", "moved", "handed")
"""Reasons a unit does not decide itself."""


def may(account: Account, entry: FieldEntry) -> bool:
    """True for command posts, and for the unit it came from unless that unit's own standing is at issue."""
    return commands(account) or (entry.unit == account.unit_id and entry.reason not in FOR_COMMAND)


def why(reason: str) -> str:
    """Why an entry is in conflict, in the reader's language."""
    return str(WHY[reason])


def said(ruling: str) -> str:
    """A ruling in the reader's language."""
    return str(SAID[ruling])


def settle(entry: FieldEntry, ruling: str, *, by: Account, note: str = "") -> Problem | None:
    """Decide a conflict, in the caller's transaction. None where it is done; else why nothing was.

    mine: the entry becomes a fact, in place of the one it is at odds with. both: it becomes a fact beside it.
    theirs: nothing is recorded.
    """
    if ruling not in SAID:
        return _problem("ruling", "请选择一项裁定。", "Choose one of the decisions.")
    locks.hold_few([entry.subject])
    if FieldRuling.objects.filter(entry=entry.id).exists():
        return _problem("ruled", "已有人裁定过这条记录。", "Somebody has decided this already.")
    if ruling in RECORDED:
        fact = _fact(entry, _replaced(entry) if ruling == "mine" else None)
        receipt = services.record([fact], area=by.area, account=by.pk)
        if receipt.refused:
            return receipt.refused[0].problem
    FieldRuling.objects.create(
        entry=entry.id, area=entry.area, ruling=ruling, account=by.pk, note=note[:400], at=clock.now()
    )
    return None


def _replaced(entry: FieldEntry) -> UUID | None:
    """The fact the entry is at odds with, where it still counts."""
    kept = selectors.facts_by_id([entry.against]).get(entry.against) if entry.against else None
    return entry.against if kept and kept[0].effective else None


def _fact(entry: FieldEntry, supersedes: UUID | None) -> Fact:
    unit = f"unit:{entry.unit}"
    replaces = str(supersedes) if supersedes else None
    return Fact(str(entry.id), entry.kind, entry.subject, entry.area, entry.at, unit, entry.data, replaces)


def _problem(code: str, zh: str, en: str) -> Problem:
    return BulouError.of(f"field.{code}", zh, en).problems[0]
