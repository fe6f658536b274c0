"""The search in the database, at the size of the people on file: people, tubes and rooms by what is known of them."""

import random
import statistics
import time
from collections.abc import Callable

from tests.bench import ground
from tests.bench.report import Line

SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲芬辉"
TIMES = 60
SCOPES = ("", "12", "120101", "120101001001")
PLACES = 300_000
TUBES, ROOMS = 500_000, 20_000
_NAMED = """
UPDATE person p SET name = n.name, initials = n.short, phone_tail = n.tail
FROM (SELECT q.id, s.c || g.c || h.c AS name, s.i || g.i || h.i AS short, t.tail
    FROM (SELECT id, hashtextextended(id::text, 0) AS x FROM person) q
    JOIN key_part s ON s.part = 's' AND s.n = abs(q.x) % 20
    JOIN key_part g ON g.part = 'g' AND g.n = abs(q.x / 20) % 30
    JOIN key_part h ON h.part = 'g' AND h.n = abs(q.x / 600) % 30
    JOIN key_tail t ON t.n = abs(q.x / 18000) % 10000) n
WHERE n.id = p.id
"""
_PLACES = """
INSERT INTO place (id, area, name, initials, kind, synthetic)
SELECT md5('h' || p)::uuid, '1201' || lpad((1 + p %% 4)::text, 2, '0') || lpad((p %% 50)::text, 3, '0') || '001',
    (p %% 97) || '号楼' || p || '室', (p %% 97) || 'hl' || p || 's',
    CASE WHEN p %% 15 = 0 THEN 'school' ELSE 'household' END, true
FROM generate_series(1, %s::int) p ON CONFLICT DO NOTHING
"""
_TUBES = """
INSERT INTO specimen (id, code, key, subject, area, stage, at)
SELECT md5('t' || t)::uuid, 'TJ-' || lpad(t::text, 7, '0'), 'tj' || lpad(t::text, 7, '0'), 'tube:' || t,
    '1201' || lpad((1 + t %% 4)::text, 2, '0') || lpad((t %% 50)::text, 3, '0') || '001', 'specimen.collected', now()
FROM generate_series(1, %s::int) t ON CONFLICT DO NOTHING
"""
_ROOMS = """
INSERT INTO room (place, area, unit, building, number)
SELECT p.id, p.area, u.id, row_number() OVER ()::text, (101 + row_number() OVER () %% 900)::text
FROM (SELECT id, area FROM place WHERE kind = 'school' ORDER BY id LIMIT %s) p, (SELECT id FROM unit LIMIT 1) u
ON CONFLICT DO NOTHING
"""


def prepare() -> None:
    """Names, initials and tails for everyone on file, households as places, tubes and rooms, by plain SQL."""
    from bulou.directory.scope import everywhere
    from bulou.directory.search_keys import initials, tail
    from bulou.ledger.engines import store

    parts = [("s", n, c, initials(c, person=True)) for n, c in enumerate(SURNAMES)]
    parts += [("g", n, c, initials(c)) for n, c in enumerate(GIVEN)]
    with everywhere():
        store.execute("CREATE TEMP TABLE key_part (part text, n int, c text, i text) ON COMMIT DROP")
        store.execute("CREATE TEMP TABLE key_tail (n int, tail bytea) ON COMMIT DROP")
        store.write("key_part", ("part", "n", "c", "i"), parts)
        store.write("key_tail", ("n", "tail"), [(n, tail(f"-{n:04d}", "phone")) for n in range(10_000)])
        store.execute(_NAMED)
        store.execute(_PLACES, [PLACES])
        store.execute(_TUBES, [TUBES])
        store.execute(_ROOMS, [ROOMS])
    ground.execute_alone("VACUUM ANALYZE person")
    ground.execute_alone("ANALYZE place, specimen, room")


def measure(people: int) -> list[Line]:
    """Median and p95 of searches of every sort, as accounts of every tier."""
    from bulou.directory.scope import scope
    from bulou.directory.selectors import find
    from bulou.no_miss.isolation.numbered import rooms_find
    from bulou.no_miss.treatment.numbered import beds_find
    from bulou.operations.testing.selectors import tubes_find

    prepare()
    chance = random.Random(1)
    sorts: list[Callable[[], str]] = [
        lambda: chance.choice(SURNAMES),
        lambda: chance.choice(SURNAMES) + chance.choice(GIVEN),
        lambda: chance.choice("lwzcyh"),
        lambda: "".join(chance.choice("lwzcyhxj") for _ in range(3)),
        lambda: f"{chance.randrange(10_000):04d}",
        lambda: f"139{chance.randrange(10**8):08d}",
        lambda: "no such",
        lambda: "没有这个地方",
        lambda: f"tj{chance.randrange(TUBES):07d}",
        lambda: f"TJ-{chance.randrange(100):02d}",
        lambda: str(chance.randrange(101, 1000)),
    ]
    taken = []
    for area in SCOPES:
        with scope(area):
            for text in [sort() for sort in sorts for _ in range(TIMES)]:
                begun = time.perf_counter()
                for finds in (find, tubes_find, rooms_find, beds_find):
                    finds(text, area=area)
                taken.append(time.perf_counter() - begun)
    p95 = statistics.quantiles(taken, n=20)[-1]
    work = f"{people:,} people, {PLACES:,} places, {TUBES:,} tubes, {ROOMS:,} rooms, p95"
    middle = Line("search", "… median", f"{statistics.median(taken) * 1000:.1f} ms", "", None)
    return [Line("search", work, f"{p95 * 1000:.1f} ms", "≤ 50 ms", p95), middle]
