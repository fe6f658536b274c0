"""Text in a CSV file that no spreadsheet takes for a formula, and its way back.

A text a spreadsheet might calculate gets an apostrophe before it; so does a text that begins with one, which makes the
way back unambiguous: `plain(guarded(text)) == text`, whatever the text. `plain` leaves every other text as it is, so
files of other programs may be read with it too.
"""

import unicodedata

MARK = "'"
CALCULATED = frozenset("=+-@")
"""Signs a formula begins with, in any width: full-width ones are taken for these by Chinese spreadsheets."""
BREAKS = frozenset("\t\r\n")


def guarded(text: str) -> str:
    """The text as it may stand in a cell of a CSV file."""
    return MARK + text if is_risky(text) else text


def plain(cell: str) -> str:
    """The text of a cell that `guarded` wrote."""
    return cell[1:] if cell[:1] == MARK and is_risky(cell[1:]) else cell


def is_risky(text: str) -> bool:
    """True where a spreadsheet might take the text for a formula, or it begins with the mark itself."""
    if not text or text[0].isalnum():
        return False
    if text[0] == MARK or text[0] in BREAKS:
        return True
    first = next((sign for sign in text if not _is_blank(sign)), "")
    return bool(first) and unicodedata.normalize("NFKC", first)[0] in CALCULATED


def _is_blank(sign: str) -> bool:
    """Spaces, controls and signs without a width, which a spreadsheet may drop."""
    return unicodedata.category(sign)[0] in "CZ"
