"""What a template may say: fields, `if` and `for`, a few filters. Whatever else Jinja knows is refused before it runs.

A template comes from outside, so it is kept in three walls: Jinja's own sandbox; this list of what may stand in it, by
which it cannot call, compute, import or reach into an object; and a limit to loops in loops, so that it ends.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import nodes
from jinja2.environment import Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from rapidfuzz import process

from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.text import Text
from bulou.web.paper.fields import Shape, shape

FILTERS = frozenset({"upper", "lower", "trim", "length", "default", "join", "first", "last"})
DEEPEST = 2
"""Loops within each other; two go through every list there is."""
NEAR = 60
"""Likeness, of a hundred, from which a field is offered for one that is not known."""
PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const, nodes.If,
    nodes.For, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.CondExpr,
)  # fmt: skip
LOOP: Mapping[str, Shape] = dict.fromkeys(("index", "first", "last", "length"))
Known = Mapping[str, Shape]


class UnknownError(BulouError):
    """Something a template may not say. `word`: the word that is wrong, to find its place by."""

    word = ""

    @classmethod
    def field(cls, name: str, known: Known) -> "UnknownError":
        near = process.extractOne(name, list(known), score_cutoff=NEAR)
        hint = Text(zh=f"是不是“{near[0]}”？", en=f"Is {near[0]} meant?") if near else None
        text = Text(zh=f"没有“{name}”这个字段。", en=f"There is no field {name}.")
        return cls._of("paper.field", text, hint, name)

    @classmethod
    def tag(cls, what: str) -> "UnknownError":
        text = Text(zh=f"模板中不能使用“{what}”。", en=f"A template may not use {what}.")
        hint = Text(zh="只能使用字段、if、for 和列出的过滤器。", en="Only fields, if, for and the filters listed.")
        return cls._of("paper.tag", text, hint, what)

    @classmethod
    def _of(cls, code: str, text: Text, remedy: Text | None, word: str) -> "UnknownError":
        made = cls(Problem(code, text, remedy))
        made.word = word
        return made


class PaperEnvironment(ImmutableSandboxedEnvironment):
    """Jinja for papers of a kind (empty: of every kind). `named`: the fields its templates named so far."""

    def __init__(self, kind: str = "") -> None:
        super().__init__(autoescape=True)
        self.known = shape(kind)
        self.named: set[str] = set()

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Template:
        """A template, once all that stands in it is allowed. BulouError where something is not."""
        tree = self.parse(source)
        self._walk(tree, self.known, 0)
        return super().from_string(tree, globals, template_class)

    def _walk(self, node: nodes.Node, known: Known, depth: int) -> None:
        if not isinstance(node, PLAIN):
            raise UnknownError.tag(type(node).__name__.lower())
        if isinstance(node, nodes.For):
            self._loop(node, known, depth)
            return
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            raise UnknownError.tag(node.name)
        if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            self._shape(node, known)
            return
        for child in _children(node):
            self._walk(child, known, depth)

    def _loop(self, node: nodes.For, known: Known, depth: int) -> None:
        if node.recursive or not isinstance(node.target, nodes.Name) or depth >= DEEPEST:
            raise UnknownError.tag("for … for … for" if depth >= DEEPEST else "for")
        self._walk(node.iter, known, depth)
        over = self._shape(node.iter, known) if isinstance(node.iter, nodes.Name | nodes.Getattr) else None
        each = over[0] if isinstance(over, list) else None
        inner = {**known, node.target.name: each, "loop": LOOP}
        for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
            self._walk(child, inner, depth + 1)

    def _shape(self, node: nodes.Node, known: Known) -> Shape:
        """What an expression that names fields is of. UnknownError where a field is not known."""
        if isinstance(node, nodes.Name):
            return self._field(node.name, node.name, known)
        if isinstance(node, nodes.Getattr | nodes.Getitem):
            within = self._shape(node.node, known)
            name = node.attr if isinstance(node, nodes.Getattr) else getattr(node.arg, "value", None)
            if isinstance(within, list) and isinstance(name, int):
                return within[0]
            return self._field(str(name), f"{_path(node.node)}.{name}", within if isinstance(within, dict) else {})
        raise UnknownError.tag(type(node).__name__.lower())

    def _field(self, name: str, path: str, known: Known) -> Shape:
        if name not in known:
            raise UnknownError.field(name, known)
        self.named.add(path)
        return known[name]


def _children(node: nodes.Node) -> Iterator[nodes.Node]:
    yield from node.iter_child_nodes()


def _path(node: nodes.Node) -> str:
    return node.name if isinstance(node, nodes.Name) else ""
