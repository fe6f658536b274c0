"""A paper as PDF and as a Word file, with a code that leads to its verification."""

import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings
from docxtpl import DocxTemplate  # type: ignore[import-untyped]

from bulou.kernel.errors import BulouError
from bulou.web.paper import glyphs

HERE = Path(__file__).parent / "templates"
Data = Mapping[str, Any]


def pdf(template: str, data: Data, verify_at: str) -> bytes:
    """A paper as PDF. BulouError where the font cannot draw a character in it: the Word file can."""
    if lacking := glyphs.missing(_texts(data)):
        shown = " ".join(lacking)
        raise BulouError.of(
            "paper.glyph",
            f"内置字体没有这些字：{shown}。请下载 Word 文件，用本机字体打印。",
            f"The bundled font has no shape for: {shown}. Download the Word file and print it with a font of your own.",
        )
    given = {"data": json.dumps(data, ensure_ascii=False), "qr": _code(verify_at)}
    fonts = [str(folder) for folder in glyphs.folders()]
    made = typst.compile(
        str(HERE / f"{template}.typ"), sys_inputs=given, font_paths=fonts, ignore_system_fonts=True, format="pdf"
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave more than one document")
    return made


def word(template: str, data: Data) -> bytes:
    """A paper as a Word file, from the office's own template where there is one (`BULOU_PAPERS`)."""
    own = settings.PAPERS / f"{template}.docx" if settings.PAPERS else None
    document = DocxTemplate(own if own and own.exists() else HERE / f"{template}.docx")
    document.render(dict(data), autoescape=True)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


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
