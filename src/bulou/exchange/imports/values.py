"""Cells read as what their column holds. What a spreadsheet ruined is refused with the remedy, never repaired."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import Any

from bulou.directory.roles import role_of
from bulou.exchange.imports.columns import Column, plain
from bulou.exchange.imports.peers import word
from bulou.exchange.imports.refusing import CellError
from bulou.exchange.imports.words import NO, YES
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.ids import parse_subject, uuid_text

Reader = Callable[[Any, Column], Any]
SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
MASK = "****"
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_TIME = re.compile(r"(\d{1,2})[:：时](\d{1,2})?分?(?:[:：]?(\d{1,2})(?:\.\d+)?秒?)?")
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,59}")


def text_of(cell: Any) -> str:
    """A cell as text; a whole number without its point. CellError where it holds what no text should."""
    if isinstance(cell, str):
        text = cell.strip()
        if not text.isprintable() and any(unicodedata.category(c) == "Cc" and c not in "\n\t\r" for c in text):
            raise CellError(
                "control", "含有看不见的控制字符。请删去重填。", "It holds control characters: type it anew."
            )
        return text
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def read_text(cell: Any, column: Column) -> str:
    return text_of(cell)


def read_id_number(cell: Any, column: Column) -> str:
    """A document's number. A number cell, scientific notation and three lost digits are a spreadsheet's work."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        raise _ruined_id()
    text = text_of(cell)
    if SCIENTIFIC.fullmatch(text):
        raise _ruined_id()
    if MASK in text:
        raise _masked()
    return text


def read_address(cell: Any, column: Column) -> str:
    text = text_of(cell)
    if text.endswith(MASK):
        raise _masked()
    return text


def read_uuid(cell: Any, column: Column) -> str:
    try:
        return uuid_text(text_of(cell))
    except ValueError as error:
        raise CellError("uuid", "不是本系统的编号。", "This is no id of this system.") from error


def read_phone(cell: Any, column: Column) -> str:
    """A phone number. As a number it has lost its leading zero, unless it is a mobile's."""
    text = text_of(cell)
    if SCIENTIFIC.fullmatch(text):
        raise _ruined("号码")
    if MASK in text:
        raise _masked()
    if isinstance(cell, int | float) and not re.fullmatch(r"1[3-9]\d{9}", text):
        raise CellError(
            "lost_zero",
            "电话存成了数字，开头的 0 可能已丢失。请把该列设为文本，写全区号重填。",
            "The phone is stored as a number and may have lost a leading 0. Make the column text and enter it in full.",
        )
    return text


def read_plain_phone(cell: Any, column: Column) -> str:
    return read_phone(cell, column)


def read_area(cell: Any, column: Column) -> str:
    """An area as it is written, a code or names; it is looked up for all rows at once."""
    text = text_of(cell)
    if SCIENTIFIC.fullmatch(text):
        raise _ruined("区划代码")
    return text


def read_option(cell: Any, column: Column) -> str:
    """One of the column's options, by any of its words."""
    text = word(text_of(cell))
    found = column.words.get(plain(text))
    if found is None:
        said = "、".join(words[0] for words in list(column.options.values())[:8])
        raise CellError(
            "option",
            f"“{text[:40]}”不在可填范围内。可填：{said}。",
            f"{text[:40]!r} is none of: {', '.join(list(column.options)[:8])}.",
        )
    return found


def read_date(cell: Any, column: Column) -> date:
    """A day: a date cell, 2020-02-03, 2020/2/3, 2020年2月3日 or 20200203."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = unicodedata.normalize("NFKC", text_of(cell))
    day, rest = _day(text, column.day_first)
    if rest and _clock(rest.removeprefix("T").removesuffix("Z")) is None:
        raise _no_date(text)
    return day


def read_instant(cell: Any, column: Column) -> datetime:
    """An instant; without a zone in China's time, without a time the beginning of the day."""
    if isinstance(cell, datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=SHANGHAI)
    if isinstance(cell, date):
        return datetime.combine(cell, time(), SHANGHAI)
    text = unicodedata.normalize("NFKC", text_of(cell))
    try:
        if "T" in text or "+" in text[10:]:
            whole = datetime.fromisoformat(text)
            return whole if whole.tzinfo else whole.replace(tzinfo=SHANGHAI)
    except ValueError as error:
        raise _no_date(text) from error
    day, rest = _day(text, column.day_first)
    clock = _clock(rest) if rest else time()
    if clock is None:
        raise _no_date(text)
    return datetime.combine(day, clock, SHANGHAI)


def read_count(cell: Any, column: Column) -> int:
    text = text_of(cell)
    if not re.fullmatch(r"-?\d{1,9}", text):
        raise CellError("count", f"“{text[:40]}”不是整数。", f"{text[:40]!r} is not a whole number.")
    return int(text)


def read_number(cell: Any, column: Column) -> float:
    text = unicodedata.normalize("NFKC", text_of(cell)).removesuffix("℃").removesuffix("°C").strip()
    if not re.fullmatch(r"-?\d{1,9}(\.\d{1,9})?", text):
        raise CellError("number", f"“{text[:40]}”不是数字。", f"{text[:40]!r} is not a number.")
    return float(text)


def read_truth(cell: Any, column: Column) -> bool:
    text = text_of(cell).casefold()
    if text not in YES | NO:
        raise CellError("truth", f"“{text[:40]}”应填“是”或“否”。", f"{text[:40]!r} must be yes or no.")
    return text in YES


def read_code(cell: Any, column: Column) -> str:
    text = text_of(cell).casefold()
    if not _CODE.fullmatch(text):
        raise CellError(
            "code",
            f"“{text[:40]}”应填英文代码，如 {column.example or 'school'}。",
            f"{text[:40]!r} must be a code such as {column.example or 'school'}.",
        )
    return text


def read_country(cell: Any, column: Column) -> str:
    text = word(text_of(cell)).upper()
    if text in {"中国", "中国籍", "汉族", "CN", "CHINA"}:
        return "CHN"
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise CellError(
            "country",
            f"“{text[:40]}”应填三位国家代码，如 CHN。",
            f"{text[:40]!r} must be a country's three letters, such as CHN.",
        )
    return text


def read_roles(cell: Any, column: Column) -> list[str]:
    names = [name for name in re.split(r"[,，、;；\s]+", text_of(cell)) if name]
    roles = [role_of(name) for name in names]
    unknown = [name for name, role in zip(names, roles, strict=True) if role is None]
    if unknown:
        raise CellError(
            "roles",
            f"没有这些职责：{'、'.join(unknown)}。可用的见“职责”词汇表。",
            f"no such roles: {', '.join(unknown)}. See the vocabulary of roles.",
        )
    return [role for role in roles if role]


def read_subject(cell: Any, column: Column) -> str:
    text = text_of(cell)
    try:
        return str(parse_subject(text))
    except ValueError as error:
        raise CellError(
            "subject", f"“{text[:60]}”不是对象编号。", f"{text[:60]!r} is not the id of a subject."
        ) from error


def read_list(inner: Reader) -> Reader:
    """Several values in one cell, between commas."""

    def read(cell: Any, column: Column) -> list[Any]:
        text = text_of(cell)
        if text.startswith('["'):
            with suppress(ValueError):
                return [inner(part, column) for part in json.loads(text)]
        return [inner(part, column) for part in re.split(r"[,，、;；]", text) if part.strip()]

    return read


READERS: Mapping[str, Reader] = {
    "text": read_text,
    "unit": read_text,
    "episode": read_text,
    "id_number": read_id_number,
    "phone": read_phone,
    "plain_phone": read_plain_phone,
    "address": read_address,
    "uuid": read_uuid,
    "area": read_area,
    "option": read_option,
    "date": read_date,
    "instant": read_instant,
    "count": read_count,
    "number": read_number,
    "truth": read_truth,
    "code": read_code,
    "country": read_country,
    "roles": read_roles,
    "subject": read_subject,
    "list:text": read_list(read_text),
    "list:option": read_list(read_option),
    "list:code": read_list(read_code),
}


def as_json(value: Any) -> Any:
    """A value as a fact's data holds it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo is UTC else value.isoformat()
    return value.isoformat() if isinstance(value, date) else value


def shows_day_first(cell: Any) -> bool | None:
    """True for a cell such as 25/01/2020, False for 01/25/2020, None for one that shows neither."""
    found = _SLASHED.match(unicodedata.normalize("NFKC", cell.strip())) if isinstance(cell, str) else None
    first, second = (int(part) for part in found.groups()[:2]) if found else (0, 0)
    return first > 12 if (first > 12) is not (second > 12) else None


def _day(text: str, day_first: bool | None) -> tuple[date, str]:
    for pattern in (_DATE, _COMPACT):
        if found := pattern.match(text):
            return _date(text, *found.groups()), text[found.end() :].strip()
    if found := _SLASHED.match(text):
        first, second, year = found.groups()
        if day_first is None and int(first) <= 12 and int(second) <= 12 and first != second:
            raise CellError(
                "ambiguous_date",
                f"“{text}”分不清哪个是月、哪个是日。请写成 {year}-{int(first):02}-{int(second):02} 这样的年-月-日。",
                f"{text!r} may be two different days. Write it as year-month-day.",
            )
        is_day = int(first) > 12 if day_first is None else day_first
        month, day = (second, first) if is_day else (first, second)
        return _date(text, year, month, day), text[found.end() :].strip()
    raise _no_date(text)


def _date(text: str, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise _no_date(text) from error


def _clock(text: str) -> time | None:
    found = _TIME.fullmatch(text)
    try:
        hour, minute, second = (int(part or 0) for part in found.groups()) if found else (24, 0, 0)
        return time(hour, minute, second)
    except ValueError:
        return None


def _no_date(text: str) -> CellError:
    return CellError(
        "date",
        f"“{text[:40]}”不是日期。请写成 2020-02-03 或 2020-02-03 08:00。",
        f"{text[:40]!r} is not a date. Write 2020-02-03, or 2020-02-03 08:00.",
    )


def _masked() -> CellError:
    return CellError(
        "masked",
        "这是打码的内容，没有存入。请用完整的号码和地址（导出时勾选“完整”），或留空。",
        "This is masked, so it was not taken. Give it in full (an export may), or leave it empty.",
    )


def _ruined_id() -> CellError:
    return _ruined("证件号码")


def _ruined(what: str) -> CellError:
    return CellError(
        "ruined",
        f"{what}被表格软件存成了数字，末几位或开头的 0 已丢失，无法还原。请把该列设为“文本”，从原始资料重新填写。",
        "A spreadsheet stored this as a number, and digits are lost that cannot be restored. "
        "Make the column text and enter it again from the source.",
    )
