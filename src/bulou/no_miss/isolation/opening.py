"""A site begins to take people in, and stops. It opens only when every check the plans in force ask is in order."""

from uuid import UUID

from bulou.directory.models import Account
from bulou.directory.selectors import UnitRow
from bulou.kernel import clock
from bulou.ledger import locks
from bulou.no_miss.isolation import acts, refusals, site_state
from bulou.no_miss.isolation.models import Stay


def open_site(site: UnitRow, *, by: Account, note: str = "", id: UUID | None = None) -> None:
    """The site takes people in from now on. BulouError while a check was never gone through or found something."""

    def act() -> None:
        locks.hold_few([f"unit:{site.id}"])
        state = site_state.state(site.id, site.area, clock.now())
        if state.failing:
            raise refusals.not_fit([(check.title, check.wanting) for check in state.failing])
        fact = acts.fact(site_state.OPENED, f"unit:{site.id}", site.area, acts.given(note=note), by, id)
        acts.record(fact, by)

    return acts.atomic(act)


def close_site(site: UnitRow, reason: str, *, by: Account, id: UUID | None = None) -> None:
    """The site takes nobody in any more. BulouError while somebody is still in it."""

    def act() -> None:
        locks.hold_few([f"unit:{site.id}"])
        here = Stay.objects.filter(unit=site.id, ended_at__isnull=True).count()
        if here:
            raise refusals.still_here(here)
        acts.record(acts.fact(site_state.CLOSED, f"unit:{site.id}", site.area, {"reason": reason}, by, id), by)

    return acts.atomic(act)
