"""What the documents say: their links, the commands they tell the reader to type, the settings they name."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click

_FENCE = re.compile(r"^```(?P<language>\w*)[^\n]*\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(?P<text>[^`\n]+)`")
_LINK = re.compile(r"!?\[[^\]\n]*\]\((?P<target>[^)\s]+)\)")
_PROGRAM = re.compile(r"^\s*(?:\$ |sudo )?(?P<words>(?:\.venv/bin/)?bulou\b.*|make\b.*)$")


def broken_links(document: Path) -> list[str]:
    """Links of a Markdown file to files that are not there."""
    text = _FENCE.sub("", document.read_text(encoding="utf-8"))
    targets = (match["target"].partition("#")[0] for match in _LINK.finditer(text))
    return [
        t
        for t in targets
        if t and "://" not in t and not t.startswith("mailto:") and not (document.parent / t).exists()
    ]


def commands_in(text: str) -> Iterator[list[str]]:
    """The words of every `bulou …` and `make …` line: in shell blocks and in inline code."""
    blocks = [m["text"] for m in _FENCE.finditer(text) if m["language"] in {"sh", "bash", "console"}]
    inline = [m["text"] for m in _INLINE.finditer(_FENCE.sub("", text))]
    for line in [line for block in blocks for line in block.splitlines()] + inline:
        if match := _PROGRAM.match(re.sub(r"\s#\s.*", "", line)):
            yield shlex.split(match["words"].replace("…", " "))


def complaint(words: list[str], bulou: click.Group, targets: set[str]) -> str:
    """Why a command line cannot be right; empty where it can. Arguments in capitals are placeholders."""
    program, *rest = words
    if program == "make":
        asked = [word for word in rest if "=" not in word and not word.startswith("-")]
        return next((f"make has no target {name}" for name in asked if name not in targets), "")
    command: click.Command | None = bulou
    context = click.Context(bulou, info_name="bulou")
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-") and not rest[0].isupper():
        name = rest.pop(0)
        command = command.get_command(context, name)
        if command is None:
            return f"{context.command_path} has no command {name}"
        context = click.Context(command, parent=context, info_name=name)
    assert command
    known = {option for p in command.get_params(context) for option in [*p.opts, *p.secondary_opts]}
    given = [word.partition("=")[0] for word in rest if word.startswith("--")]
    unknown = [option for option in given if option not in known]
    return f"{context.command_path} has no option {unknown[0]}" if unknown else ""


def makefile_targets(makefile: str) -> dict[str, str]:
    """Target to its description."""
    return dict(re.findall(r"^([a-z-]+):[^#\n]*## (.+)$", makefile, re.MULTILINE))
