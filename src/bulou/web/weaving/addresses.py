"""Addresses of pages, quickly: what Django looks up anew for each link is looked up once for each name of a page."""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from django.urls import get_resolver, get_script_prefix, get_urlconf, reverse

_plain = re.compile(r"[\w/.~:@-]*", re.ASCII).fullmatch


class Shape(NamedTuple):
    """An address with a gap for each of its parts, and what the whole must look like."""

    text: str
    pattern: re.Pattern[str]
    converters: tuple[Any, ...]


def address(name: str, *parts: Any) -> str:
    """The address of a page, as `reverse` gives it. NoReverseMatch where there is none."""
    shape = _shape(name, len(parts), get_urlconf(), get_script_prefix())
    if shape is None:
        return reverse(name, args=parts)
    try:
        made = shape.text % tuple(each.to_url(part) for each, part in zip(shape.converters, parts, strict=True))
    except ValueError:
        return reverse(name, args=parts)
    return made if _plain(made) and shape.pattern.match(made) and made[:2] != "//" else reverse(name, args=parts)


@lru_cache(maxsize=4096)
def _shape(name: str, count: int, urlconf: str | None, prefix: str) -> Shape | None:
    """How addresses of a name look; None where there are several ways to write them, or parts not all given."""
    ways = get_resolver(urlconf).reverse_dict.getlist(name)
    if len(ways) != 1:
        return None
    possible, pattern, defaults, converters = ways[0]
    if len(possible) != 1 or defaults or len(possible[0][1]) != count:
        return None
    result, params = possible[0]
    if any(param not in converters for param in params) or re.findall(r"%\((\w+)\)s", result) != list(params):
        return None
    text = prefix.replace("%", "%%") + re.sub(r"%\(\w+\)s", "%s", result)
    return Shape(text, re.compile(f"^{re.escape(prefix)}{pattern}"), tuple(converters[param] for param in params))
