"""`bulou account`: the first accounts of a server, before anybody can sign in, and a way back in.

A password is never a word of the command line, where other users and the shell's history could read it: it is asked
for, or made by the machine for one use.
"""

from typing import TYPE_CHECKING

import click

from bulou.cli.database import say, start_django
from bulou.directory.roles import ROLES
from bulou.kernel.errors import BulouError
from bulou.kernel.text import Text

if TYPE_CHECKING:
    from bulou.directory.models import Account, Unit

once_option = click.option(
    "--once", is_flag=True, help="打印一次性口令，不询问 · print a password for one use instead of asking for one"
)


@click.group()
def account() -> None:
    """账号 · Accounts: the first ones of a server, and a way back in."""


@account.command()
@click.argument("username", metavar="USERNAME")
@click.option("--name", required=True, help="使用人姓名，一人一号 · the person it is for: one account, one person")
@click.option("--role", required=True, metavar="ROLE", help="岗位，见 docs/reference/roles.md · one of those roles")
@click.option("--area", required=True, metavar="CODE", help="单位所在区划代码 · code of the area the unit is in")
@click.option("--unit", "unit_name", required=True, metavar="NAME", help="单位，没有则新建 · made where not there")
@click.option("--english", default="", metavar="NAME", help="新建单位的英文名称 · English name of a unit that is made")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 · language")
@once_option
def create(username: str, name: str, role: str, area: str, unit_name: str, english: str, lang: str, once: bool) -> None:
    """开通账号 · Open an account of a unit in a role; its password is asked for, or made for one use."""
    if role not in ROLES:
        raise BulouError.of(
            "account.unknown_role",
            f"没有岗位 {role}。全部岗位见 docs/reference/roles.md。",
            f"There is no role {role}; docs/reference/roles.md lists them.",
            field="--role",
        )
    password = "" if once else _asked()
    start_django("app")
    from django.db import transaction

    from bulou.directory.scope import everywhere

    with transaction.atomic(), everywhere():
        unit = _unit(unit_name, english, area, role)
        made, told = _opened(username, name, unit, role, password)
        made.language = "en" if lang == "en" else "zh-hans"
        made.save(update_fields=["language"])
        _on_record(made, "open")
    title = ROLES[role]
    say(
        Text(
            zh=f"已开通账号 {username}：{name}，{unit.name}（{title.zh}）。",
            en=f"The account {username} is open: {name}, {unit.name_en or unit.name} ({title.en}).",
        )
    )
    _tell(told)


@account.command()
@click.argument("username", metavar="USERNAME")
@once_option
def password(username: str, once: bool) -> None:
    """换密码，结束其全部会话 · A new password for an account; all its sessions end."""
    given = "" if once else _asked()
    start_django("app")
    from django.db import transaction

    from bulou.directory import services
    from bulou.directory.models import Account
    from bulou.directory.scope import everywhere

    with transaction.atomic(), everywhere():
        found = Account.objects.filter(username=username).first()
        if found is None:
            raise BulouError.of("account.unknown", f"没有账号 {username}。", f"There is no account {username}.")
        told = ""
        if once:
            told = services.password_reset(found)
        else:
            services.password_set(found, given)
        _on_record(found, "password")
    say(Text(zh=f"{username} 的密码已更换，会话已全部结束。", en=f"{username} has a new password; all sessions ended."))
    _tell(told)


def _asked() -> str:
    """The password, typed twice and not shown."""
    text = Text(zh="密码", en="Password")
    from bulou.cli.main import language

    entered: str = click.prompt(text.to(language()), hide_input=True, confirmation_prompt=True)
    return entered


def _unit(name: str, english: str, area: str, role: str) -> "Unit":
    """The unit of that name in the area, made where it is not there; it answers for the role from now on."""
    from bulou.directory.models import Unit, UnitRole
    from bulou.directory.services import unit_create, unit_roles_set

    unit = Unit.objects.filter(name=name, area_id=area, valid_to=None).first()
    if unit is None:
        say(Text(zh=f"新建单位：{name}。", en=f"A unit is made: {english or name}."))
        return unit_create(name, area, [role], name_en=english)
    held = set(UnitRole.objects.filter(unit=unit).values_list("role", flat=True))
    if role not in held:
        say(Text(zh=f"{name}此后也承担：{ROLES[role].zh}。", en=f"{name} now also answers as: {ROLES[role].en}."))
        unit_roles_set(unit, held | {role})
    return unit


def _opened(username: str, name: str, unit: "Unit", role: str, password: str) -> "tuple[Account, str]":
    """The account, and the password for one use where none was given."""
    from bulou.directory import services

    if not password:
        return services.account_open(username, unit, role, name=name)
    return services.account_create(username, password, unit, role, name=name), ""


def _on_record(made: "Account", what: str) -> None:
    """An act on the server itself has no account behind it: it stands under the account it is about."""
    from bulou.directory.services import access_record

    access_record("account", by=made, area=made.area, subject=f"account:{made.pk}", purpose=what, page="bulou account")


def _tell(password: str) -> None:
    if password:
        say(
            Text(
                zh="一次性口令（只显示这一次，三天内首次登录时须更换）：",
                en="A password for one use (shown this once; to be changed at the first sign-in, within three days):",
            )
        )
        click.echo(password)
