"""Tables of rooms above the ledger that follow from facts: each is told whose facts moved, before the batch commits.

A follower derives its rows anew for the subjects it is given, from the facts that count at that instant. So a fact that
comes by any door (page, API, import, a phone long offline), late, or withdrawn again, leaves them as they must be.

What a database holds was derived by the version its follower had then. Whoever changes what a follower derives, or adds
a table to it, gives it the next version: it is derived anew, once, when the database is brought to the program.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from bulou.kernel.errors import Problem
from bulou.kernel.facts import Fact
from bulou.ledger.engines import store

Follow = Callable[[Collection[str] | None, datetime], None]
"""Called with the subjects whose facts moved (None: all there are) and the instant the ledger stands at, within the
batch's transaction, its subjects held, the whole country in scope."""
Refuse = Callable[[Collection[Fact], datetime, UUID | None], Mapping[str, Problem]]
"""Called with the new facts of a batch that are to be stored, the instant the ledger stands at and the account that
sends them, their subjects held; gives why some cannot be taken, by id."""

_MOVED = "SELECT DISTINCT subject FROM w_moved WHERE kind = ANY(%s::text[]) ORDER BY subject"
_KNOWN = "SELECT name, version FROM projection"
_RENEWED = """
INSERT INTO projection (name, version, at) VALUES (%s, %s, %s)
ON CONFLICT (name) DO UPDATE SET version = excluded.version, at = excluded.at
"""
_followers: dict[Follow, frozenset[str]] = {}
_versions: dict[Follow, int] = {}
_guards: dict[Refuse, frozenset[str]] = {}
_watches: list[Callable[[datetime], None]] = []


def register(kinds: Iterable[str], follow: Follow, *, version: int = 1) -> None:
    """From now on `follow` is told of facts of these kinds. Called once, when the program starts."""
    _followers[follow] = frozenset(kinds)
    _versions[follow] = version


def watch(look: Callable[[datetime], None]) -> None:
    """From now on `look` is called after each clock pass, outside its transactions: for what time alone brings about
    and a fact must say. It must find nothing to do a second time. Called once, when the program starts."""
    _watches.append(look)


def keep_watch(now: datetime) -> None:
    """Have everybody look who watches the clock."""
    for look in _watches:
        look(now)


def is_followed(kinds: Iterable[str]) -> bool:
    """True where somebody follows one of the kinds."""
    given = set(kinds)
    return any(given & followed for followed in _followers.values())


def tell(kinds: Iterable[str], now: datetime, *, corrects: bool) -> None:
    """Tell of the facts in w_moved, of these kinds; a correction may have moved others. No query for the rest."""
    given = set(kinds)
    for follow, followed in _followers.items():
        if corrects or given & followed:
            subjects = [subject for (subject,) in store.query(_MOVED, [sorted(followed)])]
            if subjects:
                follow(subjects, now)


def tell_of(subjects: Collection[str], now: datetime) -> None:
    """Have what follows from these subjects' facts derived anew. They are held, the whole country in scope."""
    for follow in _followers:
        follow(subjects, now)


def tell_all(now: datetime) -> None:
    """Have everything derived anew from the facts at or before `now`."""
    for follow in _followers:
        follow(None, now)


def stale() -> list[str]:
    """The followers whose tables are of another version than they are, or of none. One query."""
    return [name_of(follow) for follow in _stale()]


def renew(now: datetime) -> list[str]:
    """Have the tables of those derived anew from the facts at or before `now`; gives which. Everything is held."""
    found = _stale()
    for follow in found:
        follow(None, now)
        store.execute(_RENEWED, [name_of(follow), _versions[follow], now])
    return [name_of(follow) for follow in found]


def name_of(follow: Follow) -> str:
    """What a follower is called in the database: `no_miss.isolation.follower.follow`."""
    return f"{follow.__module__}.{follow.__qualname__}".removeprefix("bulou.")


def _stale() -> list[Follow]:
    known: dict[str, int] = dict(store.query(_KNOWN))
    return [follow for follow, version in _versions.items() if known.get(name_of(follow)) != version]


def guard(kinds: Iterable[str], refuse: Refuse) -> None:
    """From now on `refuse` is asked before facts of these kinds are stored. Called once, when the program starts."""
    _guards[refuse] = frozenset(kinds)


def refused(fresh: Collection[Fact], now: datetime, account: UUID | None) -> dict[str, Problem]:
    """Why rooms above the ledger cannot take some facts, by id. No query where none is of a kind that is guarded."""
    kinds = {fact.kind for fact in fresh}
    found: dict[str, Problem] = {}
    for refuse, guarded in _guards.items():
        if kinds & guarded:
            found |= refuse(fresh, now, account)
    return found
