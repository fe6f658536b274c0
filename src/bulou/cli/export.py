"""`bulou export`: a list as a file, by the same rules as on the pages."""

from pathlib import Path

import click

from bulou.cli.database import say, start_django
from bulou.kernel.errors import BulouError
from bulou.kernel.text import Text


@click.command()
@click.argument("list", metavar="LIST")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--account", "username", required=True, metavar="USERNAME", help="以谁的账号 · in whose name")
@click.option("--purpose", required=True, help="用途 · what it is for; on record")
@click.option("--area", metavar="CODE", help="属地，默认账号的属地 · area code; the account's own if absent")
@click.option("--query", default="", metavar="QUERY", help="筛选，同页面地址 · filters, as in the address of the page")
@click.option(
    "--format", type=click.Choice(["xlsx", "csv", "json"]), help="默认按文件名 · by the file's name if absent"
)
@click.option("--full", is_flag=True, help="号码和地址不打码 · numbers and addresses in full")
def export(
    list: str, file: Path, username: str, purpose: str, area: str | None, query: str, format: str | None, full: bool
) -> None:
    """导出 · A list (people, places, units, cases, misses, duties) as Excel, CSV or JSON. On record."""
    start_django("app")
    from django.utils import translation

    from bulou.directory.models import Account
    from bulou.directory.scope import for_account
    from bulou.exchange.exports import making, services
    from bulou.exchange.exports.models import DOWNLOADED
    from bulou.kernel import clock

    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        raise BulouError.of("export.account", f"没有账号 {username}。", f"There is no account {username}.")
    kind = format or file.suffix.removeprefix(".").lower()
    with for_account(account) as at, clock.at(at), translation.override(account.language):
        place = area or account.area
        one = services.ask(list, query, kind, account=account, area=place, purpose=purpose, full=full, queued=False)
        if not one.needs_approval:
            rows = making.make_at(file.resolve(), one, account)
            services.record(one.id, one.area, DOWNLOADED, account)
    if one.needs_approval:
        say(
            Text(
                zh=f"涉及人数多，须由另一人在 /exports/{one.id}/ 审批；同意后由 {username} 在那里下载。",
                en=f"So many people need another's word at /exports/{one.id}/; {username} then fetches the file there.",
            )
        )
        raise SystemExit(1)
    say(Text(zh=f"{rows} 行，在 {file}。", en=f"{rows} rows in {file}."))
