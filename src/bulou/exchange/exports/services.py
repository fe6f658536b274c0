"""Writes of exports: ask for one, decide on another's, fetch the file. Every one is on record for good."""

from pathlib import Path
from uuid import UUID

from bulou.directory import scope
from bulou.directory import services as directory
from bulou.directory.models import Account
from bulou.directory.services.refusals import outside
from bulou.exchange.exports import files, policy, selectors
from bulou.exchange.exports.models import APPROVED, DOWNLOADED, QUEUED, REFUSED, Export, ExportEvent
from bulou.exchange.exports.sources import source
from bulou.exchange.exports.writing import FORMATS
from bulou.exchange.jobs.registry import TASKS
from bulou.exchange.jobs.services import enqueue
from bulou.kernel.areas import contains
from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.text import Text

TASK = "export"
LONGEST = 200


def ask(
    list: str,
    query: str,
    format: str,
    *,
    account: Account,
    area: str,
    purpose: str,
    full: bool = False,
    ip: str | None = None,
    queued: bool = True,
) -> Export:
    """Ask for a list as a file; its job waits in the queue, unless a second person must agree first.

    `query` is what the address of the list asks. BulouError where the account may not, the area is not its own, or a
    purpose, list or format is missing. With `queued` off the caller makes the file itself (a command).
    """
    _check(account, area, format, purpose, full=full)
    found = source(list)
    if not found.is_open_to(account):
        raise BulouError(_FORBIDDEN)
    with scope.scope(area):
        most = policy.most_people()
        people = found.people(query, area, account, most + 1)
        export = Export.objects.create(
            account=account.pk,
            area=area,
            list=list,
            query=query,
            format=format,
            purpose=purpose.strip()[:LONGEST],
            full=full,
            people=people,
            needs_approval=people > most,
        )
        told = f"{list} {directory.told(query)}: {export.purpose}"
        directory.access_record("export", by=account, area=area, purpose=told, ip=ip)
    if queued and not export.needs_approval:
        _queue(export, account, found.title)
    return export


def decide(export: Export, *, by: Account, approve: bool, note: str = "") -> bool:
    """Another person's word on an export: agreed, its file is made in the name of whoever asked. False: too late.

    BulouError where the account is the one who asked, or is not of the area or one that contains it.
    """
    if not policy.may_decide(by, asked_by=export.account, area=export.area):
        raise BulouError(_NOT_YOURS)
    act = APPROVED if approve else REFUSED
    event = ExportEvent(export=export, area=export.area, act=act, account=by.pk, note=note.strip()[:LONGEST])
    with scope.scope(export.area):
        ExportEvent.objects.bulk_create([event], ignore_conflicts=True)
        if not ExportEvent.objects.filter(id=event.id).exists():
            return False
    if approve:
        _queue(export, Account.objects.get(pk=export.account), source(export.list).title)
    return True


def fetch(id: UUID, *, by: Account, ip: str | None = None) -> tuple[Path, str]:
    """The file of one's own export, and the name to give it; the fetching is recorded first.

    BulouError where it is another's or unknown, not made yet, expired, or the account may no longer export.
    """
    row = selectors.export(id)
    if row is None or row.account != by.pk:
        raise BulouError(_UNKNOWN)
    path = files.path_of(row.id, row.format)
    if not policy.may_export(by):
        raise BulouError(_FORBIDDEN)
    if row.state != selectors.READY or not path.exists():
        raise BulouError(_EXPIRED if row.made else _NOT_MADE)
    record(row.id, row.area, DOWNLOADED, by, ip=ip)
    return path, f"{row.list}-{row.made:%Y%m%d-%H%M}.{row.format}"


def record(id: UUID, area: str, act: str, by: Account, *, job: UUID | None = None, ip: str | None = None) -> None:
    """What became of an export, for good."""
    with scope.scope(area):
        ExportEvent.objects.create(export_id=id, area=area, act=act, account=by.pk, job=job, ip=ip)


def _queue(export: Export, account: Account, title: str) -> None:
    said = Text(zh=f"导出：{title}", en=f"Export: {title}")
    job = enqueue(TASKS[TASK], account=account, area=export.area, title=said, export=str(export.id))
    record(export.id, export.area, QUEUED, account, job=job)


def _check(account: Account, area: str, format: str, purpose: str, *, full: bool) -> None:
    if not policy.may_export(account):
        raise BulouError(_FORBIDDEN)
    if not contains(account.area, area):
        raise outside(area)
    if full and not policy.may_unmask(account):
        raise BulouError(_NOT_IN_FULL)
    if format not in FORMATS:
        listed = ", ".join(FORMATS)
        raise BulouError.of(
            "export.format",
            f"没有格式 {format!r}；有：{listed}。",
            f"There is no format {format!r}; there are {listed}.",
            field="format",
        )
    if not purpose.strip():
        raise BulouError(_NO_PURPOSE)


_FORBIDDEN = Problem(
    "export.forbidden",
    Text(
        zh="您的岗位不能导出名单。需要时请由乡镇以上指挥部或疾控导出。",
        en="Your role takes no lists out. Where one is needed, ask a command post or the CDC.",
    ),
)
_NOT_IN_FULL = Problem(
    "export.full",
    Text(zh="您的岗位只能导出打码的号码和地址。", en="Your role takes out numbers and addresses masked only."),
    field="full",
)
_NO_PURPOSE = Problem(
    "export.purpose",
    Text(
        zh="请写明用途；导出会被记录。没有生成文件。", en="Say what it is for; exports are on record. No file was made."
    ),
    field="purpose",
)
_NOT_YOURS = Problem(
    "export.not_yours",
    Text(
        zh="须由同级或上级属地的另一人审批，不能审批自己的导出。",
        en="Another person of the area, or of one that contains it, decides; nobody on their own.",
    ),
)
_UNKNOWN = Problem("export.unknown", Text(zh="没有这个导出。", en="There is no such export."))
_NOT_MADE = Problem("export.not_made", Text(zh="文件还没有生成。", en="The file is not made yet."))
_EXPIRED = Problem(
    "export.expired", Text(zh="文件已过期删除，请重新导出。", en="The file has expired and is gone; ask for it again.")
)
