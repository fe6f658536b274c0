"""Interface messages: collect them from templates and code, find what has no Chinese, compile catalogues.

`bulou messages compile` writes the `.mo` beside each `.po`; no gettext program is needed.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HERE = Path(__file__).parent
LOCALES = HERE / "locale"
_SINGLE = {"gettext", "gettext_lazy", "_"}
_CONTEXT = {"pgettext", "pgettext_lazy"}
_PLURAL = {"ngettext", "ngettext_lazy"}


class Message(NamedTuple):
    """A message as a catalogue keys it: its context (or None), the singular and the plural (or empty)."""

    context: str | None
    text: str
    plural: str = ""


def read(po: Path) -> Catalog:
    with po.open("rb") as file:
        return read_po(file)


def compile_all(locales: Path = LOCALES) -> list[Path]:
    """Compile every catalogue under `locales` (fuzzy entries left out); gives the files written."""
    written = []
    for po in sorted(locales.glob("*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        with mo.open("wb") as file:
            write_mo(file, read(po))
        written.append(mo)
    return written


def in_python(path: Path) -> Iterator[Message]:
    """Messages of the literal calls of gettext and its kin in a Python file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if node.func.id in _SINGLE and words:
                yield Message(None, words[0])
            elif node.func.id in _CONTEXT and len(words) > 1:
                yield Message(words[0], words[1])
            elif node.func.id in _PLURAL and len(words) > 1:
                yield Message(None, words[0], words[1])


def in_template(path: Path) -> Iterator[Message]:
    """Messages of the `translate` and `blocktranslate` tags of a template, as Django keys them."""
    from django.template import Context, Engine, Node
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    template = Engine.get_default().from_string(path.read_text("utf-8"))
    for node in template.nodelist.get_nodes_by_type(Node):
        if isinstance(node, TranslateNode):
            context = node.message_context.resolve(Context()) if node.message_context else None
            yield Message(context, str(node.filter_expression.var.literal))
        elif isinstance(node, BlockTranslateNode):
            plural = node.render_token_list(node.plural)[0] if node.plural else ""
            yield Message(None, node.render_token_list(node.singular)[0], plural)


def all_messages() -> set[Message]:
    """Every message of the pages: their code, their templates, and the words of the facts' vocabularies."""
    from bulou.web.fact_words import vocabulary

    found = {Message("option", word) for word in vocabulary()}
    for path in HERE.rglob("*.py"):
        found.update(in_python(path))
    for path in HERE.rglob("templates/**/*.html"):
        found.update(in_template(path))
    return found


def untranslated(po: Path) -> list[Message]:
    """Messages without an entry, or with an empty or fuzzy one, in a catalogue; sorted."""
    catalog = read(po)

    def has(message: Message) -> bool:
        entry = catalog.get(message.text, context=message.context)
        if entry is None or entry.fuzzy or bool(message.plural) != bool(entry.pluralizable):
            return False
        return bool(entry.string) and all(entry.string or ())

    return sorted((message for message in all_messages() if not has(message)), key=str)


@click.group()
def messages() -> None:
    """界面文字 · Interface messages."""


@messages.command("compile")
def compile_command() -> None:
    """编译各语言的文字 · Compile the catalogues."""
    for path in compile_all():
        click.echo(path.relative_to(HERE))
