"""Identity numbers and phones: normalised, checked, and masked for the screen."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

import phonenumbers
from stdnum.cn import ric

from bulou.directory.models.people import IdKind, Sex
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.errors import BulouError

_BLOCKS = {1: range(1, 6), 2: range(1, 4), 3: range(1, 8), 4: range(1, 7), 5: range(5), 6: range(1, 6)}
PROVINCES = frozenset(f"{block}{number}" for block, numbers in _BLOCKS.items() for number in numbers)
BEYOND = frozenset({"71", "81", "82", "83", "91"})
"""Taiwan, Hong Kong, Macao: residents of the mainland hold permits whose numbers begin so; 91 was for foreigners."""
ISSUERS = PROVINCES | BEYOND
_SPACING = re.compile(r"[\s\-·.]")
MOBILE = re.compile(r"1[3-9][0-9]{9}")
_SCIENTIFIC, _NUMBER = re.compile(r"[0-9]+E\+?[0-9]+"), re.compile(r"[0-9]{17}[0-9X]")


@dataclass(frozen=True, slots=True)
class Identity:
    """A checked number, and what it says of its holder; None where it says nothing."""

    kind: IdKind
    number: str
    birth_date: date | None = None
    sex: Sex | None = None


def read_id(kind: str, text: str, *, today: date | None = None) -> Identity:
    """A document's number, normalised and checked. BulouError that says which part is wrong."""
    number = _SPACING.sub("", text if text.isascii() else unicodedata.normalize("NFKC", text)).upper()
    known = IdKind(kind)
    if known == IdKind.RESIDENT:
        return _resident(number, today)
    if known == IdKind.FOREIGN_PERMANENT and len(number) == 18:
        _check_digit(number)
        return Identity(known, number)
    if not FORMATS[known].fullmatch(number):
        raise _wrong(f"不是有效的{known.label}号码。", f"Not a number of this kind of document ({known.value}).")
    return Identity(known, number)


def read_phone(text: str) -> str:
    """A phone number as E.164 (`+8613812345678`); without a country code it is a Chinese one. BulouError if invalid."""
    if MOBILE.fullmatch(text):
        return f"+86{text}"
    plain = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", text))
    if MOBILE.fullmatch(plain):
        return f"+86{plain}"
    try:
        parsed = phonenumbers.parse(plain, "CN")
        valid = phonenumbers.is_valid_number(parsed)
    except phonenumbers.NumberParseException:
        valid = False
    if not valid:
        raise BulouError.of(
            "phone.invalid",
            "不是有效的电话号码。手机 11 位；座机加区号；国外号码以 + 和国家代码开头。",
            "Not a phone number. Mobile: 11 digits; landline: with area code; abroad: + and the country code.",
            field="phone",
        )
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def mask_name(name: str) -> str:
    """The first character and stars: `王**`; a case number behind the name stays."""
    said, space, number = name.partition(" ")
    return f"{said[:1]}{'*' * max(len(said) - 1, 1)}{space}{number}"


def mask_id(number: str) -> str:
    """`110101********1234`; of shorter numbers the first two and last two stay."""
    head, tail = (6, 4) if len(number) == 18 else (2, 2)
    return number[:head] + "*" * max(len(number) - head - tail, 4) + number[-tail:]


def mask_phone(number: str) -> str:
    """`138****5678`; of other numbers the last four stay."""
    plain = number.removeprefix("+86")
    if MOBILE.fullmatch(plain):
        return f"{plain[:3]}****{plain[-4:]}"
    return "*" * max(len(plain) - 4, 4) + plain[-4:]


def mask_address(address: str) -> str:
    """The first six characters: street and road, but no door."""
    return address[:6] + "****"


def _resident(number: str, today: date | None) -> Identity:
    if _SCIENTIFIC.fullmatch(number):
        raise _wrong(
            "号码被表格软件改成了科学计数法，末几位已丢失。请把单元格设为文本后重新填写。",
            "A spreadsheet turned this number into scientific notation and lost its last digits. "
            "Make the cell text and enter it again.",
        )
    if not _NUMBER.fullmatch(number):
        raise _wrong("身份证号码应为 18 位。", "A resident identity number has 18 digits; the last may be X.")
    if number[:2] not in ISSUERS:
        raise _wrong("身份证号码的前两位不是任何省份。", "The first two digits are no province's.")
    _check_digit(number)
    try:
        birth_date = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        birth_date = date.max
    if birth_date > (today or datetime.now(SHANGHAI).date()) or birth_date.year < 1850:
        raise _wrong("身份证号码中的出生日期不存在。", "The date of birth in the number does not exist.")
    return Identity(IdKind.RESIDENT, number, birth_date, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def _check_digit(number: str) -> None:
    if not _NUMBER.fullmatch(number) or ric.calc_check_digit(number) != number[-1]:
        raise _wrong("号码的校验位不对，请核对是否抄错。", "The check digit is wrong: look for a digit mistaken.")


def _wrong(zh: str, en: str) -> BulouError:
    return BulouError.of("identity.invalid", zh, en, field="id_number")


FORMATS = {
    IdKind.PASSPORT: re.compile(r"[A-Z0-9]{5,20}"),
    IdKind.HK_MACAU_PERMIT: re.compile(r"[HMC]\d{8}(\d{2})?"),
    IdKind.TAIWAN_PERMIT: re.compile(r"\d{8}(\d{2})?|[A-Z]\d{8,9}"),
    IdKind.FOREIGN_PERMANENT: re.compile(r"[A-Z]{3}\d{12}"),
    IdKind.OTHER: re.compile(r"[A-Z0-9/一-鿿]{1,40}"),
}
