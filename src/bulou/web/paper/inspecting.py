"""A Word file somebody sent, looked through before anything opens it: what it may hold, and what it may not.

Allowed is what a letterhead needs: text, tables, styles, headers and feet, pictures. Refused is whatever could run,
fetch, or hide something: macros, embedded files, references to other places, fields that read other files.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from bulou.kernel.errors import BulouError

LARGEST = 5 * 1024 * 1024
"""Bytes of a file; a letterhead with a picture of a seal has a tenth of it."""
LARGEST_OPEN = 30 * 1024 * 1024
"""Bytes of all that is in a file, unpacked: counted while unpacking, whatever the file says of itself."""
LARGEST_PART = 1024 * 1024
"""Bytes of one text in it. With `MOST_BRACES` it bounds the work of reading its fields."""
MOST_PARTS, MOST_BRACES = 300, 1000
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp")
TEXTS = (".xml", ".rels")
RENDERED = ("word/", "docProps/")
"""Folders of a Word file in which fields are looked for."""
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
ACTIVE = re.compile(rb"macroEnabled|vbaProject|oleObject|activeX|keyMapCustomizations", re.I)
HARMLESS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "DATE", "TIME", "STYLEREF", "REF", "SEQ"})
"""Fields of Word that show what is in the document itself."""
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FOREIGN = frozenset({"object", "altChunk", "control", "subDoc", "attachedTemplate", "mailMerge", "OLEObject"})
Tree = Any
"""An element of lxml, which has no types."""


def inspect(content: bytes) -> None:
    """Nothing, for a Word file a template may be made of. BulouError that names what must be taken out."""
    if len(content) > LARGEST:
        most = LARGEST // (1024 * 1024)
        raise refused(
            "size", f"文件超过 {most} MB，请缩小其中的图片。", f"more than {most} MB: make its pictures smaller."
        )
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise refused(
            "old",
            "这是旧格式（.doc）或加了密码的文件，请另存为不加密的 .docx。",
            "it is in the old format (.doc) or has a password: save it as .docx without one.",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            _parts(file)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise refused("torn", "不是完整的 Word 文件（.docx）。", "it is no Word file (.docx), or not whole.") from error


def refused(code: str, zh: str, en: str, where: str = "") -> BulouError:
    """The error of a file that is not taken; the template in force stays."""
    return BulouError.of(
        f"paper.{code}",
        f"没有采用这个文件：{zh}现用模板未变。",
        f"The file was not taken: {en} The template in force stays.",
        where=where,
    )


def _parts(file: zipfile.ZipFile) -> None:
    names = [info.filename for info in file.infolist()]
    if len(names) > MOST_PARTS or len({name.lower() for name in names}) < len(names):
        raise refused("parts", "内部结构异常。", "it is not put together as Word does it.")
    left, seen = LARGEST_OPEN, set()
    for info in file.infolist():
        name = info.filename
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile(name)
        if not name.endswith((*TEXTS, *PICTURES)) and not info.is_dir():
            raise refused(
                "part",
                f"含有“{name}”：宏、嵌入的文件或字体不能放在模板里，请删除。",
                f"it holds {name}: macros, embedded files and fonts have no place in a template. Take it out.",
            )
        data = _unpacked(file, info, left)
        left -= len(data)
        if name.endswith(TEXTS):
            _text(name, data)
            seen.add(name)
    if not {"[Content_Types].xml", "word/document.xml", "_rels/.rels"} <= seen:
        raise refused("torn", "不是完整的 Word 文件（.docx）。", "it is no Word file (.docx), or not whole.")


def _unpacked(file: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    most = min(left, LARGEST_PART if info.filename.endswith(TEXTS) else left)
    with file.open(info) as part:
        data = part.read(most + 1)
    if len(data) > most:
        raise refused("bomb", "解压后过大。", "unpacked it is too large.", where=info.filename)
    return data


def _text(name: str, data: bytes) -> None:
    try:
        tree = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as error:
        raise refused("torn", "内容损坏。", "part of it is damaged.", where=name) from error
    if tree.getroottree().docinfo.internalDTD is not None:
        raise refused("entity", "含有实体定义。", "it defines entities.", where=name)
    if name == "[Content_Types].xml":
        _types(data)
    elif name.endswith(".rels"):
        _relations(tree)
    elif name.startswith(RENDERED):
        _words(name, tree)


def _types(data: bytes) -> None:
    if ACTIVE.search(data) or MAIN.encode() not in data:
        raise refused(
            "macro",
            "含有宏或控件，或者不是普通的 .docx，请另存为不含宏的 .docx。",
            "it holds macros or controls, or is no plain .docx: save it as .docx without macros.",
        )


def _relations(tree: Tree) -> None:
    for one in tree.iter("{*}Relationship"):
        target, sort = one.get("Target", ""), one.get("Type", "").rpartition("/")[2]
        if one.get("TargetMode", "").lower() == "external" or re.match(r"[a-z][a-z0-9+.-]*:|//|\\\\", target, re.I):
            raise refused(
                "external",
                f"引用了外部地址（{target[:80]}）。请取消超链接，图片请嵌入文档。",
                f"it refers to another place ({target[:80]}). Take out the link, and put pictures into the document.",
            )
        if sort in {"oleObject", "package", "aFChunk", "control", "vbaProject", "attachedTemplate", "subDocument"}:
            raise refused("embedded", f"含有嵌入对象（{sort}）。", f"it holds an embedded object ({sort}).")


def _words(name: str, tree: Tree) -> None:
    sorts = (etree.QName(one).localname for one in tree.iter("{*}*"))
    if sort := next((sort for sort in sorts if sort in FOREIGN), None):
        raise refused("embedded", f"含有嵌入对象（{sort}）。", f"it holds an embedded object ({sort}).", where=name)
    if "".join(str(text) for text in tree.itertext()).count("{") > MOST_BRACES:
        raise refused("braces", "字段过多。", "it names too many fields.", where=name)
    for code in _codes(tree):
        word = code.split(maxsplit=1)[0].upper() if code.strip() else ""
        if "{" in code or word not in HARMLESS:
            raise refused(
                "word-field",
                f"含有 Word 域“{code.strip()[:40]}”：只能用页码和日期。",
                f"it holds the field of Word {code.strip()[:40]}: only page numbers and dates may be used.",
                where=name,
            )


def _codes(tree: Tree) -> Iterator[str]:
    """The codes of Word's fields, each in one piece. What may not be in a code is given as `{`: it is refused.

    That is a field within a code, and a brace there: what a template drops must not change what a field does.
    """
    yield from (one.get(f"{W}instr", "") for one in tree.iter(f"{W}fldSimple"))
    code: list[str] | None = None
    for one in tree.iter(f"{W}fldChar", f"{W}instrText", f"{W}delInstrText", f"{W}t"):
        sort, text = one.get(f"{W}fldCharType"), one.text or ""
        if sort == "begin":
            if code is not None:
                yield "{"
            code = []
        elif sort in ("separate", "end"):
            if code is not None:
                yield "".join(code)
            code = None
        elif code is not None:
            code.append(text)
        elif one.tag != f"{W}t":
            yield text
