"""Area codes (GB/T 2260 and the statistical codes): a prefix contains."""

from itertools import takewhile

LEVELS = {2: "province", 4: "city", 6: "county", 9: "town", 12: "village", 15: "grid"}
AFTER_DIGITS = ":"
"""The character after `9`: `[code, code + ':')` is the C-collation range of everything in an area."""


def is_area_code(code: str) -> bool:
    """True for 2, 4, 6, 9, 12 or 15 ASCII digits."""
    return len(code) in LEVELS and code.isascii() and code.isdigit()


def contains(outer: str, inner: str) -> bool:
    """True where `inner` is `outer` or lies in it; the empty code is the whole country."""
    return inner.startswith(outer)


def ancestry(code: str) -> list[str]:
    """The code's areas from the province down to the code itself."""
    return [code[:length] for length in takewhile(lambda length: length <= len(code), LEVELS)]


def parent(code: str) -> str:
    """The area one level up; the empty code above a province."""
    return ["", *ancestry(code)][-2]


def prefix_range(code: str) -> tuple[str, str]:
    """Lower (inclusive) and upper (exclusive) bound of the codes an area contains."""
    return code, code + AFTER_DIGITS
