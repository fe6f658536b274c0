"""An alert nobody read in time goes up: to the next tier of the same area, and on to the province."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from bulou.alerts.models import Alert
from bulou.directory.scope import everywhere

LADDERS: Mapping[str, tuple[str, ...]] = {
    "miss": ("town_command", "county_command", "city_command", "province_command"),
    "security": ("security_administrator",),
}
"""Kind of alert to the roles it goes up through: each time the nearest unit above that has one of them."""
CHUNK = 1_000


def minutes_of(*, urgent: bool) -> int:
    """How long an alert waits for a reader."""
    patient, pressing = settings.ESCALATE_MINUTES
    return int(pressing if urgent else patient)


def escalate() -> int:
    """Tell the next tier of what was not read in time; how many alerts were made. One transaction a chunk."""
    made = 0
    while True:
        with transaction.atomic(), everywhere():
            ripe = list(
                Alert.objects.select_for_update(skip_locked=True)
                .filter(escalate_at__lte=timezone.now())
                .order_by("escalate_at")[:CHUNK]
            )
            above = _above(ripe)
            risen = [_risen(alert, above[alert.pk]) for alert in ripe if alert.pk in above]
            made += len(Alert.objects.bulk_create(risen))
            Alert.objects.filter(pk__in=[alert.pk for alert in ripe]).update(escalate_at=None)
        if len(ripe) < CHUNK:
            return made


def _above(alerts: list[Alert]) -> dict[Any, tuple[Any, str, str]]:
    """For each alert nobody read: the unit, its area and role, of the next tier above. One query a kind."""
    with connection.cursor() as cursor:
        found: dict[Any, tuple[Any, str, str]] = {}
        for kind, roles in LADDERS.items():
            ids = [one.pk for one in alerts if one.kind == kind]
            if ids:
                cursor.execute(_ABOVE, {"ids": ids, "roles": list(roles)})
                found |= {id: (unit, area, role) for id, unit, area, role in cursor.fetchall()}
    return found


def _risen(alert: Alert, above: tuple[Any, str, str]) -> Alert:
    unit, area, role = above
    return Alert(
        kind=alert.kind,
        urgent=True,
        unit=unit,
        role=role,
        area=area,
        place=alert.place,
        zh=alert.zh if alert.about else f"无人查看 · {alert.zh}",
        en=alert.en if alert.about else f"Unread · {alert.en}",
        count=alert.count,
        data=alert.data,
        step=alert.step + 1,
        about=alert.about or alert.pk,
        at=alert.at,
        escalate_at=timezone.now() + timedelta(minutes=minutes_of(urgent=True)),
    )


_ABOVE = """
SELECT a.id, u.unit, u.area, u.role
FROM alert a
CROSS JOIN LATERAL (
    SELECT r.unit, r.area, r.role FROM unit_role r
    WHERE r.role = ANY (%(roles)s) AND r.unit <> a.unit
        AND r.area = ANY (ARRAY['', left(a.area, 2), left(a.area, 4), left(a.area, 6), left(a.area, 9),
            left(a.area, 12), a.area])
        AND (length(r.area) < length(a.area) OR a.role <> ALL (%(roles)s))
    ORDER BY length(r.area) DESC, r.unit LIMIT 1) u
WHERE a.id = ANY (%(ids)s) AND NOT EXISTS (SELECT FROM alert_read x WHERE x.alert = a.id)
"""
