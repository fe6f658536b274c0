"""Random histories of custody, rooms and beds, each acted out by four processes at once.

Ten thousand of them: `python -m tests.storm.hands`.
"""

import json

from storm import hands
from storm.house import House

HISTORIES, SEED = 100, 20_200_121
FREED = """
UPDATE room SET state = 'free' WHERE place = (SELECT place FROM room WHERE state = 'occupied' LIMIT 1)
"""


def test_under_many_hands_everybody_has_one_holder_one_room_and_one_bed(house: House) -> None:
    found = hands.run(HISTORIES, SEED, house)

    assert hands.faults(found) == {}
    assert found["acts"]["created"] > 10 * HISTORIES
    assert found["acts"]["refused"] > HISTORIES
    assert found["acts"]["done"] > HISTORIES / 2


def test_the_check_sees_what_is_not_sound(house: House) -> None:
    with house.connect() as connection:
        connection.execute(FREED)

    found = json.loads(house.run("check", script=hands.SCRIPT))

    assert hands.faults(found) == {"rooms whose state is not what is in them": 1, "derived anew": ["room"]}
