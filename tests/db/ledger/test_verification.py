"""`ledger verify` agrees with the ledger where nothing is wrong, and says where something is."""

from datetime import timedelta

from bulou.directory.models import Unit
from bulou.directory.scope import everywhere
from bulou.kernel import clock
from bulou.kernel.facts import LEVEL_SET
from bulou.ledger import services, verification
from bulou.ledger.engines import store
from bulou.plan.rules import Trigger
from histories import START
from storm.exactness import DONE, STARTED, fact, rule

FILED = rule("made/level-filed", when=Trigger(LEVEL_SET), until=None, within="PT2H", must=Trigger("response.filed"))
NOW = START + timedelta(hours=3)


def test_a_level_that_opens_a_duty_of_its_area_opens_it_once(people: list[str], owners: dict[str, Unit]) -> None:
    with clock.at(START):
        services.adopt([FILED], area="")
        levels = [fact(LEVEL_SET, f"area:{code}", START, {"level": "II"}) for code in ("12", "1201")]
        services.record([*levels, *(fact(STARTED, person, START) for person in people)])

    with clock.at(NOW):
        services.advance()
        assert verification.verify([FILED], services.adopted(), NOW) == (2, [])


def test_a_duty_changed_behind_the_ledger_s_back_is_found(people: list[str], owners: dict[str, Unit]) -> None:
    made = rule(within="PT1H")
    with clock.at(NOW):
        services.adopt([made], area="")
        services.record([fact(STARTED, people[0], START), fact(DONE, people[0], START)])
        with everywhere():
            store.execute("UPDATE course SET met = 0, missed = opened")

        count, [difference] = verification.verify([made], services.adopted(), NOW)

    assert count == 1
    assert (difference.stored.split()[0], difference.derived.split()[0]) == ("missed", "met")
