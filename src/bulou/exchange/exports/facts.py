"""An export carries data out and happens to nobody: it owns no facts. Who took what is in its own tables."""

from bulou.kernel.facts import FactData

KINDS: tuple[type[FactData], ...] = ()
