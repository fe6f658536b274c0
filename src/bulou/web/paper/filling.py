"""A Word file filled in: looked through, rendered within its walls, and where it fails, told where."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2 import TemplateError

from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.text import Text
from bulou.web.paper.inspecting import W, inspect, refused
from bulou.web.paper.language import PaperEnvironment, UnknownError

LARGEST_FILLED = 10 * 1024 * 1024
QUOTED = 60
"""Characters of a paragraph that are quoted to say where something is wrong."""
MEANT = ("name", "lines"), ("paragraphs",), ("number",), ("address",)
"""What a paper lacks without being wrong: one of each is worth a word."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A Word file filled in, and the fields its template named."""

    content: bytes
    named: frozenset[str]

    @property
    def lacking(self) -> list[str]:
        """The fields it does without that a paper should have."""
        return [names[0] for names in MEANT if not self.named & set(names)]


def fill(template: bytes, data: dict[str, Any], kind: str = "") -> Filled:
    """A template filled in. BulouError, with the place, where it may not be used or does not come out as Word."""
    inspect(template)
    environment = PaperEnvironment(kind)
    made = io.BytesIO()
    try:
        document = DocxTemplate(io.BytesIO(template))
        document.render(data, jinja_env=environment, autoescape=True)
        document.save(made)
        Document(io.BytesIO(made.getvalue()))
    except UnknownError as error:
        raise _placed(error, template) from error
    except TemplateError as error:
        raise _broken(error) from error
    except BulouError:
        raise
    except Exception as error:
        said = f"{type(error).__name__}"
        raise refused(
            "fails", f"填入示例后不是完整的 Word 文件（{said}）。", f"filled in it is no Word file ({said})."
        ) from error
    if made.tell() > LARGEST_FILLED:
        raise refused("fails", "填入示例后过大。", "filled in it is too large.")
    return Filled(made.getvalue(), frozenset(environment.named))


def paragraphs(content: bytes) -> Iterator[tuple[str, str]]:
    """The words of a Word file, a paragraph at a time: part (`head`, `body`, `foot`) and text; none is empty."""
    document = Document(io.BytesIO(content))
    related = [relation for relation in document.part.rels.values() if not relation.is_external]
    heads = [("head", one.target_part.element) for one in related if one.reltype == RELATIONSHIP_TYPE.HEADER]
    feet = [("foot", one.target_part.element) for one in related if one.reltype == RELATIONSHIP_TYPE.FOOTER]
    for part, element in (*heads, ("body", document.element.body), *feet):
        for one in element.iter(f"{W}p"):
            if text := "".join(piece.text or "" for piece in one.iter(f"{W}t")).strip():
                yield part, text


def _placed(error: UnknownError, template: bytes) -> BulouError:
    """The error with the paragraph in which the word stands."""
    problem = error.problems[0]
    tags = re.compile(r"\{[{%#][^{}]*\b" + re.escape(error.word) + r"\b")
    texts = [text for _part, text in paragraphs(template)]
    found = next((text for text in texts if tags.search(text)), None)
    return BulouError(_kept(problem.code, problem.text, problem.remedy, found or ""))


def _broken(error: TemplateError) -> BulouError:
    """A tag that is not closed, or not one: the paragraph is in the middle of the lines the library gives."""
    lines = [line.strip() for line in getattr(error, "docx_context", ())]
    near = next((line for line in lines[3:] + lines[:3] if "{" in line), "")
    said = str(error.message or "")[:120]
    text = Text(zh=f"标记不完整或有误：{said}。", en=f"A tag is not whole, or wrong: {said}.")
    remedy = Text(
        zh="每个 {% if %} 和 {% for %} 都要有对应的结束标记。", en="Every {% if %} and {% for %} needs its end."
    )
    return BulouError(_kept("paper.tag", text, remedy, near))


def _kept(code: str, text: Text, remedy: Text | None, paragraph: str) -> Problem:
    """A problem in a paragraph, and that nothing was changed by it."""
    place = (
        Text(zh=f"在“{paragraph[:QUOTED]}”处。", en=f" In “{paragraph[:QUOTED]}”.") if paragraph else Text(zh="", en="")
    )
    more = remedy or Text(zh="", en="")
    zh = f"{text.zh}{place.zh}{more.zh}现用模板未变。"
    en = " ".join(part for part in (f"{text.en}{place.en}", more.en, "The template in force stays.") if part)
    return Problem(code, Text(zh=zh, en=en))
