"""What woven functions call while they run. Each does what Django's node does, for the same values."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from inspect import signature
from operator import contains, ge, gt, le, lt
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.base import Node, render_value_in_context
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.translation import gettext, ngettext

MISSING: Any = type("Missing", (), {"__bool__": lambda self: False, "__slots__": ()})()
"""A name that leads nowhere."""
_special = re.compile("[&<>\"']").search
_has_items: dict[type, bool] = {}


def look(context: Context, name: str) -> Any:
    """The value of a name in a context."""
    for names in reversed(context.dicts):
        if name in names:
            found = names[name]
            return called(found) if callable(found) else found
    return MISSING


def entry(names: Mapping[str, Any], name: str) -> Any:
    """The value of a name among those a tag gave its template."""
    found = names.get(name, MISSING)
    return called(found) if callable(found) else found


def local(value: Any, use_tz: bool | None) -> Any:
    """An instant in the reader's time zone."""
    return timezone.template_localtime(value, use_tz)  # type: ignore[attr-defined]


def or_none(find: Callable[[], str]) -> str:
    """An address, empty where there is none."""
    try:
        return find()
    except NoReverseMatch:
        return ""


def at(value: Any, bit: str) -> Any:
    """What `value.bit` means in a template: an entry, an attribute, or an element; called where it can be."""
    kind = type(value)
    subscribed = _has_items.get(kind)
    if subscribed is None:
        subscribed = _has_items[kind] = hasattr(kind, "__getitem__")
    try:
        found = _entry(value, bit) if subscribed else getattr(value, bit)
        return called(found) if callable(found) else found
    except (TypeError, AttributeError):
        if value is not MISSING and bit in dir(value):
            raise
        return MISSING
    except Exception as error:
        if getattr(error, "silent_variable_failure", False):
            return ""
        raise


def _entry(value: Any, bit: str) -> Any:
    try:
        return value[bit]
    except (TypeError, AttributeError, KeyError, ValueError, IndexError):
        pass
    try:
        return getattr(value, bit)
    except (TypeError, AttributeError):
        if bit in dir(value):
            raise
    try:
        return value[int(bit)]
    except (IndexError, ValueError, KeyError, TypeError):
        return MISSING


def called(found: Any) -> Any:
    """The result of what can be called without arguments; nothing where it needs them or would change data."""
    if not callable(found) or getattr(found, "do_not_call_in_templates", False):
        return found
    if getattr(found, "alters_data", False):
        return ""
    try:
        return found()
    except TypeError:
        try:
            signature(found).bind()
        except (TypeError, ValueError):
            return ""
        raise


def put(value: Any, context: Context) -> str:
    """A value as the page shows it: localised and escaped."""
    kind = type(value)
    if kind is str:
        return escape(value) if _special(value) else value
    if kind is SafeString or value is MISSING:
        return value or ""
    if kind is int and not settings.USE_THOUSAND_SEPARATOR:
        return str(value)
    return shown(str(value)) if isinstance(value, Promise) else render_value_in_context(value, context)


def shown(value: Any) -> str:
    """What a tag gave, escaped."""
    kind = type(value)
    if kind is SafeString:
        return value  # type: ignore[no-any-return]
    return escape(value) if kind is str and _special(value) else value if kind is str else conditional_escape(value)


def kept_safe(function: Any, value: Any, *rest: Any, **more: Any) -> Any:
    """A filter that leaves safe text safe."""
    made = function(value, *rest, **more)
    return mark_safe(made) if isinstance(value, SafeData) else made  # noqa: S308  (as the filter declares)


def listed(value: Any) -> Any:
    """What a loop goes over, with a length."""
    if value is None:
        return ()
    return value if hasattr(value, "__len__") else list(value)


def parts(item: Any, count: int) -> Any:
    """An item taken apart for several names. ValueError where it has not as many."""
    length = len(item) if hasattr(item, "__len__") else 1
    if length != count:
        raise ValueError(f"Need {count} values to unpack in for loop; got {length}.")
    return item


def position(index: int, count: int) -> dict[str, Any]:
    """`forloop`."""
    return {
        "counter0": index,
        "counter": index + 1,
        "revcounter": count - index,
        "revcounter0": count - index - 1,
        "first": index == 0,
        "last": index == count - 1,
    }


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "in": lambda one, many: contains(many, one),
}


def holds(operator: str, one: Any, other: Any) -> bool:
    """A comparison; false where the two cannot be compared."""
    try:
        if operator == "not in":
            return not contains(other, one)
        return bool(_ORDER[operator](one, other))
    except Exception:
        return False


class Sentence(dict[str | None, str]):
    """A sentence in each language, before its values are in place."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __missing__(self, language: str | None) -> str:
        made = self[language] = gettext(self.text)
        return made

    def said(self, language: str | None, values: Mapping[str, str]) -> str:
        """The sentence with its values; as it was written where its translation does not take them."""
        try:
            return self[language] % values
        except (KeyError, ValueError):
            return self.text % values


def said_of(one: str, many: str, count: Any, values: Mapping[str, str]) -> str:
    """The same for a sentence that depends on a number."""
    try:
        return ngettext(one, many, count) % values
    except (KeyError, ValueError):
        return (one if count == 1 else many) % values


def token(context: Context) -> str:
    """The hidden field that proves a form is ours."""
    found = look(context, "csrf_token")
    if not found or found == "NOTPROVIDED":
        return ""
    return f'<input type="hidden" name="csrfmiddlewaretoken" value="{conditional_escape(found)}">'


@contextmanager
def pushed(context: Context, base: Mapping[str, Any] | None, names: Mapping[str, Any]) -> Iterator[Context]:
    """A context with the names of a function, for what is left to Django."""
    inner = context if base is None else context.new(dict(base))
    with inner.push(**{name: value for name, value in names.items() if value is not MISSING}):
        yield inner


class Constant(dict[str | None, str]):
    """What is the same for every reader of a language: made once for each."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = nodes

    def __missing__(self, language: str | None) -> str:
        made = self[language] = "".join(node.render(Context()) for node in self.nodes)
        return made
