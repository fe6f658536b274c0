"""Coverage: which clauses of a document its plan claims, in which form, and which screens are still owed."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bulou.plan.models import FORMS, SCREENS, Plan


@dataclass(frozen=True)
class Owed:
    """A clause to be carried by a screen that does not exist yet, and the room that owes it."""

    clause: str
    screen: str
    room: str


@dataclass(frozen=True)
class Coverage:
    """A plan against its catalogue. `forms` counts clauses by form: one that takes two is counted under both."""

    plan: str
    catalogue: tuple[str, ...]
    claimed: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    forms: dict[str, int]
    owed: tuple[Owed, ...]

    @property
    def complete(self) -> bool:
        """True where the catalogue is not empty and the plan claims all of it and nothing else."""
        return bool(self.catalogue) and not self.missing and not self.unknown


def coverage(plan: Plan) -> Coverage:
    """The plan's own clauses against its own catalogue; the plans it extends have theirs."""
    ids = [clause.clause for clause in plan.clauses]
    counts = Counter(form for clause in plan.clauses for form in clause.forms)
    return Coverage(
        plan=plan.id,
        catalogue=tuple(plan.catalogue),
        claimed=tuple(id for id in plan.catalogue if id in ids),
        missing=tuple(id for id in plan.catalogue if id not in ids),
        unknown=tuple(id for id in ids if id not in plan.catalogue),
        forms={form: counts[form] for form in FORMS if counts[form]},
        owed=tuple(
            Owed(clause.clause, show.screen, show.room or "")
            for clause in plan.clauses
            for show in clause.shows
            if show.screen not in SCREENS
        ),
    )


def by_room(found: Iterable[Coverage]) -> dict[tuple[str, str], list[str]]:
    """The clauses each screen is owed for, by (room, screen), room by room."""
    owed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in sorted((row for plan in found for row in plan.owed), key=lambda row: (row.room, row.screen)):
        owed[row.room, row.screen].append(row.clause)
    return dict(owed)


def all_forms(found: Iterable[Coverage]) -> dict[str, int]:
    """How many clauses of several plans take each form."""
    counts: Counter[str] = Counter()
    for plan in found:
        counts.update(plan.forms)
    return {form: counts[form] for form in FORMS if counts[form]}


def claimed_twice(plans: Iterable[Plan]) -> dict[str, list[str]]:
    """Clause id to the plans that claim it, where there are several."""
    claims: dict[str, list[str]] = defaultdict(list)
    for plan in plans:
        for clause in plan.clauses:
            claims[clause.clause].append(plan.id)
    return {clause: owners for clause, owners in claims.items() if len(owners) > 1}
