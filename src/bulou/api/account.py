"""Who am I, and is the house well?"""

from django.http import HttpRequest
from ninja import Router

from bulou.api.access import Request
from bulou.api.language import language_of
from bulou.api.schemas import HealthOut, MeOut, RoleOut, UnitRef
from bulou.directory.roles import ROLES
from bulou.directory.selectors import unit_names
from bulou.kernel import clock
from bulou.kernel.text import Text
from bulou.ledger import passing

router = Router(tags=["account"])


@router.get("/me", response=MeOut)
def me(request: Request) -> MeOut:
    """The account of this request: its unit, role and area, and the business clock."""
    account = request.auth
    title = ROLES[account.role].title if account.role in ROLES else Text(zh=account.role, en=account.role)
    return MeOut(
        username=account.username,
        name=account.name,
        unit=UnitRef(id=account.unit_id, name=unit_names([account.unit_id])[account.unit_id]),
        role=RoleOut(role=account.role, title=title),
        area=account.area,
        language=language_of(request),
        now=clock.now(),
        clock_is_set=clock.is_set(),
    )


@router.get("/healthz", response=HealthOut, auth=None)
def healthz(request: HttpRequest) -> HealthOut:
    """For watchdogs, without signing in: does the database answer (else 503), and how old is the last clock pass?"""
    now, passed_at = clock.now(), passing.passed_at()
    age = (now - passed_at).total_seconds() if passed_at else None
    return HealthOut(status="ok", now=now, passed_at=passed_at, pass_age_seconds=age)
