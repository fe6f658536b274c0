"""A job is work of the machine, not something that happened to anybody: it owns no facts."""

from bulou.kernel.facts import FactData

KINDS: tuple[type[FactData], ...] = ()
