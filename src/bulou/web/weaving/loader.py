"""The loader of templates: each is parsed once, and each of its pieces woven when it is first shown."""

from collections.abc import Callable
from typing import Any

from django.template import Context, Engine, Template
from django.template.base import NodeList
from django.template.loader_tags import ExtendsNode
from django.template.loaders import cached
from django.utils.safestring import SafeString

from bulou.web.weaving.parsed import blocks
from bulou.web.weaving.writing import written


class Woven(NodeList):
    """A piece of a template that runs as one function; its nodes stay what they are, for whoever looks for blocks."""

    def __init__(self, engine: Engine, nodes: NodeList, name: str) -> None:
        super().__init__(nodes)
        self.engine = engine
        self.name = name
        self._run: Callable[[Context], SafeString] | None = None
        self._is_plain = False

    def render(self, context: Context) -> SafeString:
        if self._run is None and not self._is_plain:
            self._run = written(self.engine, self, within=self.name)
            self._is_plain = self._run is None
        if self._run is None or not context.autoescape:
            return super().render(context)
        return self._run(context)


class Loader(cached.Loader):
    """Templates of other loaders, parsed once and woven; as they are where templates are debugged."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        template: Template = super().get_template(template_name, skip)
        if not self.engine.debug and not isinstance(template.nodelist, Woven) and not hasattr(template, "woven"):
            weave(template)
        return template


def weave(template: Template) -> None:
    """Let the pieces of a template run as functions."""
    name = template.name or ""
    for block in blocks(template.nodelist):
        block.nodelist = Woven(template.engine, block.nodelist, f"{name} {block.name}")
    if not any(isinstance(node, ExtendsNode) for node in template.nodelist):
        template.nodelist = Woven(template.engine, template.nodelist, name)
    template.woven = True  # type: ignore[attr-defined]
