"""What the clock must come by: a note for each course, used once, kept where a writer is in the way."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import get_ident

import pytest

from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.ledger import passing, services
from bulou.ledger.engines import store
from histories import START, history, trial_rules
from storm.exactness import ENDED, STARTED, fact, rule
from storm.lineup import assert_exact, at, at_once, while_open

pytestmark = pytest.mark.django_db(transaction=True)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ONCE = [rule(within="PT2H")]
UNNOTED = """
SELECT count(*) FROM course c WHERE c.next_at < 'infinity'
    AND NOT EXISTS (SELECT FROM wake w WHERE w.course = c.id AND w.at IN (c.next_at, '-infinity'))
"""
SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE usename = current_user AND datname = current_database()"
NAMED = """
SELECT DISTINCT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
WHERE i.indrelid = 'course'::regclass
"""
MASKS = {"opened", "met", "late", "waived", "void", "missed"}


def count(statement: str) -> int:
    with everywhere():
        ((number,),) = store.query(statement)
    return int(number)


def notes() -> int:
    return count("SELECT count(*) FROM wake")


def begin(people: list[str]) -> None:
    """Both isolated at the start, something due within two hours."""
    with clock.at(START):
        services.adopt(ONCE, area="")
        services.record([fact(STARTED, person, START) for person in people])


@pytest.mark.parametrize("seed", range(3))
def test_every_course_the_clock_must_come_by_has_a_note(seed: int, people: list[str]) -> None:
    rnd, facts = random.Random(seed), history(seed + 50, people)
    with clock.at(START):
        services.adopt(trial_rules(), area="")

    for number in range(6):
        with clock.at(START + number * 2 * DAY):
            services.record(rnd.sample(facts, len(facts) // 2), allow_future=True)
            assert count(UNNOTED) == 0
            services.advance()
            assert count(UNNOTED) == 0


def test_a_note_is_used_once(people: list[str]) -> None:
    begin(people)
    assert notes() == 2

    assert at(START + 3 * HOUR, services.advance)().moved == 2

    assert notes() == 0
    assert at(START + 4 * HOUR, services.advance)().moved == 0


def test_a_note_its_course_is_past_is_thrown_away(people: list[str]) -> None:
    begin(people)
    with clock.at(START + HOUR):
        services.record([fact(ENDED, people[0], START + HOUR), fact(ENDED, people[1], START + HOUR)])
        services.advance()
    before = notes()

    at(START + 3 * HOUR, services.advance)()

    assert (before, notes()) == (2, 0)
    assert assert_exact(START + 3 * HOUR, ONCE) == 2


def test_a_course_another_writer_holds_keeps_its_note_for_the_next_pass(people: list[str]) -> None:
    begin(people)
    later = START + 3 * HOUR

    def pass_by() -> tuple[int, int]:
        return at(later, services.advance)().moved, notes()

    moved, left = beside(people[0], pass_by)

    assert (moved, left) == (1, 1)
    assert at(later, services.advance)().moved == 1
    assert assert_exact(later, ONCE) == 2


def test_two_passes_at_once_move_every_course_once(people: list[str]) -> None:
    begin(people)
    later = START + 3 * HOUR

    passes = at_once(at(later, services.advance), at(later, services.advance))

    assert sum(one.moved for one in passes) == 2
    assert (notes(), count("SELECT count(*) FROM lapse")) == (0, 2)
    assert assert_exact(later, ONCE) == 2


def test_setting_the_clock_back_makes_the_notes_anew(people: list[str]) -> None:
    begin(people)
    at(START + 3 * HOUR, services.advance)()

    at(START + HOUR, services.advance)()

    assert (notes(), count(UNNOTED)) == (2, 0)


def test_no_index_of_courses_names_what_the_clock_changes() -> None:
    with everywhere():
        named = {name for (name,) in store.query(NAMED)}

    assert not named & (MASKS | {"next_at"})


def beside(person: str, act: Callable[[], tuple[int, int]]) -> tuple[int, int]:
    """What an act gives while another session holds a person's courses and has not committed."""

    def hold() -> None:
        with everywhere():
            store.execute("UPDATE course SET base_day = base_day WHERE subject = %s", [person])

    return while_open(partial(hold), act)


@pytest.mark.parametrize("seed", range(2))
def test_a_long_pass_by_many_hands_comes_to_what_one_hand_comes_to(
    seed: int, people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passing, "CHUNK", 1)
    monkeypatch.setattr(passing, "HANDS", 3)
    with clock.at(START):
        services.adopt(trial_rules(), area="")
    with clock.at(START + DAY):
        services.record([one for one in history(seed + 90, people) if one.at <= START + DAY])
        services.record([fact(STARTED, person, START + DAY) for person in people])

    with clock.at(START + 9 * DAY):
        done = services.advance()
        again = services.advance()

    assert done.moved >= 2
    assert (again.moved, again.told) == (0, 0)
    assert count(UNNOTED) == 0
    assert_exact(START + 9 * DAY)


def test_each_hand_ends_the_session_it_worked_in(people: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passing, "CHUNK", 1)
    monkeypatch.setattr(passing, "HANDS", 3)
    begin(people)
    before = count(SESSIONS)

    with clock.at(START + 3 * HOUR):
        services.advance()

    assert count(SESSIONS) == before


def test_what_a_hand_fails_of_fails_the_pass(people: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passing, "CHUNK", 1)
    monkeypatch.setattr(passing, "HANDS", 2)
    begin(people)
    mine, steps = get_ident(), passing._settle

    def settle(now: datetime) -> int:
        if get_ident() != mine:
            raise RuntimeError("a hand fell off")
        return steps(now)

    monkeypatch.setattr(passing, "_settle", settle)
    with clock.at(START + 3 * HOUR), pytest.raises(RuntimeError, match="fell off"):
        services.advance()

    monkeypatch.setattr(passing, "_settle", steps)
    with clock.at(START + 3 * HOUR):
        services.advance()
    assert_exact(START + 3 * HOUR, ONCE)
