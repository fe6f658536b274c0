"""`bulou erase`: nobody's data are kept after the response to them is over."""

import click

from bulou.cli.database import say, start_django
from bulou.kernel.text import Text


@click.command()
@click.option("--dry-run", is_flag=True, help="只数人数，不删除 · count only, erase nobody")
def erase(dry_run: bool) -> None:
    """删除 · Erase who is closed for longer than BULOU_RETENTION_DAYS, or was granted it. The worker does it too."""
    start_django("app")
    from bulou.ledger import erasing
    from bulou.operations.support import answering

    if dry_run:
        count = answering.due() + erasing.due()
        say(Text(zh=f"{count} 人到期应删除；没有删除。", en=f"{count} people are to be erased; nobody was."))
        return
    count = answering.carry_out_by_the_clock() + erasing.erase_closed()
    say(Text(zh=f"已删除 {count} 份档案中的个人信息。", en=f"Personal data of {count} files erased."))
