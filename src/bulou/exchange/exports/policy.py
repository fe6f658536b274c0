"""Who may take lists out, who may take them unmasked, and when a second person must agree.

The roles are our choice: whoever works in a village, a grid or one institution needs one person at a time, which the
pages show; unmasked numbers are for those who trace, command and keep order.
"""

from django.conf import settings

from bulou.directory.models import Account
from bulou.directory.roles import ROLES
from bulou.kernel.areas import contains

ON_FOOT = frozenset({"village", "place"})
"""Tiers at which nobody takes lists out."""
UNMASKED = frozenset(
    {
        *("province_command", "city_command", "county_command", "town_command"),
        *("health_bureau", "cdc", "investigation_team", "public_security_bureau", "police_station"),
    }
)
AUDITORS = frozenset(["province_command", "city_command", "county_command", "town_command", "supervision_group"])
"""Roles that see who took what in their area."""


def may_export(account: Account) -> bool:
    """True for an account that may take lists out."""
    role = ROLES.get(account.role)
    return role is not None and role.tier not in ON_FOOT


def may_unmask(account: Account) -> bool:
    """True for an account that may take out numbers and addresses in full, for a purpose."""
    return may_export(account) and account.role in UNMASKED


def may_audit(account: Account) -> bool:
    """True for an account that may see who took what."""
    return account.role in AUDITORS


def may_decide(account: Account, *, asked_by: object, area: str) -> bool:
    """True for another person of the area, or of one that contains it."""
    return may_export(account) and account.pk != asked_by and contains(account.area, area)


def most_people() -> int:
    """People one person may take out alone."""
    return int(settings.EXPORT_APPROVAL)
