"""The `bulou` command.

A command's module is imported only when that command is called, so `bulou plan …` starts neither Django nor a database.
"""

import errno
import os
from importlib import import_module
from typing import NamedTuple

import click

from bulou import __doc__ as about
from bulou.kernel.errors import BulouError
from bulou.kernel.text import Text

LONGEST = 200
"""Characters of a file's name that are said."""


class Door(NamedTuple):
    """Where a command lives, as `module:attribute`, and its line in the list of commands."""

    path: str
    title: str

    def open(self) -> click.Command:
        module, _, attribute = self.path.partition(":")
        command = getattr(import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self.path} is not a command")
        return command


DOORS = {
    "account": Door("bulou.cli.account:account", "账号 · Accounts: the first ones of a server, a way back in"),
    "api": Door("bulou.cli.api:api", "接口 · The API: tokens for programs"),
    "areas": Door("bulou.cli.areas:areas", "行政区划 · Administrative divisions: load, grids"),
    "db": Door("bulou.cli.database:db", "数据库 · The database: start, stop, migrate"),
    "demo": Door("bulou.cli.demo:demo", "天津2020演示 · Tianjin's outbreak of 2020 on your own machine"),
    "import": Door("bulou.cli.importing:import_", "导入 · Import Excel and CSV files"),
    "export": Door("bulou.cli.export:export", "导出 · A list as a file, on record"),
    "erase": Door("bulou.cli.erase:erase", "删除 · Erase whom the time of keeping is over for"),
    "ledger": Door("bulou.cli.ledger:ledger", "台账 · The ledger: replay, verify, ask why"),
    "messages": Door("bulou.web.messages:messages", "界面文字 · Interface messages: compile"),
    "pictures": Door("bulou.cli.pictures:pictures", "页面照片 · Photograph every page"),
    "plan": Door("bulou.cli.plan:plan", "预案 · Plans: check, read, coverage, compare, rehearse"),
    "undo-import": Door("bulou.cli.importing:undo", "撤销导入 · Take a whole import back"),
    "work": Door("bulou.cli.work:work", "后台 · The worker: does jobs in the background"),
}


def language() -> str:
    """`en` where the environment's locale is English, else `zh`; `BULOU_LANG` outranks the locale."""
    names = ("BULOU_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    spoken = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return "en" if spoken.lower().startswith("en") else "zh"


class Doors(click.Group):
    """A group whose commands are looked up by name and imported late."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(DOORS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        door = DOORS.get(cmd_name)
        return door.open() if door else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, DOORS[name].title) for name in self.list_commands(ctx)])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Wrong usage where a word is no text: it could be neither looked up nor said again."""
        for place, word in enumerate(args, start=1):
            if not is_text(word):
                said = Text(zh=f"第 {place} 个参数不是 UTF-8 文本。", en=f"Word {place} is not text in UTF-8.")
                raise click.UsageError(said.to(language()), ctx)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a refusal, ours or the system's, is printed in the caller's language: status 1."""
        try:
            return super().invoke(ctx)
        except BulouError as error:
            said = error.to(language())
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            reason = ": ".join(str(part)[:LONGEST] for part in (error.filename, error.strerror or error) if part)
            said = Text(zh=f"系统不允许：{reason}", en=f"The system refuses: {reason}").to(language())
        click.echo(said, err=True)
        raise click.exceptions.Exit(1)


def is_text(word: str) -> bool:
    """False for bytes that are no UTF-8, which come as halves of characters, and for a null character."""
    try:
        return b"\0" not in word.encode()
    except UnicodeEncodeError:
        return False


@click.group(cls=Doors, help=about, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bulou", message="%(version)s")
def main() -> None:
    """The product's doors on the command line."""
