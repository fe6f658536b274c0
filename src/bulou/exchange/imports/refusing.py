"""Why a file or a row is not taken, in words somebody at a desk can act on."""

from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.text import Text


def bad_file(code: str, zh: str, en: str) -> BulouError:
    """The whole file is refused; nothing of it was taken."""
    return BulouError.of(f"import.{code}", f"文件没有导入：{zh}", f"Nothing was imported: {en}")


def bad_cell(code: str, zh: str, en: str, field: str = "") -> Problem:
    """One cell or row is refused; the others go on."""
    return Problem(f"import.{code}", Text(zh=zh, en=en), field=field)


class CellError(ValueError):
    """A cell that cannot be read: why, and what to do."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code, self.zh, self.en = code, zh, en
        super().__init__(en)

    def at(self, field: str) -> Problem:
        return bad_cell(self.code, self.zh, self.en, field)
