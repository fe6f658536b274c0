"""A paper as PDF, as a picture and as a Word file, with a code that leads to its verification."""

import base64
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import segno
import typst
from django.conf import settings

from bulou.kernel.errors import BulouError
from bulou.web.paper import filling, glyphs

HERE = Path(__file__).parent / "templates"
Data = Mapping[str, Any]
DOTS = 80
"""Dots an inch of a picture: a sheet is readable at half its size on a desk."""


def pdf(template: str, data: Data, verify_at: str) -> bytes:
    """A paper as PDF. BulouError where the font cannot draw a character in it: the Word file can."""
    made = _set(template, data, verify_at, "pdf")
    if not isinstance(made, bytes):
        raise TypeError("typst gave more than one document")
    return made


def pictures(template: str, data: Data, verify_at: str) -> list[str]:
    """A paper's sheets as addresses of pictures that hold the pictures themselves. BulouError as for `pdf`."""
    made = _set(template, data, verify_at, "png")
    sheets = made if isinstance(made, list) else [made]
    return [f"data:image/png;base64,{base64.b64encode(sheet).decode()}" for sheet in sheets]


def word(template: bytes, data: Data, kind: str = "") -> bytes:
    """A paper as a Word file, of a template of an office or of ours. BulouError where the template may not be used."""
    return filling.fill(template, dict(data), kind).content


def stock() -> bytes:
    """The Word template that counts where no office has its own: the one in `BULOU_PAPERS`, else ours."""
    own = settings.PAPERS / "paper.docx" if settings.PAPERS else None
    return (own if own and own.exists() else HERE / "paper.docx").read_bytes()


def _set(template: str, data: Data, verify_at: str, form: Literal["pdf", "png"]) -> bytes | list[bytes]:
    if lacking := glyphs.missing(_texts(data)):
        shown = " ".join(lacking)
        raise BulouError.of(
            "paper.glyph",
            f"内置字体没有这些字：{shown}。请下载 Word 文件，用本机字体打印。",
            f"The bundled font has no shape for: {shown}. Download the Word file and print it with a font of your own.",
        )
    given = {"data": json.dumps(data, ensure_ascii=False), "qr": _code(verify_at)}
    fonts = [str(folder) for folder in glyphs.folders()]
    made: bytes | list[bytes] = typst.compile(
        str(HERE / f"{template}.typ"),
        sys_inputs=given,
        font_paths=fonts,
        ignore_system_fonts=True,
        format=form,
        ppi=DOTS,
    )
    return made


def _code(address: str) -> str:
    """A QR code of an address, as an SVG."""
    made = io.BytesIO()
    segno.make(address, error="m").save(made, kind="svg", xmldecl=False, border=2)
    return made.getvalue().decode()


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
    else:
        yield str(value)
