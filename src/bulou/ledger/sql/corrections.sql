-- Facts that supersede facts.

-- name: chains
-- Every fact linked by correction to a fresh one that corrects or is corrected; none where the batch has no such fact.
WITH RECURSIVE fresh AS MATERIALIZED (
    SELECT f.id, f.at FROM w_moved f
),
seed AS MATERIALIZED (
    SELECT x.id FROM fresh m JOIN fact x ON x.id = m.id AND x.at = m.at WHERE x.supersedes IS NOT NULL
    UNION
    SELECT m.id FROM fresh m JOIN fact x ON x.supersedes = m.id AND x.at <= %(now)s
),
chain AS (
    SELECT id FROM seed
    UNION
    SELECT l.id FROM chain c CROSS JOIN LATERAL (
        SELECT f.supersedes AS id FROM fact f JOIN fact_key k ON k.id = f.id AND k.at = f.at
        WHERE f.id = c.id AND f.supersedes IS NOT NULL
        UNION ALL
        SELECT f.id FROM fact f WHERE f.supersedes = c.id) l
)
SELECT f.id, f.at, f.supersedes FROM chain c JOIN fact_key k ON k.id = c.id JOIN fact f ON f.id = k.id AND f.at = k.at
WHERE f.at <= %(now)s;

-- name: flipped
-- Older facts of the chains whose effect changes with this batch, as moved facts.
INSERT INTO w_moved (id, kind, subject, area, at, data, flipped, effective)
SELECT f.id, f.kind, f.subject, f.area, f.at, f.data, true, d.now_counts
FROM w_chain c
JOIN fact_key k ON k.id = c.id
JOIN fact f ON f.id = k.id AND f.at = k.at
CROSS JOIN LATERAL (SELECT NOT EXISTS (SELECT FROM dead x WHERE x.fact = f.id) AS counted, c.counts AS now_counts) d
WHERE d.counted <> d.now_counts AND NOT EXISTS (SELECT FROM w_moved m WHERE m.id = f.id);

-- name: bury
WITH risen AS (DELETE FROM dead d USING w_chain c WHERE d.fact = c.id AND c.counts)
INSERT INTO dead SELECT id FROM w_chain WHERE NOT counts ON CONFLICT DO NOTHING;

-- name: mark_fresh
UPDATE w_moved m SET effective = false WHERE NOT m.flipped AND EXISTS (SELECT FROM dead d WHERE d.fact = m.id);

-- name: moved
SELECT f.id, f.kind, f.subject, f.area, f.at, f.by, f.data
FROM w_moved m JOIN fact f ON f.id = m.id AND f.at = m.at WHERE m.kind = %(kind)s;

-- name: forget_waivers
DELETE FROM waiver w USING w_moved m WHERE w.fact = m.id;

-- name: levels
SELECT f.id, f.kind, f.subject, f.area, f.at, f.by, f.data
FROM fact f
WHERE f.subject = ANY (%(subjects)s::text[]) AND f.kind = 'response.level_set' AND f.at <= %(now)s
    AND NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
ORDER BY f.at, f.id;
