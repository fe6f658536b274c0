"""Answers as JSON: Chinese as it is, instants in China's time with every digit."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja.renderers import BaseRenderer
from ninja.responses import NinjaJSONEncoder

from bulou.kernel.clock import SHANGHAI


class Encoder(NinjaJSONEncoder):
    """Instants as `2020-02-10T08:00:00+08:00`, the way facts and duties travel."""

    def default(self, o: Any) -> Any:
        return o.astimezone(SHANGHAI).isoformat() if isinstance(o, datetime) else super().default(o)


class Renderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        return dump(data)


def dump(data: Any) -> str:
    """JSON text. ValueError where a number is not one (NaN never leaves)."""
    return json.dumps(data, cls=Encoder, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
