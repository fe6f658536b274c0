"""A line of the benchmark report."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """What was measured: `figure` is a ratio or rate as text, `goal` what it should reach, `seconds` it took."""

    area: str
    work: str
    figure: str
    goal: str
    seconds: float | None = None
