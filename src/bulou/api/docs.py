"""The list of addresses as a page of its own: no script, nothing from elsewhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title} {version}</title></head>
<body><h1>{title} {version}</h1>
<p><a href="{url}">OpenAPI</a> · docs/reference/api.md</p>
<table>{rows}</table></body></html>
"""
_ROW = "<tr><td><code>{}</code></td><td><code>{}</code></td><td>{}</td></tr>"


class PlainDocs(DocsBase):
    """Every operation of the OpenAPI document in one table."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        schema = api.get_openapi_schema(path_params=kwargs)
        rows = [
            (method.upper(), path, operation.get("description", ""))
            for path, operations in schema["paths"].items()
            for method, operation in operations.items()
        ]
        url = self.get_openapi_url(api, kwargs)
        return HttpResponse(
            format_html(_PAGE, title=api.title, version=api.version, url=url, rows=format_html_join("\n", _ROW, rows))
        )
