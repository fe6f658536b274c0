"""The file of an export is made: read in one sweep, written row by row, put in place whole, and recorded."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language

from bulou.directory.models import Account
from bulou.directory.selectors import area_names
from bulou.exchange.exports import files, policy
from bulou.exchange.exports.models import APPROVED, MADE, Export, ExportEvent
from bulou.exchange.exports.sources import Table, source
from bulou.exchange.exports.writing import FORMATS, About, Writer
from bulou.exchange.jobs.registry import Outcome
from bulou.exchange.jobs.run import Run
from bulou.kernel import clock
from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.text import Text

TELL = 1_000
"""Rows between two looks at how far it is."""
SHEET = Text(zh="说明", en="About")


def make(run: Run, *, export: str) -> Outcome:
    """The work of an export's job. BulouError where a second person has to agree and has not."""
    one = Export.objects.get(id=UUID(export))
    path = files.path_of(one.id, one.format)
    files.folder()
    rows = make_at(path, one, run.account, run)
    files.purge()
    says = Text(zh=f"导出 {rows} 行，可以下载了。", en=f"{rows} rows are ready to be fetched.")
    return Outcome(says, page="export", key=export)


def make_at(path: Path, one: Export, account: Account, run: Run | None = None) -> int:
    """The file of an export, whole at its path or not at all, and on record; how many rows it has.

    Runs in the scope, clock and language of the account.
    """
    with _whole(path) as part:
        rows, table = write(one, part, account, run)
    ExportEvent.objects.create(
        export=one,
        area=one.area,
        act=MADE,
        account=account.pk,
        job=run.id if run else None,
        rows=rows,
        people=table.people,
        size=path.stat().st_size,
        digest=files.digest(path),
    )
    return rows


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A path to write at; what is there becomes `path` at the end, and is gone where that fails."""
    with TemporaryDirectory(dir=path.parent, prefix=f"{path.stem}-") as folder:
        part = Path(folder) / path.name
        yield part
        part.chmod(0o600)
        part.replace(path)


def write(one: Export, path: Path, account: Account, run: Run | None = None) -> tuple[int, Table]:
    """The rows of an export into a file; how many, and the table as read."""
    found = source(one.list)
    may = policy.may_export(account) and found.is_open_to(account)
    if not may or (one.full and not policy.may_unmask(account)):
        raise BulouError(_NO_LONGER)
    agreed = ExportEvent.objects.filter(export=one, act=APPROVED).exists()
    most = None if agreed else policy.most_people()
    if one.needs_approval and not agreed:
        raise _needs_another(most or 0)
    table = found.read(one.query, one.area, account, full=one.full)
    writer = FORMATS[one.format](path, table.heads, SHEET.to(get_language() or "zh"))
    try:
        rows = _fill(writer, table, most, run)
    except BaseException:
        writer.abandon()
        raise
    writer.close(About(table.title, list(_about(one, table, account, rows))))
    return rows, table


def _fill(writer: Writer, table: Table, most: int | None, run: Run | None) -> int:
    rows, put = 0, writer.row
    for cells in table.rows:
        put(cells)
        rows += 1
        if rows % TELL == 0:
            _look(table, most, run, rows)
    _look(table, most, run, rows)
    return rows


def _look(table: Table, most: int | None, run: Run | None, rows: int) -> None:
    if most is not None and table.people > most:
        raise _needs_another(most)
    if run:
        run.progress(rows, table.size)


def _about(one: Export, table: Table, account: Account, rows: int) -> Iterator[tuple[str, str]]:
    language = get_language() or "zh"
    area = area_names([one.area]).get(one.area, one.area)
    said: Sequence[tuple[Text, str]] = [
        (Text(zh="名单", en="List"), table.title),
        (Text(zh="属地", en="Area"), f"{area} {one.area}".strip()),
        (Text(zh="截至", en="As of"), _instant(clock.now())),
        (Text(zh="生成时间", en="Made"), _instant(timezone.now())),
        (Text(zh="导出人", en="Who"), f"{account.name or account.username} · {account.unit.name}"),
        (Text(zh="用途", en="Purpose"), one.purpose),
        (Text(zh="行数", en="Rows"), str(rows)),
        (Text(zh="号码和地址", en="Numbers and addresses"), (_FULL if one.full else _MASKED).to(language)),
    ]
    yield from ((word.to(language), value) for word, value in said)
    yield from table.filters
    yield _KEEP.to(language), ""


def _instant(instant: datetime) -> str:
    return timezone.localtime(instant).strftime("%Y-%m-%d %H:%M:%S %z")


_FULL, _MASKED = Text(zh="完整", en="in full"), Text(zh="打码", en="masked")
_KEEP = Text(
    zh="含个人信息，仅限上述用途，用毕删除。",
    en="Personal data: for the purpose above only; delete it when done.",
)
_NO_LONGER = Problem(
    "export.no_longer",
    Text(
        zh="导出人的岗位已不能这样导出，没有生成文件。",
        en="Whoever asked may no longer take this out; no file was made.",
    ),
)


def _needs_another(most: int) -> BulouError:
    return BulouError.of(
        "export.second",
        f"涉及超过 {most} 人，须由同级或上级属地的另一人审批后才能生成文件。请重新导出并等待审批。",
        f"More than {most} people: another person of the area, or of one that contains it, must agree before a file "
        "is made. Ask for it again and wait for their word.",
    )
