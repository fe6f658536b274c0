"""Many looks at people in an hour, and many refusals, are told to the security administrator of the area."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from bulou.alerts.escalation import minutes_of
from bulou.alerts.models import Alert
from bulou.directory import selectors as directory
from bulou.directory.models import Account
from bulou.directory.scope import everywhere
from bulou.kernel import clock

MOST_LOOKS, MOST_REFUSALS = 50, 5
"""Files of people opened in an hour beyond which somebody is asked why; refusals in an hour from which somebody is."""
WORDS = {
    "view": ("一小时内查看 {n} 人次：{who}", "{n} looks at people within an hour: {who}"),
    "denied": ("一小时内 {n} 次被拒绝访问：{who}", "{n} refusals within an hour: {who}"),
}
OFFICER = "security_administrator"


@transaction.atomic
def watch() -> int:
    """Alert of each account that looked, or was refused, too often in the last hour; once an hour. How many alerts."""
    with everywhere():
        many = directory.many_looks(MOST_LOOKS, MOST_REFUSALS)
        if not many:
            return 0
        accounts = {one.pk: one for one in Account.objects.filter(pk__in={id for id, _, _ in many})}
        told = _told_lately()
        news = [(accounts[id], kind, n) for id, kind, n in many if (str(id), kind) not in told and id in accounts]
        return len(Alert.objects.bulk_create(filter(None, (_alert(*one) for one in news))))


def _told_lately() -> set[tuple[str, str]]:
    since = timezone.now() - timedelta(hours=1)
    recent = Alert.objects.filter(kind="security", made_at__gt=since, about=None)
    return {(data.get("account", ""), data.get("what", "")) for data in recent.values_list("data", flat=True)}


def _alert(account: Account, what: str, count: int) -> Alert | None:
    """For the nearest security administrator's unit above the account; None where there is none."""
    officer = directory.owner(OFFICER, account.area)
    unit = directory.unit(officer) if officer else None
    if unit is None:
        return None
    zh, en = WORDS[what]
    return Alert(
        kind="security",
        urgent=True,
        unit=unit.id,
        role=OFFICER,
        area=unit.area,
        place=account.area,
        zh=zh.format(n=count, who=account.username),
        en=en.format(n=count, who=account.username),
        count=count,
        data={"account": str(account.pk), "what": what},
        at=clock.now(),
        escalate_at=timezone.now() + timedelta(minutes=minutes_of(urgent=True)),
    )
