"""Python source in the making: lines, the objects they name, the names of a template where they stand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.template.base import FilterExpression, Node, TextNode, Variable
from django.utils.safestring import mark_safe

from bulou.web import words
from bulou.web.weaving.running import Constant

BUILT_IN = ("True", "False", "None")


class UnwovenError(Exception):
    """A template does what cannot be written as a function; Django runs it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The names of a template where a node stands.

    `names`: those held in Python variables; `loose`: of these variables, the ones that may hold nothing yet. `base`:
    the variable of the mapping where all others are found; empty for the context. `root`: what is set here is set in
    the context, where what follows the function finds it.
    """

    names: dict[str, str] = field(default_factory=dict)
    loose: frozenset[str] = frozenset()
    base: str = ""
    root: bool = False


class Source:
    """Lines of one function. What is to be put out is collected and written in one call as late as order allows."""

    def __init__(self) -> None:
        self.lines: list[str | None] = []
        self.bound: dict[str, Any] = {}
        self.used: set[str] = set()
        self._names: dict[int, str] = {}
        self._pieces: list[str | Node] = []
        self._depth = 1
        self._count = 0

    def fresh(self, letter: str) -> str:
        self._count += 1
        return f"{letter}{self._count}"

    def bind(self, value: object) -> str:
        """The variable by which the function knows an object."""
        name = self._names.get(id(value))
        if name is None:
            name = self._names[id(value)] = self.fresh("k")
            self.bound[name] = value
        return name

    def line(self, text: str) -> None:
        self.flush()
        self.lines.append("    " * self._depth + text)

    def later(self) -> int:
        """A place for a line that is known only when what follows is written."""
        self.flush()
        self.lines.append(None)
        return len(self.lines) - 1

    def fill(self, place: int, text: str) -> None:
        after = next(line for line in self.lines[place + 1 :] if line is not None)
        self.lines[place] = after[: len(after) - len(after.lstrip())] + text

    @contextmanager
    def within(self, head: str) -> Iterator[None]:
        """The lines of a block."""
        self.line(head)
        self._depth += 1
        before = len(self.lines)
        yield
        self.flush()
        if all(line is None for line in self.lines[before:]):
            self.line("pass")
        self._depth -= 1

    def say(self, expression: str) -> None:
        """Put out the string an expression gives."""
        self._pieces.append(expression)

    def constant(self, node: Node) -> None:
        """Put out what a node gives, which is the same for all readers of a language."""
        self._pieces.append(node)

    def flush(self) -> None:
        pieces, self._pieces = self._pieces, []
        written: list[str] = []
        for is_text, run in groupby(pieces, lambda piece: isinstance(piece, str)):
            together = list(run)
            written += map(str, together) if is_text else [self._ready(together)]
        if len(written) == 1:
            self.lines.append("    " * self._depth + f"add({written[0]})")
        elif written:
            self.lines.append("    " * self._depth + f"extend(({', '.join(written)}))")

    def _ready(self, nodes: list[Any]) -> str:
        if all(type(node) is TextNode for node in nodes):
            return repr("".join(node.s for node in nodes))
        return f"{self.bind(Constant(nodes))}[lang]"

    def found(self, scope: Scope, name: str) -> str:
        """The expression for a name; MISSING where it leads nowhere."""
        if name in BUILT_IN:
            return name
        variable = scope.names.get(name)
        if variable:
            self.used.add(variable)
            if variable not in scope.loose:
                return variable
        is_own = scope.base and name != "csrf_token"
        below = f"entry({scope.base}, {name!r})" if is_own else f"look(ctx, {name!r})"
        return f"({variable} if {variable} is not MISSING else {below})" if variable else below

    def variable(self, variable: Variable, scope: Scope, missing: str) -> str:
        """The expression for `a.b.c` or a literal. `missing`: what stands for a name that leads nowhere."""
        if variable.translate or (variable.lookups and "parentloop" in variable.lookups):
            raise UnwovenError(variable.var)
        if variable.lookups is None:
            return self.bind(variable.literal)
        first, *rest = variable.lookups
        text = self.found(scope, first)
        for bit in rest:
            text = f"at({text}, {bit!r})"
        if not missing or text in BUILT_IN or text.isidentifier():
            return text
        held = self.fresh("t")
        return f"({held} if ({held} := {text}) is not MISSING else {missing})"

    def value(self, given: FilterExpression | Any, scope: Scope, missing: str = "''") -> str:
        """The expression for a value with its filters. `missing` as in `variable`."""
        if given.filters:
            missing = missing or "''"
        text = self.variable(given.var, scope, missing) if given.is_var else self.bind(given.var)
        for function, given_to in given.filters:
            rest = [
                self.variable(value, scope, "''") if looked_up else self.bind(mark_safe(value))  # noqa: S308
                for looked_up, value in given_to
            ]
            if getattr(function, "expects_localtime", False):
                text = f"local({text}, ctx.use_tz)"
            if getattr(function, "needs_autoescape", False):
                rest.append("autoescape=True")
            of = ", ".join([text, *rest])
            if function is words.say:
                text = f"{self.bind(words.say_in)}({text}, lang)"
                continue
            name = self.bind(function)
            text = f"kept_safe({name}, {of})" if getattr(function, "is_safe", False) else f"{name}({of})"
        return text

    def condition(self, token: Any, scope: Scope, missing: str = "") -> str:
        """The expression for an `if`."""
        if token.id == "literal":
            given: FilterExpression = token.value
            return self.value(given, scope, missing or ("None" if given.filters else ""))
        if token.id == "not":
            return f"(not {self.condition(token.first, scope)})"
        compared = "" if token.id in ("and", "or") else "None"
        one, other = (self.condition(side, scope, compared) for side in (token.first, token.second))
        if token.id in ("and", "or", "==", "!=", "is", "is not"):
            return f"({one} {token.id} {other})"
        return f"holds({token.id!r}, {one}, {other})"
