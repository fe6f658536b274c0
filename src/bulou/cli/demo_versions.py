"""A demonstration made by another version: its tables become this one's, its story stays and is said to be old."""

import hashlib
from pathlib import Path
from typing import Any

from bulou.cli.database import say
from bulou.kernel.errors import BulouError
from bulou.kernel.text import Text


def behind() -> int:
    """How many steps the tables are behind the program. BulouError where they are of a newer version."""
    from bulou.ledger import upgrades

    missing, unknown = upgrades.steps()
    if unknown:
        raise BulouError.of(
            "demo.newer",
            f"数据库比程序新（{'、'.join(unknown[:3])}）。请更新程序，或用 --data-dir 另指目录，或加 --reset 重来。",
            f"The database is of a newer version than the program ({', '.join(unknown[:3])}). Update the program, name "
            "another --data-dir, or start anew with --reset.",
        )
    return len(missing or upgrades.projections())


def say_old(state: dict[str, Any]) -> None:
    """Say so where the data were made by another version."""
    if state.get("made_by") != maker():
        say(
            Text(
                zh="演示数据由另一版本生成，已保留；要看本版的演示内容请加 --reset 重来。",
                en="The data were made by another version and are kept. Start anew with --reset to see this one's.",
            )
        )


def maker() -> str:
    """What tells one version of the invented data from another: the code that makes them."""
    from bulou.oversight.drills import synthetic

    files = sorted(Path(synthetic.__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]
