"""Numbers as they come in JSON: read exactly, and no longer than anything that is measured."""

from decimal import Decimal, InvalidOperation

DIGITS = 40
"""Digits of a number, before, after or as powers of ten."""


class NumberError(ValueError):
    """A number that is none, or too long. Its text is that of the number."""


def whole(text: str) -> int:
    """The whole number a text writes; NumberError where it is too long."""
    if len(text.lstrip("-")) > DIGITS:
        raise NumberError(text)
    return int(text)


def exact(text: str) -> Decimal:
    """The decimal number a text writes, every digit kept; NumberError where it is too long."""
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise NumberError(text) from error
    if len(number.as_tuple().digits) > DIGITS or abs(number.adjusted()) > DIGITS:
        raise NumberError(text)
    return number


def none(name: str) -> None:
    """NumberError: `NaN` and `Infinity` are no numbers in JSON."""
    raise NumberError(name)
