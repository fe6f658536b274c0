"""One row of the list as a `Case`, with the doubts that the row alone raises."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bulou.kernel.text import Text
from bulou.oversight.drills.tianjin import notes
from bulou.oversight.drills.tianjin.links import Source, read_source
from bulou.oversight.drills.tianjin.model import Case, Doubt
from bulou.oversight.drills.tianjin.reading import Found, plain, read
from bulou.oversight.drills.tianjin.words import NO_SYMPTOM, SEVERITIES, SYMPTOMS, Setting, Symptom

SEX, AGE, ONSET, SYMPTOM, CONFIRMED = "gender", "age", "symptom_onset", "symptom_type", "confirm_date"
SOURCE, FROM, TO, SEVERITY, DIED = "Infection_source", "start_source", "end_source", "severity", "death"
ID, NOTE, REMARK = "case_id", "recorrection for start and end source", "notes"
COLUMNS = (ID, SEX, AGE, ONSET, SYMPTOM, CONFIRMED, SOURCE, FROM, TO, SEVERITY, DIED, NOTE, REMARK)
"""The list's columns, their names stripped of the spaces around them."""

_ABSENT = ("", "na")
_AMBIGUOUS = {"cold": ("“cold” 读作畏寒,也可能指感冒", "“cold” read as chills; it may mean a common cold")}


@dataclass(slots=True)
class Row:
    """The cells of one case, and the doubts met while reading them."""

    number: int
    cells: Mapping[str, str]
    doubts: list[Doubt] = field(default_factory=list)

    def doubt(self, code: str, column: str, zh: str, en: str) -> None:
        self.doubts.append(Doubt(self.number, code, column, Text(zh=zh, en=en)))

    def misspelt(self, column: str, written: str, phrase: str) -> None:
        self.doubt("spelling", column, f"“{written}” 读作 “{phrase}”", f"“{written}” read as “{phrase}”")

    def not_understood(self, column: str, written: str) -> None:
        self.doubt("not-understood", column, f"不能识别 “{written}”", f"“{written}” is not understood")

    def day(self, column: str) -> date | None:
        """A DD/MM/YYYY cell as a date."""
        text = self.cells[column].strip()
        if text.lower() in _ABSENT:
            return None
        try:
            return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007  (a local date, no instant)
        except ValueError:
            self.not_understood(column, text)
            return None

    def whole(self, column: str) -> int | None:
        text = self.cells[column].strip()
        if text.isdecimal():
            return int(text)
        if text.lower() not in _ABSENT:
            self.not_understood(column, text)
        return None

    def sex(self) -> str | None:
        text = self.cells[SEX].strip().upper()
        if text not in ("F", "M"):
            self.not_understood(SEX, text)
            return None
        return text

    def severity(self) -> str | None:
        found = read(self.cells[SEVERITY], SEVERITIES)
        if not found:
            self.doubt("severity-absent", SEVERITY, "未载严重程度", "no severity is given")
        for item in found:
            if isinstance(item, Found):
                if item.misspelt:
                    self.misspelt(SEVERITY, item.written, item.phrase)
                return item.meaning
            self.not_understood(SEVERITY, item.written)
        return None

    def symptoms(self) -> tuple[tuple[Symptom, ...], bool]:
        """The symptoms in the order written, and whether the list says there were none."""
        symptoms: list[Symptom] = []
        none = False
        for item in (found for part in plain(self.cells[SYMPTOM]).split(";") for found in read(part, SYMPTOMS)):
            if not isinstance(item, Found):
                self.not_understood(SYMPTOM, item.written)
                continue
            if item.misspelt:
                self.misspelt(SYMPTOM, item.written, item.phrase)
            if item.phrase in _AMBIGUOUS:
                self.doubt("ambiguous", SYMPTOM, *_AMBIGUOUS[item.phrase])
            none |= item.meaning == NO_SYMPTOM
            if isinstance(item.meaning, Symptom) and item.meaning not in symptoms:
                symptoms.append(item.meaning)
        return tuple(symptoms), none

    def source(self) -> Source:
        """The source text read; what its links' numbers and words leave in doubt is noted."""
        source = read_source(self.cells[SOURCE])
        for written, phrase in source.misspelt:
            self.misspelt(SOURCE, written, phrase)
        for written in source.not_understood:
            self.not_understood(SOURCE, written)
        for link in source.links:
            if link.prefix not in ("tj", "case", "cases"):
                self.misspelt(SOURCE, f"{link.prefix.upper()}{link.to}", f"TJ{link.to}")
        if not self.cells[SOURCE].strip():
            self.doubt("source-absent", SOURCE, "未载感染来源", "no source of infection is given")
        return source

    def settings(self, source: Source) -> tuple[Setting, ...]:
        """The exposures the source names; the note's where the source itself names no place."""
        placed = [s for s in source.settings if s not in (Setting.CONFIRMED, Setting.PARTNER)]
        noted = [] if placed else notes.settings(self.cells[NOTE])
        for setting in noted:
            zh, en = f"暴露场所({setting})取自备注", f"the exposure ({setting}) is taken from the note"
            self.doubt("setting-from-note", NOTE, zh, en)
        return (*source.settings, *noted) or (Setting.UNKNOWN,) * (not source.links)


def read_row(row: Row) -> Case:
    """The row as a case; its doubts are left in `row.doubts`."""
    source = row.source()
    symptoms, none = row.symptoms()
    exposed_to = row.day(TO)
    return Case(
        number=row.number,
        sex=row.sex(),
        age=row.whole(AGE),
        onset=row.day(ONSET),
        symptoms=symptoms,
        without_symptoms=none,
        confirmed=row.day(CONFIRMED),
        died=row.day(DIED),
        severity=row.severity(),
        source=row.cells[SOURCE],
        settings=row.settings(source),
        links=tuple(source.links),
        unlisted=tuple(source.unlisted),
        exposed_from=row.day(FROM),
        exposed_to=exposed_to,
        window=notes.window(row.cells[NOTE]),
        quarantined=notes.quarantined(row.cells[NOTE], exposed_to),
        note=row.cells[NOTE],
        remark=row.cells[REMARK],
        raw=row.cells,
    )
