"""From a parsed template to a function: one method for each tag that is written out."""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from typing import Any

from django.template import Context, Engine, defaulttags
from django.template.base import FilterExpression, Node, NodeList, TextNode, VariableNode
from django.template.library import InclusionNode, SimpleNode
from django.template.loader_tags import IncludeNode
from django.templatetags.i18n import BlockTranslateNode, GetCurrentLanguageNode, TranslateNode
from django.templatetags.static import StaticNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from bulou.web.weaving import parsed, running
from bulou.web.weaving.addresses import address
from bulou.web.weaving.source import Scope, Source, UnwovenError

Written = Callable[..., SafeString]


class Writer:
    """Writes the nodes of one function. `within`: the templates being written, outermost first."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.source = Source()
        self.within: list[str] = []

    def nodes(self, nodes: Iterable[Node], scope: Scope) -> None:
        for node in nodes:
            _HOW.get(type(node), Writer.left)(self, node, scope)

    def inner(self, nodes: Sequence[Node], scope: Scope, names: dict[str, str], base: str = "") -> Scope:
        """A scope of its own for nodes: what they set is forgotten when it ends."""
        own = {name: self.source.fresh("v") for name in sorted(set(parsed.assigned(nodes)))}
        for variable in own.values():
            self.source.line(f"{variable} = MISSING")
        kept = {} if base else scope.names
        loose = frozenset(own.values()) | (frozenset() if base else scope.loose)
        return Scope(kept | names | own, loose, base or scope.base)

    def left(self, node: Node, scope: Scope) -> None:
        """What Django runs itself, with all names in its context."""
        known = self.source.bind(node)
        if scope.root:
            self.source.say(f"{known}.render_annotated(ctx)")
            return
        if parsed.assigned([node]):
            raise UnwovenError(type(node).__name__)
        self.source.used.update(scope.names.values())
        names = ", ".join(f"{name!r}: {variable}" for name, variable in scope.names.items())
        with self.source.within(f"with pushed(ctx, {scope.base or None}, {{{names}}}) as inner:"):
            self.source.line(f"add({known}.render_annotated(inner))")

    def set(self, name: str, expression: str, scope: Scope) -> None:
        """`as name`."""
        self.source.line(f"ctx[{name!r}] = {expression}" if scope.root else f"{scope.names[name]} = {expression}")

    def text(self, node: TextNode, scope: Scope) -> None:
        self.source.constant(node)

    def nothing(self, node: Node, scope: Scope) -> None:
        """Tags that leave no trace."""

    def put(self, node: VariableNode, scope: Scope) -> None:
        self.source.say(f"put({self.source.value(node.filter_expression, scope, '')}, ctx)")

    def choice(self, node: defaulttags.IfNode, scope: Scope) -> None:
        word = "if"
        for condition, nodes in parsed.branches(node):
            head = "else:" if condition is None else f"{word} {self.source.condition(condition, scope)}:"
            if word == "if" and condition is None:
                head = "if True:"
            with self.source.within(head):
                self.nodes(nodes, scope)
            word = "elif"

    def loop(self, node: defaulttags.ForNode, scope: Scope) -> None:
        source, over, index = self.source, self.source.fresh("v"), self.source.fresh("i")
        source.line(f"{over} = listed({source.value(node.sequence, scope, 'None')})")
        with source.within(f"if len({over}) > 0:"):
            names = {name: source.fresh("v") for name in node.loopvars}
            place = source.fresh("v")
            inner = self.inner(parsed.body(node), scope, names | {"forloop": place})
            items = f"reversed({over})" if node.is_reversed else over
            item = source.fresh("v")
            with source.within(f"for {index}, {item} in enumerate({items}):"):
                counted = source.later()
                taken = item if len(names) == 1 else f"parts({item}, {len(names)})"
                source.line(f"{', '.join(names.values())} = {taken}")
                self.nodes(parsed.body(node), inner)
            if place in source.used:
                source.fill(counted, f"{place} = position({index}, len({over}))")
        if parsed.instead(node):
            with source.within("else:"):
                self.nodes(parsed.instead(node), self.inner(parsed.instead(node), scope, {}))

    def naming(self, node: defaulttags.WithNode, scope: Scope) -> None:
        names = self._given(node.extra_context, scope)
        self.nodes(node.nodelist, self.inner(node.nodelist, scope, names))

    def include(self, node: IncludeNode, scope: Scope) -> None:
        name = node.template.var
        is_known = not node.template.is_var and not node.template.filters and isinstance(name, str)
        if node.isolated_context or (is_known and name.startswith(".")):
            self.left(node, scope)
            return
        if not is_known or name in self.within:
            self._piece(node, scope)
            return
        nodes = self.engine.get_template(name).nodelist
        if parsed.has_blocks(nodes):
            self.left(node, scope)
            return
        names = self._given(node.extra_context, scope)
        self.within.append(name)
        self.nodes(nodes, self.inner(nodes, scope, names))
        self.within.pop()

    def _piece(self, node: IncludeNode, scope: Scope) -> None:
        """A template whose name is known only when it runs: a function of its own, given the names it may use."""
        if scope.base:
            self.left(node, scope)
            return
        names = scope.names | self._given(node.extra_context, scope)
        self.source.used.update(names.values())
        pieces = self.source.bind(Pieces(self.engine, tuple(names)))
        values = "".join(f", {variable}" for variable in names.values())
        self.source.say(f"{pieces}[{self.source.value(node.template, scope)}](ctx{values})")

    def _given(self, values: dict[str, FilterExpression], scope: Scope) -> dict[str, str]:
        names = {name: self.source.fresh("v") for name in values}
        for name, value in values.items():
            self.source.line(f"{names[name]} = {self.source.value(value, scope)}")
        return names

    def _call(self, node: SimpleNode | InclusionNode, scope: Scope) -> str:
        given = [self.source.value(value, scope) for value in node.args]
        given += [f"{name}={self.source.value(value, scope)}" for name, value in node.kwargs.items()]
        return f"{self.source.bind(node.func)}({', '.join(given)})"

    def simple(self, node: SimpleNode, scope: Scope) -> None:
        if node.takes_context:
            self.left(node, scope)
        elif node.target_var is not None:
            self.set(node.target_var, self._call(node, scope), scope)
        elif parsed.is_same(node.func) and all(map(parsed.is_fixed, [*node.args, *node.kwargs.values()])):
            self.source.constant(node)
        else:
            self.source.say(f"shown({self._call(node, scope)})")

    def inclusion(self, node: InclusionNode, scope: Scope) -> None:
        name = node.filename
        nodes = self.engine.get_template(name).nodelist if isinstance(name, str) else NodeList()
        if node.takes_context or not isinstance(name, str) or name in self.within or parsed.has_blocks(nodes):
            self.left(node, scope)
            return
        base = self.source.fresh("d")
        self.source.line(f"{base} = {self._call(node, scope)}")
        self.within.append(name)
        self.nodes(nodes, self.inner(nodes, scope, {}, base))
        self.within.pop()

    def translate(self, node: TranslateNode, scope: Scope) -> None:
        if not parsed.is_fixed(node.filter_expression) or (
            node.message_context and not parsed.is_fixed(node.message_context)
        ):
            self.left(node, scope)
        elif node.asvar:
            plain = copy(node)
            plain.asvar = None
            self.set(node.asvar, f"{self.source.bind(running.Constant([plain]))}[lang]", scope)
        else:
            self.source.constant(node)

    def sentence(self, node: BlockTranslateNode, scope: Scope) -> None:
        if node.message_context:
            self.left(node, scope)
            return
        given = self._given(node.extra_context, scope)
        inner = Scope(scope.names | given, scope.loose, scope.base)
        one, names = node.render_token_list(node.singular)
        if node.plural and node.countervar and node.counter:
            count = self._given({node.countervar: node.counter}, inner)
            inner = Scope(inner.names | count, inner.loose, inner.base)
            many, more = node.render_token_list(node.plural)
            names = [*names, *more]
            head = f"said_of({one!r}, {many!r}, {count[node.countervar]}"
        else:
            head = f"{self.source.bind(running.Sentence(one))}.said(lang"
        values = ", ".join(f"{name!r}: put({self.source.found(inner, name)}, ctx)" for name in dict.fromkeys(names))
        text = f"{head}, {{{values}}})"
        self.set(node.asvar, f"SafeString({text})", scope) if node.asvar else self.source.say(text)

    def url(self, node: defaulttags.URLNode, scope: Scope) -> None:
        name = node.view_name
        is_fixed = not name.is_var and not name.filters
        if node.kwargs or (is_fixed and ":" in name.var):
            self.left(node, scope)
        elif is_fixed and not node.args and not node.asvar:
            self.source.constant(node)
        else:
            given = ", ".join(self.source.value(value, scope) for value in (name, *node.args))
            found = f"or_none(lambda: address({given}))" if node.asvar else f"shown(address({given}))"
            self.set(node.asvar, found, scope) if node.asvar else self.source.say(found)

    def static(self, node: StaticNode, scope: Scope) -> None:
        self.source.constant(node) if node.varname is None and parsed.is_fixed(node.path) else self.left(node, scope)

    def token(self, node: defaulttags.CsrfTokenNode, scope: Scope) -> None:
        self.source.say("(proof := proof or token(ctx))")

    def first(self, node: defaulttags.FirstOfNode, scope: Scope) -> None:
        each = " or ".join(self.source.value(value, scope, "None") for value in node.vars)
        text = f"put({each} or '', ctx)"
        self.set(node.asvar, text, scope) if node.asvar else self.source.say(text)

    def language(self, node: GetCurrentLanguageNode, scope: Scope) -> None:
        self.set(node.variable, "lang", scope)


class Pieces(dict[str, Written]):
    """Templates included by a name known only at run time, as functions of the names around them."""

    def __init__(self, engine: Engine, names: tuple[str, ...]) -> None:
        self.engine = engine
        self.names = names

    def __missing__(self, name: str) -> Written:
        template = self.engine.get_template(name)
        piece = (
            None if parsed.has_blocks(template.nodelist) else written(self.engine, template.nodelist, self.names, name)
        )
        made = self[name] = piece or self._plain(template)
        return made

    def _plain(self, template: Any) -> Written:
        def run(context: Context, *values: Any) -> SafeString:
            with running.pushed(context, None, dict(zip(self.names, values, strict=True))) as inner:
                text: SafeString = template.render(inner)
                return text

        return run


def written(
    engine: Engine, nodes: Sequence[Node], names: tuple[str, ...] | None = None, within: str = ""
) -> Written | None:
    """The function of a piece: of the context and of the values of `names`. None where Django must run it."""
    writer = Writer(engine)
    writer.within.append(within)
    held = {name: writer.source.fresh("v") for name in names or ()}
    try:
        top = Scope(root=True) if names is None else Scope(held, frozenset(held.values()))
        writer.nodes(nodes, top if names is None else writer.inner(nodes, top, {}))
        writer.source.flush()
    except UnwovenError:
        return None
    head = ", ".join(["ctx", *held.values()])
    lines = [
        f"def run({head}):",
        "    out = []",
        "    add, extend, lang, proof = out.append, out.extend, get_language(), ''",
    ]
    text = "\n".join([*lines, *filter(None, writer.source.lines), "    return SafeString(''.join(out))"])
    space = {
        **vars(running),
        "SafeString": SafeString,
        "get_language": get_language,
        "address": address,
        **writer.source.bound,
    }
    exec(compile(text, f"<woven {within}>", "exec"), space)  # noqa: S102  (our own source, from our own templates)
    run: Written = space["run"]
    return run


_HOW: dict[type[Node], Callable[[Writer, Any, Scope], None]] = {
    TextNode: Writer.text,
    VariableNode: Writer.put,
    defaulttags.LoadNode: Writer.nothing,
    defaulttags.CommentNode: Writer.nothing,
    defaulttags.IfNode: Writer.choice,
    defaulttags.ForNode: Writer.loop,
    defaulttags.WithNode: Writer.naming,
    IncludeNode: Writer.include,
    SimpleNode: Writer.simple,
    InclusionNode: Writer.inclusion,
    TranslateNode: Writer.translate,
    BlockTranslateNode: Writer.sentence,
    defaulttags.URLNode: Writer.url,
    StaticNode: Writer.static,
    defaulttags.CsrfTokenNode: Writer.token,
    defaulttags.FirstOfNode: Writer.first,
    GetCurrentLanguageNode: Writer.language,
}
