"""Analysis reads facts and owns none: a curve or a forecast is computed, never asserted."""

from bulou.kernel.facts import FactData

KINDS: tuple[type[FactData], ...] = ()
