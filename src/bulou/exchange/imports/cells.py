"""The apostrophe before text a spreadsheet would take for a formula: put there on the way out, taken off on the way in.

The rule is the house's own for CSV (see the exports), so that what it writes it reads back unchanged.
"""

import unicodedata

MARK = "'"
_CALCULATED = frozenset("=+-@")
_BREAKS = frozenset("\t\r\n")


def guarded(text: str) -> str:
    """The text as it may stand in a cell of a CSV file."""
    return MARK + text if _is_risky(text) else text


def plain(cell: str) -> str:
    """The text of a cell that was `guarded`; any other as it is."""
    return cell[1:] if cell[:1] == MARK and _is_risky(cell[1:]) else cell


def _is_risky(text: str) -> bool:
    if not text or text[0].isalnum():
        return False
    if text[0] == MARK or text[0] in _BREAKS:
        return True
    first = next((sign for sign in text if unicodedata.category(sign)[0] not in "CZ"), "")
    return bool(first) and unicodedata.normalize("NFKC", first)[0] in _CALCULATED
