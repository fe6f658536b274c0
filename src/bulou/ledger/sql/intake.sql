-- From staged facts to stored ones.

-- name: nobody
-- Staged facts about a person, place or unit the directory does not know.
SELECT s.place, s.id, s.subject FROM w_stage s
WHERE (s.subject LIKE 'person:%%' AND NOT EXISTS (SELECT FROM person p WHERE p.id = split_part(s.subject, ':', 2)::uuid))
    OR (s.subject LIKE 'place:%%' AND NOT EXISTS (SELECT FROM place p WHERE p.id = split_part(s.subject, ':', 2)::uuid))
    OR (s.subject LIKE 'unit:%%' AND NOT EXISTS (SELECT FROM unit u WHERE u.id = split_part(s.subject, ':', 2)::uuid));

-- name: known
-- Staged facts whose id is taken: the same fact again, or a different one.
SELECT s.place, s.id,
    (f.kind, f.subject, f.area, f.at, f.data) = (s.kind, s.subject, s.area, s.at, s.data)
        AND f.by IS NOT DISTINCT FROM s.by AND f.supersedes IS NOT DISTINCT FROM s.supersedes AS same
FROM w_stage s JOIN fact_key k ON k.id = s.id JOIN fact f ON f.id = k.id AND f.at = k.at;

-- name: drop
DELETE FROM w_stage WHERE id = ANY (%(ids)s::uuid[]);

-- name: keys
INSERT INTO fact_key (id, at) SELECT id, at FROM w_stage;

-- name: store
INSERT INTO fact (id, kind, subject, area, at, by, data, supersedes, account)
SELECT id, kind, subject, area, at, by, data, supersedes, %(account)s::uuid FROM w_stage;

-- name: wait
INSERT INTO waiting (id, at) SELECT id, at FROM w_stage WHERE at > %(now)s;

-- name: move
INSERT INTO w_moved (id, kind, subject, area, at, data, flipped, effective)
SELECT id, kind, subject, area, at, data, false, true FROM w_stage WHERE at <= %(now)s;

-- name: arrive
-- Waiting facts the clock has reached.
WITH ripe AS (
    DELETE FROM waiting WHERE id IN (
        SELECT id FROM waiting WHERE at <= %(now)s ORDER BY at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
    RETURNING id, at
)
INSERT INTO w_moved (id, kind, subject, area, at, data, flipped, effective)
SELECT f.id, f.kind, f.subject, f.area, f.at, f.data, false, true FROM ripe r JOIN fact f ON f.id = r.id AND f.at = r.at;

-- name: again
-- Facts that bear on others: corrections and what they correct, waivers, levels; to derive everything anew.
INSERT INTO w_moved (id, kind, subject, area, at, data, flipped, effective)
SELECT f.id, f.kind, f.subject, f.area, f.at, f.data, false, true
FROM fact f
WHERE f.at <= %(now)s AND (f.supersedes IS NOT NULL OR f.kind IN ('duty.waived', 'response.level_set')
    OR f.id IN (SELECT x.supersedes FROM fact x WHERE x.supersedes IS NOT NULL));
