"""Word files for the tests of templates: ours with something changed, and files nobody should take."""

import io
import zipfile
from collections.abc import Mapping

from docx import Document

from bulou.web.paper import printing

OURS = printing.HERE / "paper.docx"
BODY = "word/document.xml"


def ours() -> bytes:
    """Bulou's own template."""
    return OURS.read_bytes()


def with_words(*paragraphs: str) -> bytes:
    """Ours with paragraphs at its end."""
    document = Document(str(OURS))
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def bare(*paragraphs: str) -> bytes:
    """A file of these paragraphs and nothing else."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def with_parts(changed: Mapping[str, bytes], base: bytes | None = None) -> bytes:
    """A file with parts added, or put in the place of its own."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(base or ours())) as file, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in file.namelist():
            new.writestr(name, changed.get(name, file.read(name)))
        for name in changed.keys() - set(file.namelist()):
            new.writestr(name, changed[name])
    return made.getvalue()


def with_body(inside: str) -> bytes:
    """Ours with XML put before the end of its body."""
    part = part_of(ours(), BODY).replace("<w:sectPr", f"{inside}<w:sectPr", 1)
    return with_parts({BODY: part.encode()})


def part_of(content: bytes, name: str) -> str:
    """One text of a file."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return file.read(name).decode()


def saved(document: object) -> bytes:
    made = io.BytesIO()
    document.save(made)  # type: ignore[attr-defined]
    return made.getvalue()
