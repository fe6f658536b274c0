"""YAML as plain data that remembers its lines. Core types only: text, whole and decimal numbers, true and false, null.

Words such as `on`, `no` and `12:30`, and dates, stay text. Anchors, tags and repeated keys are refused.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bulou.kernel.errors import Problem
from bulou.kernel.numbers import DIGITS, NumberError, exact, whole
from bulou.kernel.text import Text

_TAG = "tag:yaml.org,2002:"
Location = tuple[str | int, ...]


DEEPEST = 100
"""How deep a file may be nested: far beyond any plan, and short of what the quick parser's stack bears."""


class _Core(yaml.CSafeLoader):
    """The quick parser."""

    yaml_implicit_resolvers = {}


class _Plain(yaml.SafeLoader):
    """The slow parser, which says best what is wrong."""

    yaml_implicit_resolvers = {}


for _name, _pattern in {
    "null": r"~|null|",
    "bool": r"true|false",
    "int": r"[-+]?(0|[1-9][0-9]*)",
    "float": r"[-+]?[0-9]+\.[0-9]+",
}.items():
    for _loader in (_Core, _Plain):
        _loader.add_implicit_resolver(_TAG + _name, re.compile(rf"(?:{_pattern})\Z"), None)

_SCALARS: dict[str, Callable[[str], Any]] = {
    _TAG + "str": str,
    _TAG + "null": lambda _: None,
    _TAG + "bool": lambda text: text == "true",
    _TAG + "int": whole,
    _TAG + "float": exact,
}


@dataclass
class Tree:
    """A file's data, the line of each part, and what was wrong with its form. `file` is as errors name it."""

    file: str
    data: Any = None
    lines: dict[Location, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def where(self, location: Location) -> str:
        """`file:line` of the deepest part of `location` that is in the file."""
        return f"{self.file}:{self.lines.get(self.known(location), 1)}"

    def known(self, location: Location) -> Location:
        """`location` without the steps the file does not have (an absent key, a validator's own label)."""
        found: Location = ()
        for step in location:
            if (*found, step) in self.lines:
                found = (*found, step)
        return found

    def complain(self, code: str, location: Location, text: Text, remedy: Text | None = None) -> None:
        self.problems.append(Problem(code, text, remedy, self.where(location), field_name(location)))


def read_tree(path: Path, file: str) -> Tree:
    """One YAML file; what is wrong with it is in `problems`, never raised."""
    tree = Tree(file)
    try:
        content = path.read_text(encoding="utf-8")
        node = _compose(content)
        if node is not None:
            tree.data = _build(node, (), tree, set())
    except yaml.reader.ReaderError as error:
        tree.lines[()] = content.count("\n", 0, error.position) + 1
        sign = f"U+{error.character:04X}"
        said = Text(zh=f"不能有字符 {sign}。", en=f"The character {sign} cannot be here.")
        tree.complain("bad_character", (), said, Text(zh="请删去。", en="Take it out."))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        tree.lines[()] = mark.line + 1 if mark else 1
        reason = getattr(error, "problem", None) or str(error)
        tree.complain("bad_yaml", (), Text(zh=f"不是合法的 YAML：{reason}。", en=f"This is not valid YAML: {reason}."))
    except UnicodeDecodeError:
        text = Text(zh="文件不是 UTF-8 编码。", en="The file is not UTF-8.")
        tree.complain("bad_encoding", (), text, Text(zh="请另存为 UTF-8。", en="Save it as UTF-8."))
    except RecursionError:
        tree.complain("too_deep", (), Text(zh="嵌套太深。", en="The file is nested too deeply."))
    except OSError as error:
        tree.complain("unreadable", (), Text(zh=f"读不到文件：{error}。", en=f"The file cannot be read: {error}."))
    return tree


def _compose(text: str) -> yaml.Node | None:
    """The nodes of a document. YAMLError where it is not valid, RecursionError where it is nested too deeply."""
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_Core):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise RecursionError
        return yaml.compose(text, Loader=_Core)
    except yaml.YAMLError:
        return yaml.compose(text, Loader=_Plain)


def field_name(location: Location) -> str:
    """The keys after the last list position, dotted; a trailing position is left out."""
    while location and isinstance(location[-1], int):
        location = location[:-1]
    positions = [index for index, step in enumerate(location) if isinstance(step, int)]
    return ".".join(map(str, location[positions[-1] + 1 :] if positions else location))


def _build(node: yaml.Node, location: Location, tree: Tree, seen: set[int]) -> Any:
    tree.lines.setdefault(location, node.start_mark.line + 1)
    if id(node) in seen:
        text = Text(zh="不支持 YAML 锚点与引用。", en="Anchors and aliases are not part of the plan language.")
        if not any(problem.code == "alias" for problem in tree.problems):
            tree.complain("alias", location, text, Text(zh="请写全内容。", en="Write the content out."))
        return None
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, location, tree, seen)
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*location, index), tree, seen) for index, item in enumerate(node.value)]
    if node.tag not in _SCALARS:
        tree.complain("tag", location, Text(zh=f"不支持标签 {node.tag}。", en=f"The tag {node.tag} is not supported."))
        return None
    return _scalar(node, location, tree)


def _scalar(node: yaml.Node, location: Location, tree: Tree) -> Any:
    if "\0" in node.value:
        text = Text(zh="文字里有空字符。", en="The text holds a null character.")
        tree.complain("bad_character", location, text, Text(zh="请删去。", en="Take it out."))
        return None
    try:
        return _SCALARS[node.tag](node.value)
    except NumberError:
        text = Text(zh="数字太长。", en="The number is too long.")
        tree.complain("long_number", location, text, Text(zh=f"最多 {DIGITS} 位。", en=f"At most {DIGITS} digits."))
        return None


def _mapping(node: yaml.MappingNode, location: Location, tree: Tree, seen: set[int]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        here = (*location, name)
        if not name:
            tree.complain("bad_key", location, Text(zh="键必须是文字。", en="A key must be a word."))
        elif name in data:
            first = tree.lines[here]
            tree.lines[here] = key.start_mark.line + 1
            text = Text(zh=f"键 {name} 已写在第 {first} 行。", en=f"The key {name} is already on line {first}.")
            tree.complain("repeated_key", here, text, Text(zh="合并或删去一处。", en="Join the two or drop one."))
        else:
            tree.lines[here] = key.start_mark.line + 1
            data[name] = _build(value, here, tree, seen)
    return data
