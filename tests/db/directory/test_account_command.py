"""`bulou account`: the first account of a server, from the command line, and a way back in."""

from typing import Any

import pytest
from click.testing import CliRunner, Result

from bulou.cli import account as command
from bulou.cli.main import main
from bulou.directory.models import AccessLog, Account, Session, Unit, UnitRole
from bulou.directory.scope import everywhere

pytestmark = pytest.mark.usefixtures("areas")
OFFICE = "和平区信息中心"
SECRET = "plain-Words-and-7"


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process is Django already."""
    monkeypatch.setenv("BULOU_LANG", "en")
    monkeypatch.setattr(command, "start_django", lambda role: None)


def create(*more: str, role: str = "system_administrator", user: str = "wang", typed: str = "", **given: str) -> Result:
    said = {"name": "王某", "area": "120101", "unit": OFFICE} | given
    words = [part for name, value in said.items() for part in (f"--{name}", value)]
    return CliRunner().invoke(main, ["account", "create", user, "--role", role, *words, *more], input=typed)


def roles(unit: str) -> set[str]:
    return set(UnitRole.objects.filter(unit__name=unit).values_list("role", flat=True))


def test_the_first_account_comes_with_its_unit_and_the_password_is_asked_for_twice_and_not_shown() -> None:
    done = create(typed=f"{SECRET}\n{SECRET}\n")

    assert done.exit_code == 0, done.output
    assert SECRET not in done.output
    made = Account.objects.get()
    assert (made.username, made.name, made.area, made.role) == ("wang", "王某", "120101", "system_administrator")
    assert made.check_password(SECRET)
    assert not made.password_temporary
    assert roles(OFFICE) == {"system_administrator"}
    with everywhere():
        assert AccessLog.objects.values_list("act", "account", "purpose", "page").get() == (
            ("account", made.pk, "open", "bulou account")
        )


def test_a_password_for_one_use_is_shown_once_and_must_be_changed() -> None:
    done = create("--once")

    made = Account.objects.get()
    assert made.check_password(done.output.split()[-1])
    assert made.password_temporary


def test_a_second_duty_of_the_same_office_is_another_person_s() -> None:
    create("--once")

    other = create("--once", role="audit_administrator", user="zhao", name="赵某")
    same = create("--once", role="security_administrator", user="wang2")

    assert other.exit_code == 0, other.output
    assert "now also answers as: Audit administrator" in other.output
    assert same.exit_code == 1
    assert "three people" in same.stderr
    assert Unit.objects.count() == 1
    assert roles(OFFICE) == {"system_administrator", "audit_administrator"}, "what was refused left nothing"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"role": "king"}, "no role king"),
        ({"area": "999999"}, "bulou areas load"),
        ({"typed": "short\nshort\n"}, "too short"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line_and_nothing_is_kept(given: dict[str, Any], told: str) -> None:
    typed = given.pop("typed", "")

    refused = create(*([] if typed else ["--once"]), typed=typed, **given)

    assert refused.exit_code == 1
    assert told in refused.stderr
    assert (Account.objects.count(), Unit.objects.count()) == (0, 0)


def test_a_name_that_is_taken_is_refused() -> None:
    create("--once")

    refused = create("--once", name="李某")

    assert refused.exit_code == 1
    assert Account.objects.count() == 1


def test_no_option_takes_a_password() -> None:
    names = {name for each in (command.create, command.password) for one in each.params for name in one.opts}

    assert not {name for name in names if "pass" in name}


def test_a_forgotten_password_is_replaced_and_every_session_ends() -> None:
    create(typed=f"{SECRET}\n{SECRET}\n")
    made = Account.objects.get()

    once = CliRunner().invoke(main, ["account", "password", "wang", "--once"])
    typed = CliRunner().invoke(main, ["account", "password", "wang"], input="Other-words-8\nOther-words-8\n")

    made.refresh_from_db()
    assert (once.exit_code, typed.exit_code) == (0, 0), typed.output
    assert made.check_password("Other-words-8")
    assert Session.objects.filter(account=made.pk).count() == 0


def test_an_account_that_is_not_there_is_said() -> None:
    refused = CliRunner().invoke(main, ["account", "password", "nobody", "--once"])

    assert refused.exit_code == 1
    assert "no account nobody" in refused.stderr
