"""Acts on many rows: what would be recorded for each, what cannot be and why, what came of it, and its undoing.

An act makes one fact a row. Its preview and its doing go through the same `plan`, so the preview says what will be.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import get_language, gettext

from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.kernel.facts import WITHDRAWN, Fact
from bulou.ledger import services as ledger
from bulou.web.field import questions
from bulou.web.lists.spec import List, Word
from bulou.web.models import BulkAct

MOST = 2_000
"""Rows of one act: what a page can still show and a person still mean."""
UNDO_DAYS = 7


@dataclass(frozen=True, slots=True)
class Effect:
    """What the act does to one row: `kind` is recorded about `subject`, or `refused` says why not.

    `by`: in whose name, where that is not the account's unit.
    """

    key: str
    name: str
    area: str
    subject: str
    kind: str
    data: Mapping[str, Any]
    refused: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """An act as it would be: what has still to be answered, and the effect on every row."""

    form: questions.Form | None
    effects: Sequence[Effect]
    choices: Sequence[tuple[str, str, int]] = ()
    choice: str = ""

    @property
    def going(self) -> list[Effect]:
        return [effect for effect in self.effects if not effect.refused]

    @property
    def refused(self) -> list[Effect]:
        return [effect for effect in self.effects if effect.refused]

    @property
    def is_ready(self) -> bool:
        """Every question answered, and something to record."""
        return bool(self.going) and (self.form is None or questions.is_good(self.form))


class Act(Protocol):
    """One thing to do with many rows. `plan` takes the rows as shown and what was entered ({} at first)."""

    @property
    def name(self) -> str: ...

    @property
    def word(self) -> Word: ...

    @property
    def icon(self) -> str: ...

    def may(self, account: Account) -> bool: ...

    def plan(self, rows: Sequence[Any], entered: Mapping[str, str] | None, account: Account) -> Planned: ...


@transaction.atomic
def do(id: UUID, made: List, act: Act, planned: Planned, account: Account) -> BulkAct:
    """Record the facts of an act, a row each, and what came of each row. Done twice under one id it is done once."""
    known = BulkAct.objects.filter(id=id).first()
    if known:
        return known
    now = clock.now()
    facts = {effect.key: _fact(id, effect, now, account) for effect in planned.going}
    receipt = ledger.record(facts.values(), area=account.area, account=account.pk)
    problems = {refusal.id: refusal.problem.to(get_language() or "zh") for refusal in receipt.refused}
    rows = [_row(effect, facts.get(effect.key), problems) for effect in planned.effects]
    return BulkAct.objects.create(
        id=id,
        account=account.pk,
        unit=account.unit_id,
        area=account.area,
        list=made.name,
        act=act.name,
        at=now,
        rows=rows,
    )


def _fact(act: UUID, effect: Effect, now: datetime, account: Account) -> Fact:
    """One fact. Its id follows from the act and the row, so that a second sending is the same fact."""
    id = str(uuid5(act, effect.key))
    by = effect.by or f"unit:{account.unit_id}"
    return Fact(id, effect.kind, effect.subject, effect.area, now, by, dict(effect.data))


def _row(effect: Effect, fact: Fact | None, problems: Mapping[str, str]) -> dict[str, str]:
    problem = effect.refused or (problems.get(fact.id, "") if fact else "")
    kept = {"key": effect.key, "name": effect.name, "subject": effect.subject, "area": effect.area, "problem": problem}
    if fact is None or problem:
        return kept
    return kept | {"fact": fact.id, "kind": effect.kind} | ({"trip": trip} if (trip := effect.data.get("trip")) else {})


def may_undo(act: BulkAct, account: Account) -> bool:
    """True for the unit that did it, for a week, once."""
    young = (clock.now() - act.at).days < UNDO_DAYS
    return act.unit == account.unit_id and act.undone_at is None and young and any("fact" in row for row in act.rows)


@transaction.atomic
def undo(act: BulkAct, account: Account) -> None:
    """Take every fact of an act back: the facts stay, and others say that they did not happen."""
    now, by = clock.now(), f"unit:{account.unit_id}"
    reason = {"reason": gettext("Recorded by mistake")}
    done = [row for row in act.rows if "fact" in row]
    facts = [
        Fact(
            str(uuid5(act.id, f"undo {row['key']}")),
            WITHDRAWN,
            row["subject"],
            row["area"],
            now,
            by,
            reason,
            supersedes=row["fact"],
        )
        for row in done
    ]
    receipt = ledger.record(facts, area=account.area, account=account.pk)
    problems = {refusal.place: refusal.problem.to(get_language() or "zh") for refusal in receipt.refused}
    for place, row in enumerate(done):
        row["undone"] = problems.get(place, "")
    act.undone_at = now
    act.save(update_fields=["undone_at", "rows"])


@dataclass(frozen=True)
class Record:
    """Record one kind of fact about every row. `subject` and `area` are read from the row; `refuse` says why not.

    `asks(account)` gives questions beyond those the kind asks for; `fixed(account)` what is not asked.
    """

    name: str
    word: Word
    icon: str
    kind: str
    row: Callable[[Any], tuple[str, str, str, str]]
    allowed: Callable[[Account], bool] = lambda account: True
    refuse: Callable[[Any, Account], str] = lambda row, account: ""
    asks: Callable[[Account], Sequence[questions.Question]] = lambda account: ()
    fixed: Callable[[Account], Mapping[str, Any]] = lambda account: {}
    data: Callable[[Any], Mapping[str, Any]] = lambda row: {}

    def may(self, account: Account) -> bool:
        return self.allowed(account)

    def plan(self, rows: Sequence[Any], entered: Mapping[str, str] | None, account: Account) -> Planned:
        extra = self.asks(account)
        given = dict(self.fixed(account))
        per_row = set(self.data(rows[0])) if rows else set()
        data, form = ask(self.kind, entered, extra, given, per_row)
        effects = []
        for row in rows:
            key, name, subject, area = self.row(row)
            said = data | given | dict(self.data(row))
            effects.append(Effect(key, name, area, subject, self.kind, said, self.refuse(row, account)))
        return Planned(form if form.fields else None, effects)


def ask(
    kind: str,
    entered: Mapping[str, str] | None,
    extra: Sequence[questions.Question] = (),
    given: Mapping[str, Any] | None = None,
    per_row: set[str] | None = None,
) -> tuple[dict[str, Any], questions.Form]:
    """The answers and the form of a kind of fact, with extra questions; fields given or of the row are not asked."""
    known = set(given or ()) | {question.name for question in extra} | (per_row or set())
    asked = questions.form(kind)
    fields = [*extra, *(question for question in asked.fields if question.name not in known)]
    if entered is None:
        return {}, questions.Form(kind, tuple(fields))
    data, read = questions.read(kind, entered)
    answered = []
    for question in fields:
        value = entered.get(question.name, "").strip()
        errors = {one.name: one.error for one in read.fields}
        wrong = errors.get(question.name, "")
        if question in extra:
            allowed = {option.value for option in question.options}
            is_left = not value and not question.must
            will_do = is_left or value in allowed or (value and not allowed)
            wrong = "" if will_do else gettext("Choose one of the options.")
            if not wrong and not is_left:
                data[question.name] = value
        answered.append(questions.replaced(question, value, wrong))
    return {name: value for name, value in data.items() if name not in (per_row or set())}, questions.Form(
        kind, tuple(answered)
    )
