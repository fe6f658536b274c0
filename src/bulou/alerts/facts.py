"""Telling somebody is work of the house, not something that happened to anybody: it owns no facts."""

from bulou.kernel.facts import FactData

KINDS: tuple[type[FactData], ...] = ()
