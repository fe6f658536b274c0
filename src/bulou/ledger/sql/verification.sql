-- name: tallies
-- Tallies and their deltas against a count of the duties, area by area; nothing where they agree.
WITH counted AS (
    SELECT y.day, left(d.area, n) AS area, d.rule, d.owner IS NOT NULL AS owned, d.state, count(*) AS n
    FROM duty d
    CROSS JOIN unnest(ARRAY[0, 2, 4, 6, 9, 12, 15]) n
    CROSS JOIN LATERAL (VALUES (d.day), ('-infinity'::date)) y (day)
    WHERE length(d.area) >= n
    GROUP BY 1, 2, 3, 4, 5
),
delta AS (
    SELECT y.day, left(d.area, n) AS area, d.rule, d.owned, d.open, d.met, d.late, d.waived, d.void, d.missed
    FROM tally_delta d
    CROSS JOIN unnest(ARRAY[0, 2, 4, 6, 9, 12, 15]) n
    CROSS JOIN LATERAL (VALUES (d.day), ('-infinity'::date)) y (day)
    WHERE length(d.area) >= n
),
kept AS (
    SELECT t.day, t.area, t.rule, t.owned, s.state, sum(s.n)::bigint AS n
    FROM (SELECT day, area, rule, owned, open, met, late, waived, void, missed FROM tally
        UNION ALL SELECT * FROM delta) t
    CROSS JOIN LATERAL (VALUES ('open', t.open), ('met', t.met), ('late', t.late), ('waived', t.waived),
        ('void', t.void), ('missed', t.missed)) s (state, n)
    GROUP BY 1, 2, 3, 4, 5
    HAVING sum(s.n) <> 0
)
SELECT day::text, area, rule, owned, state, c.n AS counted, k.n AS kept
FROM counted c FULL JOIN kept k USING (day, area, rule, owned, state)
WHERE c.n IS DISTINCT FROM k.n;
