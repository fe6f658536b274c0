"""Many small replays, each by rules of its own, on one set of temporary tables: for rehearsing plans' cases."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from bulou.kernel.facts import Fact
from bulou.ledger import adoption
from bulou.ledger.engines import store
from bulou.ledger.engines.postgres import scratch
from bulou.plan.evaluate import DutyLine
from bulou.plan.rules import Rule

Replay = Callable[[Sequence[Rule], Iterable[Fact], datetime], list[DutyLine]]


@contextmanager
def workshop() -> Iterator[Replay]:
    """`replay` of `engines.postgres`, again and again: each takes its rules and facts away with it."""
    with scratch(()) as run:

        def replay(rules: Sequence[Rule], facts: Iterable[Fact], now: datetime) -> list[DutyLine]:
            with transaction.atomic():
                adoption.store_rules(rules)
                store.write("adoption", ("plan", "area"), [(plan, "") for plan in {rule.plan for rule in rules}])
                lines = run(facts, now)
                transaction.set_rollback(True)
            return lines

        yield replay
