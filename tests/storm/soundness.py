"""Whether what many hands did at once left every world sound, asked of all worlds together."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from bulou.directory.scope import everywhere
from bulou.ledger import following, holding, services, verification
from bulou.ledger.engines import store
from histories import trial_rules

_TWICE = """
SELECT count(*) FROM (
    SELECT started_at, max(COALESCE(ended_at, 'infinity')) OVER (
        PARTITION BY {whose} ORDER BY started_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until
    FROM {table} WHERE {whose} IS NOT NULL AND ended_at IS DISTINCT FROM started_at) s
WHERE until > started_at
"""
_LOST = "SELECT count(*) FROM unnest(%s::uuid[]) k (id) WHERE NOT EXISTS (SELECT FROM fact f WHERE f.id = k.id)"
_NOW = """
SELECT DISTINCT ON (person) person, unit, managed FROM custody ORDER BY person, since DESC
"""
ASKED = {
    "two in one room": _TWICE.format(whose="room", table="stay"),
    "one in two rooms": _TWICE.format(whose="person", table="stay"),
    "two in one bed": _TWICE.format(whose="bed", table="bed_stay"),
    "one in two beds": _TWICE.format(whose="person", table="bed_stay"),
    "two on one device": _TWICE.format(whose="device", table="device_use"),
    "one on two ventilators": _TWICE.format(whose="who", table="device_use"),
    "two holders at one instant": """
        SELECT count(*) FROM (SELECT FROM custody GROUP BY person, since HAVING count(*) > 1) c""",
    "managed and in nobody's hands": "SELECT count(*) FROM custody WHERE managed AND unit IS NULL",
    "let go before anybody held them": """
        SELECT count(*) FROM (SELECT DISTINCT ON (person) managed FROM custody ORDER BY person, since) c
        WHERE NOT managed""",
    "isolated in a room and in nobody's hands": f"""
        SELECT count(*) FROM stay s LEFT JOIN ({_NOW}) c ON c.person = s.person
        WHERE s.ended_at IS NULL AND c.managed IS NOT TRUE
            AND NOT EXISTS (SELECT FROM fact f WHERE f.subject = 'person:' || s.person AND f.kind = 'isolation.ended'
                AND f.at >= s.begun_at)""",
    "two handovers at once": """
        SELECT count(*) FROM (SELECT FROM handover WHERE stage IN ('requested', 'accepted', 'departed')
            GROUP BY person HAVING count(*) > 1) h""",
    "on the way and not with the sender": f"""
        SELECT count(*) FROM handover h JOIN ({_NOW}) c ON c.person = h.person
        WHERE h.stage IN ('requested', 'accepted', 'departed') AND c.unit IS DISTINCT FROM h.sender""",
    "rooms whose state is not what is in them": """
        SELECT count(*) FROM room r WHERE (r.state = 'occupied') <> EXISTS (
            SELECT FROM stay s WHERE s.claimed = r.place AND s.ended_at IS NULL)""",
    "beds whose state is not what is in them": """
        SELECT count(*) FROM bed b WHERE (b.state = 'occupied') <> EXISTS (
            SELECT FROM bed_stay s WHERE s.claimed = b.place AND s.ended_at IS NULL)""",
    "devices whose state is not who is on them": """
        SELECT count(*) FROM device d WHERE (d.state = 'occupied') <> EXISTS (
            SELECT FROM device_use u WHERE u.claimed = d.place AND u.ended_at IS NULL)""",
    "a room kept though somebody is in it": """
        SELECT count(*) FROM room WHERE state = 'occupied' AND reserved_for IS NOT NULL""",
    "a bed kept though somebody is in it": """
        SELECT count(*) FROM bed WHERE state = 'occupied' AND reserved_for IS NOT NULL""",
    "facts without a key, or keys without a fact": """
        SELECT abs((SELECT count(*) FROM fact) - (SELECT count(*) FROM fact_key))""",
}
"""What must be none, by what it would be."""
DERIVED = {
    "stay": "SELECT s::text FROM stay s",
    "room": "SELECT place::text || state || COALESCE(since::text, '') FROM room",
    "bed_stay": "SELECT s::text FROM bed_stay s",
    "bed": "SELECT place::text || state || COALESCE(since::text, '') FROM bed",
    "device_use": "SELECT u::text FROM device_use u",
    "device": "SELECT place::text || state || COALESCE(since::text, '') FROM device",
    "episode": "SELECT e::text FROM episode e",
    "custody": "SELECT c::text FROM custody c",
    "handover": "SELECT h::text FROM handover h",
}


def wrong(now: datetime, kept: Sequence[str]) -> dict[str, Any]:
    """What is wrong once the clock stands at `now`: nothing, as it must be. And how much was looked at.

    `kept`: the ids of facts whose sender was told that they are.
    """
    duties, differences = verification.verify(trial_rules(), services.adopted(), now)
    found: dict[str, Any] = {"ledger": len(differences), "duties": duties}
    with everywhere():
        found |= {name: int(store.query(statement)[0][0]) for name, statement in ASKED.items()}
        found["acknowledged and lost"] = store.query(_LOST, [kept])[0][0]
        found["tallies"] = len(verification.tally_differences())
        found["chains"] = len(holding.differing(now))
        found["facts"] = store.query("SELECT count(*) FROM fact")[0][0]
    found["derived anew"] = _anew(lambda: following.tell_all(now))
    return found


def _anew(derive: Callable[[], None]) -> list[str]:
    """The tables that come out differently when everything is derived anew."""
    with services.working():
        before = {table: set(store.query(statement)) for table, statement in DERIVED.items()}
        derive()
        return [table for table, statement in DERIVED.items() if set(store.query(statement)) != before[table]]
