"""The rooms of the house, top to bottom, and the fact kinds they declare. No Django here."""

from importlib import import_module
from importlib.util import find_spec

from bulou.kernel.facts import FactKinds

ROOMS = (
    "bulou.exchange.imports",
    "bulou.exchange.exports",
    "bulou.exchange.jobs",
    "bulou.oversight.command",
    "bulou.oversight.response",
    "bulou.oversight.reporting",
    "bulou.oversight.supervision",
    "bulou.oversight.analysis",
    "bulou.oversight.drills",
    "bulou.no_miss.screening",
    "bulou.no_miss.isolation",
    "bulou.no_miss.monitoring",
    "bulou.no_miss.treatment",
    "bulou.no_miss.control",
    "bulou.operations.testing",
    "bulou.operations.tracing",
    "bulou.operations.institutions",
    "bulou.operations.resources",
    "bulou.operations.support",
    "bulou.alerts",
    "bulou.ledger",
    "bulou.custody",
    "bulou.plan",
    "bulou.directory",
)


def fact_kinds() -> FactKinds:
    """The fact kinds of every room, without starting Django."""
    kinds = FactKinds()
    for room in ROOMS:
        if find_spec(f"{room}.facts"):
            kinds.add(import_module(f"{room}.facts").KINDS)
    return kinds
