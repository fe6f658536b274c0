"""Every sentence of the pages is there in Chinese; catalogues are found, compared and compiled."""

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from click.testing import CliRunner
from django.conf import settings

from bulou.web import messages
from bulou.web.messages import Message

CHINESE = messages.LOCALES / "zh_Hans" / "LC_MESSAGES" / "django.po"
PO = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=1; plural=0;\\n"

msgid "Done"
msgstr "完成"

#, fuzzy
msgid "Late"
msgstr "迟"

msgid "Empty"
msgstr ""

msgid "%(n)d day"
msgid_plural "%(n)d days"
msgstr[0] "%(n)d天"
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO, "utf-8")
    return path


def test_every_message_of_the_pages_is_there_in_chinese() -> None:
    assert messages.untranslated(CHINESE) == []


def test_no_message_is_kept_that_nothing_says_any_more() -> None:
    said = {(message.context, message.text) for message in messages.all_messages()}

    kept = {(entry.context, entry.id if isinstance(entry.id, str) else entry.id[0]) for entry in messages.read(CHINESE)}
    assert kept - said - {(None, "")} == set()


def test_no_message_is_there_twice() -> None:
    said = re.findall(r'(?:^msgctxt .*\n)?^msgid (?:".*"\n)+', CHINESE.read_text("utf-8"), re.M)

    assert [text for text, times in Counter(said).items() if times > 1] == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    errors = [(entry.id, list(entry.check())) for entry in messages.read(CHINESE) if list(entry.check())]

    assert errors == []


def test_what_is_missing_empty_fuzzy_or_without_its_plural_is_named(
    catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {Message(None, text) for text in ("Done", "Late", "Empty", "Gone", "%(n)d day")}
    monkeypatch.setattr(messages, "all_messages", lambda: said | {Message(None, "%(n)d day", "%(n)d days")})

    missing = messages.untranslated(catalogue)

    assert [message.text for message in missing if not message.plural] == ["%(n)d day", "Empty", "Gone", "Late"]
    assert not any(message.plural for message in missing)


def test_messages_are_found_in_code(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text('_("a"); gettext("b"); pgettext("c", "d"); ngettext("e", "f", n); other("g"); gettext(name)')

    found = list(messages.in_python(path))

    assert found == [Message(None, "a"), Message(None, "b"), Message("c", "d"), Message(None, "e", "f")]


def test_messages_are_found_in_templates(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    path.write_text(
        '{% load i18n %}{% translate "a" %}{% translate "b" context "c" %}{% if x %}{% translate "d" as e %}{% endif %}'
        "{% blocktranslate count n=x %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
    )

    assert set(messages.in_template(path)) == {
        Message(None, "a"),
        Message("c", "b"),
        Message(None, "d"),
        Message(None, "%(n)s day", "%(n)s days"),
    }


def test_compiling_leaves_out_what_is_fuzzy(catalogue: Path) -> None:
    (written,) = messages.compile_all(catalogue.parents[2])

    with written.open("rb") as file:
        compiled = read_mo(file)
    assert compiled["Done"].string == "完成"
    assert "Late" not in compiled


def test_the_command_compiles_and_says_what_it_wrote() -> None:
    answer = CliRunner().invoke(messages.messages, ["compile"])

    assert answer.exit_code == 0
    assert "locale/zh_Hans/LC_MESSAGES/django.mo" in answer.output


def test_chinese_comes_first() -> None:
    assert settings.LANGUAGE_CODE == "zh-hans"
