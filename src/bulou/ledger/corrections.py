"""Which facts count: what a batch supersedes, and what that lets count again."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from bulou.kernel.facts import LEVEL_SET, WAIVED, Fact
from bulou.ledger.engines import store
from bulou.plan.evaluate import GRADES
from bulou.plan.matching import effective, waives


def settle_effect(now: datetime) -> bool:
    """Mark in w_moved which fresh facts count, and add the older facts that began or ceased to count.

    1. The chains of corrections the fresh facts belong to. 2. Which facts of them count now, by the reference.
    3. The difference to what counted before. False, after one query, where nothing corrects anything.
    """
    chain = {
        id: Fact(id=str(id), kind="", subject="", area="", at=at, supersedes=str(target) if target else None)
        for id, at, target in store.rows("corrections", "chains", now=now)
    }
    if not chain:
        return False
    counting = {fact.id for facts in effective(chain.values(), now).values() for fact in facts}
    store.write("w_chain", ("id", "counts"), ((id, fact.id in counting) for id, fact in chain.items()))
    store.run("corrections", "flipped")
    store.run("corrections", "bury")
    store.run("corrections", "mark_fresh")
    return True


def read_waivers() -> bool:
    """Index the waivers among the facts that moved. True where there is one."""
    found = _moved(WAIVED)
    named = [(fact.id, duty, fact.subject, fact.area, opens) for fact in found for duty, opens in _named(fact)]
    if named:
        store.run("corrections", "forget_waivers")
        store.insert("waiver", ("fact", "duty", "subject", "area", "opens_at"), named)
    return bool(named)


def read_levels(now: datetime) -> list[str]:
    """Rebuild the response levels of the areas in which one moved; gives these areas' codes."""
    areas = sorted({fact.subject.removeprefix("area:") for fact in _moved(LEVEL_SET)})
    if areas:
        subjects = [f"area:{area}" for area in areas]
        facts = [_fact(*row) for row in store.rows("corrections", "levels", subjects=subjects, now=now)]
        store.execute("DELETE FROM level_span WHERE area = ANY(%s::text[])", [areas])
        spans = [span for area in areas for span in _spans(area, facts)]
        store.write("level_span", ("area", "grade", "span"), spans)
    return areas


def _named(waiver: Fact) -> Iterable[tuple[str, datetime]]:
    """The duty and opening a valid waiver names."""
    try:
        opens = datetime.fromisoformat(str(waiver.data.get("opens_at")))
    except ValueError:
        return
    duty = str(waiver.data.get("duty"))
    if opens.tzinfo and waives(waiver, duty, opens.astimezone(UTC)):
        yield duty, opens.astimezone(UTC)


def _spans(area: str, facts: Iterable[Fact]) -> Iterable[tuple[str, int, str]]:
    """(area, grade, range) for each stretch one level holds; facts in order, the last of an instant prevails."""
    here = [fact for fact in facts if fact.subject == f"area:{area}" and str(fact.data.get("level")) in GRADES]
    ends = [*(fact.at.isoformat() for fact in here[1:]), ""]
    for fact, end in zip(here, ends, strict=False):
        grade = GRADES[str(fact.data["level"])]
        if grade and fact.at.isoformat() != end:
            yield area, grade, f"[{fact.at.isoformat()},{end})"


def _moved(kind: str) -> list[Fact]:
    return [_fact(*row) for row in store.rows("corrections", "moved", kind=kind)]


def _fact(id: object, kind: str, subject: str, area: str, at: datetime, by: str | None, data: str) -> Fact:
    return Fact(id=str(id), kind=kind, subject=subject, area=area, at=at, by=by, data=json.loads(data))
