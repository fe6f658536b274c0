"""What a file must be before anything reads it: of the kind its name says, whole, of honest size, without macros."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from bulou.exchange.imports.refusing import bad_file
from bulou.kernel.errors import BulouError

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_BYTES = 512 * 1024 * 1024
MOST_UNPACKED = 4 * 1024**3
MOST_PARTS = 5_000
MOST_RATIO = 200
"""A sheet of equal rows packs to a fiftieth; what packs to less than a two-hundredth was made to burst."""
HONEST = 32 * 1024 * 1024
"""Parts smaller than this may pack as they like."""
CAPS = (65_536, 1_048_576)
"""Rows of a sheet in the old and the new format: what is longer is silently cut there."""
FORMATS = {".xlsx": "xlsx", ".xls": "xls", ".csv": "csv", ".txt": "csv", ".tsv": "csv", ".json": "json"}
WITH_MACROS = {".xlsm", ".xltm", ".xlam", ".xlsb", ".xla"}
VBA = "_VBA_PROJECT".encode("utf-16-le")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PIECE = 1 << 20


def format_of(path: Path, name: str = "") -> str:
    """`xlsx`, `xls`, `csv` or `json`, by name and by content. BulouError for anything else, and for a bomb."""
    suffix = Path(name or path.name).suffix.lower()
    if suffix in WITH_MACROS:
        raise _macros()
    if suffix not in FORMATS:
        raise bad_file(
            "format",
            f"不认识 {suffix or '没有扩展名的'} 文件。请存为 .xlsx、.xls 或 .csv 再导入。",
            f"{suffix or 'a file without an ending'} is not read. Save it as .xlsx, .xls or .csv and try again.",
        )
    size = path.stat().st_size
    if size == 0:
        raise bad_file("empty", "文件是空的。", "the file is empty.")
    if size > MOST_BYTES:
        raise too_large(size, MOST_BYTES)
    return _by_content(path, FORMATS[suffix], suffix)


def too_large(size: int, most: int) -> BulouError:
    """The refusal of a file that is too large here."""
    return bad_file(
        "size",
        f"文件有 {size / 1e6:,.0f} MB，最多 {most / 1e6:,.0f} MB。请分成几个文件。",
        f"the file has {size / 1e6:,.0f} MB, at most {most / 1e6:,.0f} MB are read. Split it.",
    )


def check_cut(rows: int, format: str, *, has_heading: bool) -> None:
    """BulouError where a table ends exactly where a spreadsheet cuts it. `rows` counts the heading."""
    caps = {"xls": CAPS[:1], "xlsx": CAPS[1:]}.get(format, CAPS)
    counts = {rows, rows - 1} if has_heading and format == "csv" else {rows}
    for cap in caps:
        if cap in counts:
            raise bad_file(
                "cut",
                f"表格正好到第 {cap:,} 行为止，这是表格软件的行数上限，后面的行可能已丢失。"
                "请从原系统重新导出（CSV 或分成几个文件）；确认没有缺行的，勾选“文件完整”（命令行加 --whole）。",
                f"the table ends exactly at row {cap:,}, where spreadsheets cut, so rows may be missing. "
                "Export it anew (as CSV, or in several files); if you made sure it is whole, say so (--whole).",
            )


def check_formulas(path: Path, sheet: int) -> None:
    """BulouError where a formula of a sheet has no value saved with it: formulas are never worked out here."""
    with zipfile.ZipFile(path) as packed:
        part = _sheet_part(packed, sheet)
        if part is None or not _holds(packed, part, b"<f"):
            return
        _plain(packed, part)
        with packed.open(part) as stream:
            for _, cell in ElementTree.iterparse(stream):  # noqa: S314 - as above
                if cell.tag == f"{MAIN}c":
                    if cell.find(f"{MAIN}f") is not None and not (cell.findtext(f"{MAIN}v") or ""):
                        raise _unsaved(cell.get("r", "?"))
                    cell.clear()


def _by_content(path: Path, format: str, suffix: str) -> str:
    with path.open("rb") as file:
        head = file.read(4096)
    if format == "xlsx" and head.startswith(ZIP):
        _check_package(path)
        return format
    if format == "xls" and head.startswith(OLE):
        _check_old(path)
        return format
    if format in ("csv", "json") and not head.startswith((ZIP, OLE, b"%PDF")) and _is_text(head):
        return format
    raise _not_what_it_says(head, suffix)


def _is_text(head: bytes) -> bool:
    return b"\0" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff"))


def _not_what_it_says(head: bytes, suffix: str) -> BulouError:
    if head.startswith(OLE) and suffix == ".xlsx":
        return bad_file(
            "magic",
            "文件有密码，或其实是旧格式 .xls。请去掉密码，用表格软件另存为 .xlsx。",
            "the file has a password, or is an old .xls in truth. Remove the password and save it as .xlsx.",
        )
    if re.match(rb"\s*(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|table)", head, re.IGNORECASE):
        return bad_file(
            "magic",
            f"这是网页，只是名字叫 {suffix}（有的系统这样导出）。请用表格软件打开，另存为 .xlsx。",
            f"this is a web page named {suffix}, as some systems export. Open it and save it as .xlsx.",
        )
    return bad_file(
        "magic",
        f"文件内容不是 {suffix}，可能改过扩展名或已损坏。请重新导出。",
        f"its content is not {suffix}: it was renamed or is damaged. Export it anew.",
    )


def _check_package(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            types = packed.read("[Content_Types].xml") if "[Content_Types].xml" in packed.namelist() else b""
            if any("vbaproject" in part.filename.lower() for part in parts) or b"macroEnabled" in types:
                raise _macros()
            burst = any(p.file_size > HONEST and p.file_size > MOST_RATIO * max(p.compress_size, 1) for p in parts)
            if burst or len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > MOST_UNPACKED:
                raise bad_file(
                    "bomb",
                    "文件解压后大得不正常。请重新导出，只留需要的工作表。",
                    "unpacked, the file is unreasonably large. Export it anew, with only the sheet that is needed.",
                )
            if not types or _sheet_part(packed, 0) is None:
                raise _not_what_it_says(b"", ".xlsx")
    except (zipfile.BadZipFile, EOFError, OSError, ElementTree.ParseError) as error:
        raise _not_what_it_says(b"", ".xlsx") from error


def _plain(packed: zipfile.ZipFile, part: str) -> None:
    """A part that is parsed here declares no entities: one that does wants to read other files, or to swell."""
    if _holds(packed, part, b"<!DOCTYPE") or _holds(packed, part, b"<!ENTITY"):
        raise _not_what_it_says(b"", ".xlsx")


def _parsed(packed: zipfile.ZipFile, part: str) -> ElementTree.Element:
    _plain(packed, part)
    return ElementTree.fromstring(packed.read(part))  # noqa: S314 - without entities it is harmless


def _check_old(path: Path) -> None:
    with path.open("rb") as file:
        tail = b""
        while piece := file.read(PIECE):
            if VBA in tail + piece:
                raise _macros()
            tail = piece[-len(VBA) :]


def _sheet_part(packed: zipfile.ZipFile, sheet: int) -> str | None:
    """The name of the part that holds a sheet, by its place in the workbook; None where there is none."""
    names = set(packed.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    links = {link.get("Id"): link.get("Target", "") for link in _parsed(packed, "xl/_rels/workbook.xml.rels")}
    sheets = _parsed(packed, "xl/workbook.xml").iter(f"{MAIN}sheet")
    ids = [next((v for k, v in entry.attrib.items() if k.endswith("}id")), None) for entry in sheets]
    if sheet >= len(ids):
        return None
    target = links.get(ids[sheet], "")
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return part if part in names else None


def _holds(packed: zipfile.ZipFile, part: str, wanted: bytes) -> bool:
    tail = b""
    for piece in _pieces(packed, part):
        if wanted in tail + piece:
            return True
        tail = piece[-len(wanted) :]
    return False


def _pieces(packed: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    with packed.open(part) as stream:
        while piece := stream.read(PIECE):
            yield piece


def _macros() -> BulouError:
    return bad_file(
        "macros",
        "含宏的文件不收，宏也不会运行。请另存为不含宏的 .xlsx。",
        "a file with macros is not taken, and none is ever run. Save it as .xlsx without macros.",
    )


def _unsaved(cell: str) -> BulouError:
    return bad_file(
        "formula",
        f"单元格 {cell} 的公式没有存下结果，这里不计算公式。请在表格软件里打开并保存，或改为“粘贴为数值”。",
        f"the formula in cell {cell} has no value saved with it, and formulas are not worked out here. "
        "Open and save it in a spreadsheet program, or paste it as values.",
    )
