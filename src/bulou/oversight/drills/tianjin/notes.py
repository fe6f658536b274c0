"""What the note beside an exposure window says: days, what the window's end stands for, other cases named."""

import re
from datetime import date

from bulou.oversight.drills.tianjin.reading import Found, plain, read
from bulou.oversight.drills.tianjin.words import NOTED_SETTINGS, WINDOWS, Relation, Setting, Window

YEAR = 2020
_MONTHS = {"jan": 1, "jn": 1, "feb": 2}
_DAY = re.compile(
    r"(?P<month>jan|jn|feb)\.?\s*(?P<day>\d{1,2})(?:\s*to\s*(?P<until>\d{1,2}))?"
    r"|(?P<day_first>\d{1,2})\s*(?P<month_after>jan|feb)\b"
    r"|(?P<numeric_day>\d{1,2})/(?P<numeric_month>\d{1,2})"
)
_CASE = re.compile(r"(?:\bcase\s*|\btj)0*(\d+)")
_QUARANTINE = re.compile(r"quarant\w+")


def days(note: str) -> list[tuple[int, date]]:
    """The days a note names, each with where in the folded text it stands: `Jan 19 to 22`, `23 Jan`, `12/2`."""
    found = []
    for match in _DAY.finditer(plain(note)):
        month = _MONTHS.get(match["month"] or match["month_after"] or "") or int(match["numeric_month"])
        first = match["day"] or match["day_first"] or match["numeric_day"]
        found += [(match.start(), date(YEAR, month, int(day))) for day in (first, match["until"]) if day]
    return found


def cases(note: str) -> list[int]:
    """The case numbers a note names."""
    return [int(number) for number in _CASE.findall(plain(note))]


def window(note: str) -> Window:
    """What the end of the window stands for. A quarantine outranks the rest, then the order of the text."""
    meanings = [item.meaning for item in read(note, WINDOWS) if isinstance(item, Found)]
    return Window.QUARANTINE if _QUARANTINE.search(plain(note)) else next(iter(meanings), Window.UNSTATED)


def quarantined(note: str, window_end: date | None) -> date | None:
    """The first day of quarantine: the day named after the word, else the one before it, else the window's end."""
    word = _QUARANTINE.search(plain(note))
    if not word:
        return None
    named = days(note)
    after = [day for at, day in named if at > word.start()]
    before = [day for at, day in named if at < word.start()]
    return after[0] if after else before[-1] if before else window_end


def settings(note: str) -> list[Setting]:
    """The places a note adds, for a source that names none."""
    return list(dict.fromkeys(item.meaning for item in read(note, NOTED_SETTINGS) if isinstance(item, Found)))


def relation(note: str) -> Relation | None:
    """`family` where a note speaks of family members."""
    return Relation.FAMILY if "family member" in plain(note) else None


def pronoun(note: str) -> str | None:
    """`F` or `M` by `herself` or `himself`."""
    words = plain(note).split()
    return "F" if "herself" in words else "M" if "himself" in words else None


def to_recheck(note: str) -> range:
    """The case numbers whose original information the compilers would check again (`TJ19-TJ22 …`)."""
    match = re.search(r"tj(\d+)-tj(\d+) .*double check", plain(note))
    return range(int(match[1]), int(match[2]) + 1) if match else range(0)
