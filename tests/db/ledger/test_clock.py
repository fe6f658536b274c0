"""The clock moves on, stands still or is set back: facts wait for it, and whichever way, the ledger is the same."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, transaction

from bulou.directory.models import Unit
from bulou.directory.scope import everywhere
from bulou.directory.services.access import clock_set
from bulou.kernel import clock
from bulou.ledger import instant, passing, selectors, services, verification
from bulou.ledger.engines import store
from bulou.ledger.retry import TRIES, again
from bulou.plan.rules import Rule
from histories import START, history, trial_rules
from storm.exactness import ENDED, STARTED, fact, rule, stay
from storm.lineup import assert_exact

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ONCE = [rule(within="PT2H")]


def waiting() -> int:
    ((number,),) = store.query("SELECT count(*) FROM waiting")
    return int(number)


def everything() -> dict[str, list[store.Row]]:
    """The whole ledger, row by row, but for what only says when it was looked at."""
    statements = {
        "course": "SELECT rule, subject, area, owner, opened_by, starts_at, segment, opened, met, late, waived, void,"
        " missed FROM course WHERE opened <> 0 ORDER BY 1, 2, 6, 5, 7",
        "lapse": "SELECT rule, subject, opens_at, due_at FROM lapse ORDER BY 1, 2, 3",
        "notice": "SELECT rule, subject, opens_at, step, role, at FROM notice ORDER BY 1, 2, 3, 4",
        "level_span": "SELECT area, grade, span::text FROM level_span ORDER BY 1, 3",
        "dead": "SELECT fact FROM dead ORDER BY 1",
        "waiver": "SELECT fact, duty, subject, opens_at FROM waiver ORDER BY 1",
        "tally": "SELECT day::text, area, rule, owned, open, met, late, waived, void, missed FROM tally"
        " WHERE (open, met, late, waived, void, missed) <> (0, 0, 0, 0, 0, 0) ORDER BY day, area, rule, owned",
    }
    with everywhere():
        return {table: store.query(statement) for table, statement in statements.items()}


def test_a_fact_of_the_future_counts_when_the_clock_reaches_it(people: list[str]) -> None:
    with clock.at(START):
        services.adopt(ONCE, area="")
        services.record([fact(STARTED, people[0], START + DAY)], allow_future=True)
        services.advance()
        assert waiting() == 1
        with everywhere():
            assert selectors.duties_of(people[0]) == []

    with clock.at(START + DAY):
        assert services.advance().arrived == 1

    assert waiting() == 0
    assert assert_exact(START + DAY, ONCE) == 1


def test_a_withdrawal_that_waits_lets_the_fact_count_until_then(people: list[str]) -> None:
    opening = fact(STARTED, people[0], START)
    withdrawal = fact("fact.withdrawn", people[0], START + DAY, {"reason": "mistaken"}, supersedes=opening.id)
    with clock.at(START):
        services.adopt(ONCE, area="")
        services.record([opening, withdrawal], allow_future=True)

    assert assert_exact(START + DAY / 2, ONCE) == 1
    assert assert_exact(START + DAY, ONCE) == 0


@pytest.mark.parametrize("seed", range(6))
def test_rebuilding_gives_what_came_about_piece_by_piece(seed: int, people: list[str], owners: dict[str, Unit]) -> None:
    rnd, facts = random.Random(seed), history(seed + 900, people)
    with clock.at(START):
        services.adopt(trial_rules(), area="")
    for number in range(4):
        with clock.at(START + (number + 1) * 3 * DAY):
            services.record(facts[number::4], allow_future=True)
            if rnd.random() < 0.6:
                services.advance()
    with clock.at(START + 13 * DAY):
        services.advance()
        before = everything()

        services.rebuild()

        after = everything()
    told = {name: (before.pop(name), after.pop(name)) for name in ("lapse", "notice")}
    assert after == before
    for earlier, later in told.values():
        assert set(later) <= set(earlier), "what was missed for a while, until a late fact came, stays on record"


def test_set_back_and_forward_again_it_is_as_if_it_had_never_moved(people: list[str], owners: dict[str, Unit]) -> None:
    facts = history(77, people)
    with clock.at(START + 9 * DAY):
        services.adopt(trial_rules(), area="")
        services.record(facts, allow_future=True)
        services.advance()
        before = everything()
    with clock.at(START + 2 * DAY):
        services.advance()
        assert waiting() > 0

    assert_exact(START + 2 * DAY)
    with clock.at(START + 9 * DAY):
        services.advance()

    assert everything() == before


def test_the_house_s_own_clock_is_followed_set_or_real(people: list[str]) -> None:
    clock_set(START)
    assert services.catch_up() == START
    clock_set(START + DAY)
    assert services.catch_up() == START + DAY
    assert passing.passed_at() == START + DAY
    clock_set(None)

    before = datetime.now(UTC)
    assert before <= services.catch_up() <= datetime.now(UTC)


def test_real_clocks_that_differ_a_little_rebuild_nothing(people: list[str]) -> None:
    services.adopt(ONCE, area="")
    services.record([fact(STARTED, people[0], datetime.now(UTC) - HOUR)])
    now = services.advance().now

    assert not instant.is_back(now - 4 * timedelta(minutes=1), now)
    assert instant.is_back(now - HOUR, now)
    with clock.at(now - timedelta(seconds=1)):
        assert instant.is_back(clock.now(), now)


def test_the_instant_never_runs_backwards_for_a_writer(people: list[str]) -> None:
    with clock.at(START + DAY):
        services.adopt(ONCE, area="")
        services.record([fact(STARTED, people[0], START + DAY)])

    with clock.at(START):
        services.record([fact(STARTED, people[1], START)])
        assert instant.reach(START) == START + DAY

    with everywhere():
        assert len(verification.stored_duties()) == 2


def test_the_board_says_of_when_it_is(people: list[str], areas: dict[str, object]) -> None:
    with everywhere(), clock.at(START):
        assert selectors.board("12", START.date()).as_of == START
        services.advance()
    with everywhere(), clock.at(START + DAY):
        services.record([fact(STARTED, people[0], START + DAY)])

        assert selectors.board("12", START.date()).as_of == START


def test_a_pass_with_nothing_to_do_does_nothing(people: list[str]) -> None:
    with clock.at(START):
        services.adopt(ONCE, area="")

        assert services.advance() == passing.Pass(START, arrived=0, moved=0, told=0)


def test_a_pass_moves_only_what_falls_due(people: list[str]) -> None:
    with clock.at(START):
        services.adopt(ONCE, area="")
        services.record([fact(STARTED, people[0], START), fact(STARTED, people[1], START + DAY)], allow_future=True)
    with clock.at(START + HOUR):
        assert services.advance().moved == 0

    with clock.at(START + 3 * HOUR):
        assert services.advance().moved == 1
        assert services.advance().moved == 0


@pytest.mark.parametrize("chunk", [1, 2, 7])
def test_passes_in_small_pieces_do_the_same(
    chunk: int, people: list[str], owners: dict[str, Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passing, "CHUNK", chunk)
    made: list[Rule] = [rule("made/p", period="PT1H"), rule("made/once", within="PT2H", tell=[("PT1H", "cdc")])]
    rnd = random.Random(chunk)
    with clock.at(START):
        services.adopt(made, area="")
        facts = [*stay(rnd, people[0], START + DAY, 3, 10), *stay(rnd, people[1], START, 4, 5)]
        services.record(facts, allow_future=True)

    assert assert_exact(START + 5 * DAY, made) > 150


def test_after_an_ending_the_clock_leaves_a_course_alone(people: list[str]) -> None:
    with clock.at(START + 2 * DAY):
        services.adopt([rule(slots=("06:00/12:00",))], area="")
        services.record([fact(STARTED, people[0], START), fact(ENDED, people[0], START + DAY)])
        services.advance()

    with clock.at(START + 60 * DAY):
        assert services.advance().moved == 0


class LostError(Exception):
    """What the driver raises."""

    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate
        super().__init__(sqlstate)


def losing(times: int, sqlstate: str, tries: list[int]) -> OperationalError | int:
    tries.append(1)
    if len(tries) <= times:
        raise OperationalError("lost") from LostError(sqlstate)
    return len(tries)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sqlstate", ["40P01", "40001"])
def test_a_transaction_that_loses_is_done_again_but_not_for_ever(sqlstate: str) -> None:
    assert again(lambda tries=[]: losing(2, sqlstate, tries)) == 3

    tries: list[int] = []
    with pytest.raises(OperationalError):
        again(lambda: losing(99, sqlstate, tries))
    assert len(tries) == TRIES


@pytest.mark.django_db(transaction=True)
def test_what_failed_for_another_reason_is_not_done_again() -> None:
    tries: list[int] = []

    with pytest.raises(OperationalError):
        again(lambda: losing(1, "53100", tries))

    assert len(tries) == 1


@pytest.mark.django_db(transaction=True)
def test_inside_a_caller_s_transaction_nothing_is_done_again() -> None:
    tries: list[int] = []

    with pytest.raises(OperationalError), transaction.atomic():
        again(lambda: losing(1, "40P01", tries))

    assert len(tries) == 1
