"""What is in a parsed template: its branches, what it sets, what it leaves to inheritance."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.template.base import FilterExpression, Node, NodeList
from django.template.defaulttags import ForNode, IfNode
from django.template.loader_tags import BlockNode, ExtendsNode

SAME = ("icon", "state")
"""Tags of the house that give the same for the same words."""


def branches(node: IfNode) -> Any:
    """(condition, nodes) of each branch; the condition of `else` is None."""
    return node.conditions_nodelists


def body(node: ForNode) -> Any:
    """What a loop repeats."""
    return node.nodelist_loop


def instead(node: ForNode) -> Any:
    """What stands for a loop over nothing."""
    return node.nodelist_empty


def blocks(nodes: NodeList) -> list[Any]:
    """Blocks among nodes, at any depth."""
    found: list[Any] = nodes.get_nodes_by_type(BlockNode)
    return found


def has_blocks(nodes: NodeList) -> bool:
    """True where a template takes part in inheritance, which Django sees to."""
    return bool(blocks(nodes) or nodes.get_nodes_by_type(ExtendsNode))


def assigned(nodes: Iterable[Node]) -> Iterator[str]:
    """What nodes set by `as`, not looking into what has a scope of its own."""
    for node in nodes:
        if isinstance(node, IfNode):
            yield from assigned(node)
        for attribute in ("asvar", "target_var", "varname", "variable"):
            if isinstance(name := getattr(node, attribute, None), str):
                yield name


def is_fixed(value: FilterExpression) -> bool:
    """True for a literal."""
    return not value.is_var or value.var.lookups is None


def is_same(function: Any) -> bool:
    """True for a tag that gives the same for the same words, in one language."""
    return getattr(function, "__name__", "") in SAME
