"""`bulou db`: the database from the command line."""

import os
import subprocess
import sys

import click

from bulou.config import database
from bulou.config.database import Embedded
from bulou.kernel.errors import BulouError
from bulou.kernel.text import Text

PATIENCE = 5
"""Seconds a server of one's own has to answer."""


def say(text: Text, *, err: bool = False) -> None:
    """Print in the caller's language."""
    from bulou.cli.main import language

    click.echo(text.to(language()), err=err)


def prepare() -> None:
    """Make or update the tables, in a process of its own: this one may already be connected as the application.

    BulouError where that fails; its own message is on the terminal.
    """
    command = [sys.executable, "-c", "from bulou.cli.main import main; main()", "db", "migrate", "--quiet"]
    if subprocess.run(command, check=False).returncode != 0:
        raise BulouError.of(
            "database.migrate", "数据库表没有更新成功，原因见上。", "The tables were not updated; see above."
        )


def make_ready() -> None:
    """Start Django as the application, and make the tables where this is the first use of the database."""
    start_django("app")
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'rule_holds'::regproc")
    except DatabaseError:
        connection.close()
        prepare()


@click.group()
def db() -> None:
    """数据库 · The database: start, stop, migrate."""


@db.command()
def status() -> None:
    """是否运行、数据在哪 · Does it run, and where are the data?"""
    server = database.embedded()
    if server is None:
        say(Text(zh="使用 BULOU_DATABASE_URL 指定的服务器。", en="The server named by BULOU_DATABASE_URL is used."))
        say(_answer())
        return
    state = server.status()
    zh = f"运行中，进程 {state.pid}" if state.running else "未运行（需要时自动启动）"
    en = f"Running, process {state.pid}" if state.running else "Not running (starts when needed)"
    kept = (Text(zh="，保持运行", en=", kept running") if state.kept else Text(zh="", en="")) if state.running else None
    say(Text(zh=zh + (kept.zh if kept else ""), en=en + (kept.en if kept else "")))
    say(Text(zh=f"数据：{state.directory}", en=f"Data: {state.directory}"))


def _answer() -> Text:
    """What a server of one's own says of itself. BulouError where it does not let the application in."""
    import psycopg

    try:
        with psycopg.connect(**{"connect_timeout": PATIENCE, **database.connection("app")}) as connection:
            version = connection.info.parameter_status("server_version")
    except psycopg.Error as error:
        if problem := database.problem_of(error):
            raise BulouError(problem) from error
        raise
    return Text(zh=f"有应答：PostgreSQL {version}。", en=f"It answers: PostgreSQL {version}.")


@db.command()
def start() -> None:
    """启动并保持运行 · Start it and keep it running until `stop`."""
    _own_server().start()
    say(Text(zh="数据库已启动。", en="The database runs."))


@db.command()
@click.option("--force", is_flag=True, help="即使有程序在用 · even while programs use it")
def stop(force: bool) -> None:
    """停止 · Stop it; refused while programs use it."""
    server = _own_server()
    if server.is_used() and not force:
        raise BulouError.of(
            "database.used",
            "还有程序在使用数据库。请先关闭它们，或加 --force（它们下次连接时会重新启动数据库）。",
            "Programs still use the database. Close them first, or add --force (they start it again when needed).",
        )
    server.stop()
    say(Text(zh="数据库已停止。", en="The database has stopped."))


@db.command()
@click.option("--role", type=click.Choice(["app", "owner"]), default="app", show_default=True)
def url(role: database.Role) -> None:
    """连接地址 · The address for psql and other tools; it may hold a password."""
    click.echo(database.url(role))


@db.command()
@click.option("--quiet", is_flag=True, help="只报告错误 · errors only")
def migrate(quiet: bool) -> None:
    """建表、更新表和权限 · Make or update the tables and their rights, and derive anew what another version derived."""
    start_django("owner")
    from django.core.management import call_command

    from bulou.ledger import services

    call_command("migrate", interactive=False, verbosity=0 if quiet else 1)
    renewed = services.renew()
    if not quiet:
        for name in renewed:
            say(Text(zh=f"已按事实重新推算：{name}", en=f"Derived anew from the facts: {name}"))
        say(Text(zh="数据库已是最新。", en="The database is up to date."))


@db.command()
def check() -> None:
    """检查部署 · Check the deployment: versions, steps not applied, rights, row-level security, files."""
    start_django("app")
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    try:
        call_command("check", databases=["default"])
    except SystemCheckError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from error


def _own_server() -> Embedded:
    server = database.embedded()
    if server is None:
        raise BulouError.of(
            "database.external",
            "正在使用 BULOU_DATABASE_URL 指定的服务器，请用它自己的工具启动和停止。",
            "The server named by BULOU_DATABASE_URL is used; start and stop it with its own tools.",
        )
    return server


def start_django(role: database.Role) -> None:
    """Start Django connected as a role. Once for a process."""
    os.environ["BULOU_ROLE"] = role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulou.config.settings")
    import django

    django.setup()
