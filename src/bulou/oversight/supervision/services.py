"""Acts of supervision: raise a finding, put it right, look again, remind, pass on to who may sanction."""

from collections.abc import Sequence
from uuid import UUID

from bulou.directory.models import Account
from bulou.kernel.areas import contains
from bulou.kernel.errors import BulouError
from bulou.ledger import acts
from bulou.oversight.supervision import selectors
from bulou.oversight.supervision.findings import OWED, WITHIN, closes
from bulou.oversight.supervision.models import Finding


def raise_finding(
    words: str,
    severity: str,
    *,
    area: str,
    by: Account,
    id: UUID,
    about: str = "",
    to: UUID | None = None,
    clause: str = "",
    tour: UUID | None = None,
) -> Finding:
    """Something is wrong, and a unit of the area is to put it right. Sent twice, a form is one finding.

    BulouError where it is not said what is wrong or how grave it is, or the ledger refuses it.
    """
    if not words.strip() or severity not in WITHIN:
        raise BulouError.of(
            "finding.incomplete",
            "请写明问题并选择严重程度；没有登记。",
            "Say what is wrong and how grave it is; nothing was recorded.",
        )
    data = acts.given(
        words=words.strip(),
        severity=severity,
        within=WITHIN[severity],
        about=about,
        to=f"unit:{to}" if to else None,
        clause=clause.strip(),
        tour=str(tour) if tour else None,
    )
    acts.record(acts.fact("finding.raised", f"finding:{id}", area, data, by, id), by)
    return Finding.objects.get(id=id)


def rectify(finding: UUID, words: str, *, by: Account, id: UUID) -> None:
    """The unit says that it is right now, and what it did. BulouError where nothing is owed, or nothing is said."""
    found = _open(finding, by, OWED)
    if found.unit and found.unit != by.unit_id and found.by != by.unit_id:
        raise BulouError.of(
            "finding.other_unit",
            "请由整改单位登记整改；没有登记。",
            "The unit that is to put it right says so; nothing was recorded.",
        )
    _say("finding.rectified", found, _said(words), by, id)


def verify(finding: UUID, words: str, *, by: Account, id: UUID) -> None:
    """The finder has seen that it is right: closed. BulouError for any other unit, or before it was put right."""
    found = _open(finding, by, ("rectified",))
    _say("finding.verified", found, words, by, id)


def return_(finding: UUID, words: str, *, by: Account, id: UUID) -> None:
    """The finder looked again and it is not right: owed anew. BulouError as for `verify`, or without a word of why."""
    found = _open(finding, by, ("rectified",))
    _say("finding.returned", found, _said(words), by, id)


def remind(finding: UUID, words: str, *, by: Account, id: UUID) -> None:
    """Tell the unit again that it is owed. BulouError where nothing is."""
    _say("finding.reminded", _open(finding, by, OWED), words, by, id)


def escalate(finding: UUID, ground: str, words: str, *, by: Account, id: UUID) -> None:
    """Pass it on to who may sanction. BulouError for what is closed, or by another than the finder."""
    found = _open(finding, by, (*OWED, "rectified"))
    if not closes(found, by.unit_id):
        raise BulouError.of(
            "finding.not_yours",
            "由发现单位移交；没有登记。",
            "The unit that found it passes it on; nothing was recorded.",
        )
    _say("finding.escalated", found, words, by, id, ground=ground)


def _open(finding: UUID, by: Account, states: Sequence[str]) -> Finding:
    found = next(iter(selectors.findings_by_id([finding])), None)
    if found is None or not contains(by.area, found.area) or found.state not in states:
        raise BulouError.of(
            "finding.state",
            "属地内没有这个问题，或它已经不在这一步；没有登记。",
            "There is no such finding in your area, or it is no longer at this step; nothing was recorded.",
        )
    return found


def _said(words: str) -> str:
    if not words.strip():
        raise BulouError.of(
            "finding.words",
            "请写明做了什么、看到了什么；没有登记。",
            "Say what was done or seen; nothing was recorded.",
        )
    return words


def _say(kind: str, found: Finding, words: str, by: Account, id: UUID, **more: str) -> None:
    data = acts.given(finding=str(found.id), clause=found.clause, words=words.strip(), **more)
    made = acts.fact(kind, found.subject, found.area, data, by, id)
    acts.record(made, by)
