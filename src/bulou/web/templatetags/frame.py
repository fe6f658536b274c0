"""The frame for base.html."""

from typing import Any

from django import template

from bulou.web.frame import Frame
from bulou.web.frame import frame as frame_of

register = template.Library()


@register.simple_tag(takes_context=True)
def frame(context: dict[str, Any]) -> Frame:
    """`{% frame as frame %}`."""
    return frame_of(context["request"])
