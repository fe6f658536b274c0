"""A case of the line list as understood, and the doubts that remain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bulou.kernel.text import Text
from bulou.oversight.drills.tianjin.links import Link
from bulou.oversight.drills.tianjin.words import Cluster, Relation, Setting, Symptom, Window


@dataclass(frozen=True, slots=True)
class Case:
    """One confirmed case. Days are local dates; `age` in years; None where the list does not say.

    `settings` are the exposures its own row names, `clusters` those and the ones its links lead to, by precedence.
    `exposed_to` ends the exposure window and `window` says what that end stands for. `raw` is the row, verbatim.
    """

    number: int
    sex: str | None
    age: int | None
    onset: date | None
    symptoms: tuple[Symptom, ...]
    without_symptoms: bool
    confirmed: date | None
    died: date | None
    severity: str | None
    source: str
    settings: tuple[Setting, ...]
    links: tuple[Link, ...]
    unlisted: tuple[Relation, ...]
    exposed_from: date | None
    exposed_to: date | None
    window: Window
    quarantined: date | None
    note: str
    remark: str
    raw: Mapping[str, str]
    clusters: tuple[Cluster, ...] = (Cluster.UNKNOWN,)
    origin: str = "local"

    @property
    def name(self) -> str:
        return f"TJ{self.number}"

    @property
    def cluster(self) -> Cluster:
        return self.clusters[0]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something in a case's row that was read with less than certainty. `field` is the list's column."""

    case: int
    code: str
    field: str
    text: Text


@dataclass(frozen=True, slots=True)
class Report:
    """The account of one reading: every row is understood plainly or has at least one doubt."""

    rows: int
    cases: tuple[Case, ...]
    doubts: tuple[Doubt, ...]

    @property
    def doubted(self) -> int:
        """Rows with at least one doubt."""
        return len({doubt.case for doubt in self.doubts})

    @property
    def understood(self) -> int:
        """Rows without a doubt; `rows == understood + doubted`."""
        return self.rows - self.doubted

    def of(self, number: int) -> list[Doubt]:
        return [doubt for doubt in self.doubts if doubt.case == number]
