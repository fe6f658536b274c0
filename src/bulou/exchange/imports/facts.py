"""An import brings other rooms' facts; it owns none."""

from bulou.kernel.facts import FactData

KINDS: tuple[type[FactData], ...] = ()
