"""`bulou import`: a file of people, places, cases or anything that happened, from the command line."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from bulou.cli.database import say, start_django
from bulou.cli.main import language
from bulou.kernel.errors import BulouError
from bulou.kernel.text import Text

if TYPE_CHECKING:
    from bulou.exchange.imports.happenings import Sender
    from bulou.exchange.imports.models import ImportBatch
    from bulou.exchange.imports.running import Run

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("import")
@click.argument("kind")
@click.argument("path", metavar="FILE", type=FILE)
@click.option("--dry-run", is_flag=True, help="只试算，不存入 · tell what would happen, keep nothing")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出结果 · the result as JSON")
@click.option("--account", metavar="NAME", help="以谁的名义，限其属地 · in whose name, within their area")
@click.option(
    "--mapping", type=FILE, help="JSON：表头→字段，空为不导入 · JSON: heading to field, empty to leave it out"
)
@click.option("--set", "stated", metavar="FIELD=VALUE", multiple=True, help="每一行都如此 · holds for every row")
@click.option(
    "--whole", is_flag=True, help="确认文件没有缺行 · the file is whole, though it ends at a spreadsheet's limit"
)
@click.option("--errors", type=click.Path(path_type=Path, dir_okay=False), help="退回的行存到 · where refused rows go")
@click.option("--synthetic", is_flag=True, help="是演示数据 · these are made up")
@click.option(
    "--resume", is_flag=True, help="接着做这个文件中断的导入 · go on with the interrupted import of this file"
)
def import_(
    kind: str,
    path: Path,
    dry_run: bool,
    as_json: bool,
    account: str | None,
    mapping: Path | None,
    stated: tuple[str, ...],
    whole: bool,
    errors: Path | None,
    synthetic: bool,
    resume: bool,
) -> None:
    """导入 Excel 或 CSV · Import an Excel or CSV file.

    KIND: people households places units enrolments contacts cases results, or a fact kind such as temperature.read.
    """
    start_django("app")
    from bulou.directory.selectors import business_clock
    from bulou.exchange.imports import reading, services
    from bulou.kernel import clock
    from bulou.kernel.ids import new_id

    options = {"mapping": _mapping(mapping), "stated": _stated(stated), "whole": whole}
    table = reading.read(path, whole=whole)
    with clock.at(business_clock()):
        sender = _sender(account, synthetic=synthetic)
        left = _left_off(path, kind, sender, wanted=resume)
        id = left.id if left else new_id()
        with services.held(id):
            if left:
                services.go_on(left)
                run = services.run_of(left, path, sender)
            else:
                file = services.file_keep(path, path.name, kind, sender, content=False)
                run = services.begin(file, table, sender, rehearsal=dry_run, options=options, id=id)
            _go(run, quiet=as_json)
        refused = _returned(run, path, errors)
    _tell(run, refused, as_json=as_json)


def _left_off(path: Path, kind: str, sender: "Sender", *, wanted: bool) -> "ImportBatch | None":
    """The interrupted import of this file, to go on with where that is wanted; else only told of."""
    from bulou.directory.scope import scope
    from bulou.exchange.imports import services

    with scope(sender.area):
        services.settle()
        left = services.left_off(services.digest_of(path), kind)
    if wanted and left is None:
        raise BulouError.of(
            "import.nothing_left_off",
            f"{path.name} 没有中断的导入。去掉 --resume 再导入。",
            f"No import of {path.name} was interrupted. Import it without --resume.",
        )
    if left and not wanted:
        zh = f"这个文件的一次导入中断过，做完 {left.rows_in:,} 行。续做 --resume，撤销 bulou undo-import {left.id}"
        en = (
            f"An import of this file was interrupted after {left.rows_in:,} rows. "
            f"To go on with it add --resume; to undo it: bulou undo-import {left.id}"
        )
        say(Text(zh=zh, en=en), err=True)
    return left if wanted else None


@click.command("undo-import")
@click.argument("batch", type=click.UUID)
@click.option("--account", metavar="NAME", help="以谁的名义，限其属地 · in whose name, within their area")
def undo(batch: UUID, account: str | None) -> None:
    """撤销导入 · Take a whole import back, within a week. BATCH: as `bulou import` told it."""
    start_django("app")
    from bulou.directory.scope import scope
    from bulou.directory.selectors import business_clock
    from bulou.exchange.imports import selectors, services
    from bulou.kernel import clock

    with clock.at(business_clock()):
        sender = _sender(account, synthetic=False)
        with scope(sender.area):
            services.settle()
            found = selectors.batch(batch)
        if found is None:
            raise BulouError.of("import.unknown", f"没有这一批导入：{batch}。", f"There is no import {batch}.")
        done = services.undo(found, by=sender.account, unit=sender.unit)
    say(
        Text(
            zh=f"已撤销：撤回事实 {done['facts']:,}，移出名册 {done['retired']:,}，恢复 {done['put_back']:,}，"
            f"有牵连而保留 {done['kept']:,}，之后改过而不动 {done['changed_since']:,}。",
            en=f"Undone: {done['facts']:,} facts withdrawn, {done['retired']:,} taken off the books,"
            f" {done['put_back']:,} put back, {done['kept']:,} kept because something hangs on them,"
            f" {done['changed_since']:,} changed since and left.",
        )
    )


def _go(run: "Run", *, quiet: bool) -> None:
    from bulou.exchange.imports import services

    try:
        with _bar(run.table.total, quiet=quiet) as bar:
            bar.update(run.batch.rows_in)
            for batch in run.go():
                bar.update(batch.rows_in - bar.pos)
    except BulouError as error:
        services.end(run.batch, "failed", error)
        raise
    except BaseException:  # stopped by somebody, or the database went away: then whoever looks next sees it
        with suppress(Exception):
            services.end(run.batch, services.INTERRUPTED)
        raise


@contextmanager
def _bar(total: int, *, quiet: bool) -> Iterator[Any]:
    with click.progressbar(length=total, file=sys.stderr, show_eta=True, hidden=quiet) as bar:
        yield bar


def _sender(name: str | None, *, synthetic: bool) -> "Sender":
    from bulou.directory.models import Account
    from bulou.exchange.imports.happenings import Sender

    if name is None:
        return Sender("", synthetic=synthetic)
    account = Account.objects.filter(username=name, is_active=True).first()
    if account is None:
        raise BulouError.of("account.unknown", f"没有账号 {name}。", f"There is no account {name}.")
    return Sender(account.area, account.unit_id, account.pk, synthetic or account.unit.synthetic)


def _returned(run: "Run", path: Path, errors: Path | None) -> Path | None:
    """The refused rows beside the file they came in; None where there are none."""
    from bulou.directory.scope import scope
    from bulou.exchange.imports import returned

    if not run.batch.rejected:
        return None
    target = errors or path.with_name(f"{path.stem}.errors{returned.ending(run.table)}")
    with scope(run.sender.area):
        returned.write(run.table, run.batch, target, language())
    return target


def _tell(run: "Run", refused: Path | None, *, as_json: bool) -> None:
    batch = run.batch
    counts = {name: getattr(batch, name) for name in ("rows_in", "created", "updated", "unchanged", "rejected")}
    if as_json:
        told = {**counts, "errors_file": str(refused) if refused else None, "batch": str(batch.id), "kind": batch.kind}
        click.echo(json.dumps({**told, "dry_run": batch.rehearsal}, ensure_ascii=False))
        return
    zh = "试算（没有存入）：" if batch.rehearsal else "导入完成："
    en = "Rehearsed, nothing kept: " if batch.rehearsal else "Imported: "
    say(
        Text(
            zh=f"{zh}{batch.rows_in:,} 行 = 新增 {batch.created:,} + 更新 {batch.updated:,} + 未变 {batch.unchanged:,}"
            f" + 退回 {batch.rejected:,}。",
            en=f"{en}{batch.rows_in:,} rows = {batch.created:,} created + {batch.updated:,} updated"
            f" + {batch.unchanged:,} unchanged + {batch.rejected:,} refused.",
        )
    )
    if not batch.rehearsal and batch.created + batch.updated:
        say(Text(zh=f"撤销：bulou undo-import {batch.id}", en=f"To undo it: bulou undo-import {batch.id}"))
    if refused:
        say(Text(zh=f"退回的行及原因：{refused}", en=f"Refused rows, with what is wrong: {refused}"))


def _mapping(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        found = json.loads(path.read_text("utf-8-sig"))
    except ValueError as error:
        raise BulouError.of(
            "import.mapping", f"对照文件不是 JSON：{error}", f"The mapping is not JSON: {error}"
        ) from error
    if not isinstance(found, dict) or not all(isinstance(field, str) for field in found.values()):
        raise BulouError.of(
            "import.mapping",
            "对照文件应是 {表头: 字段}。",
            "The mapping must be an object of heading to field.",
        )
    return found


def _stated(given: tuple[str, ...]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    if any(not separator for _, separator, _ in pairs):
        raise click.BadParameter("FIELD=VALUE", param_hint="--set")
    return {field.strip(): value.strip() for field, _, value in pairs}
