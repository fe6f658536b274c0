-- From given facts to stored ones.

-- name: staged
-- Fragment: a batch, in a work table.
w_stage

-- name: given
-- Fragment: a few facts, as one JSON array.
(SELECT * FROM jsonb_to_recordset(%(facts)s::jsonb) AS f (place int, id uuid, kind text, subject text, area text,
    at timestamptz, by text, data jsonb, supersedes uuid))

-- name: reviewed
-- Fragment: what the database has against facts. nobody: the subject is not in the directory; same, other: the id is taken
-- by the same fact, or by a different one; corrected: a fact that came earlier supersedes it. What is known is probed for
-- one by one (OFFSET 0 keeps it so): a batch is small beside it, whatever the planner guesses.
SELECT 'nobody', s.place, s.id, s.subject FROM {source} s
WHERE (starts_with(s.subject, 'person:') AND NOT EXISTS (SELECT FROM person p WHERE p.id = substr(s.subject, 8)::uuid OFFSET 0))
    OR (starts_with(s.subject, 'place:') AND NOT EXISTS (SELECT FROM place p WHERE p.id = substr(s.subject, 7)::uuid OFFSET 0))
    OR (starts_with(s.subject, 'unit:') AND NOT EXISTS (SELECT FROM unit u WHERE u.id = substr(s.subject, 6)::uuid OFFSET 0))
UNION ALL
SELECT CASE WHEN (f.kind, f.subject, f.area, f.at, f.data) = (s.kind, s.subject, s.area, s.at, s.data)
        AND f.by IS NOT DISTINCT FROM s.by AND f.supersedes IS NOT DISTINCT FROM s.supersedes
    THEN 'same' ELSE 'other' END, s.place, s.id, s.subject
FROM {source} s
CROSS JOIN LATERAL (SELECT k.at FROM fact_key k WHERE k.id = s.id OFFSET 0) k
CROSS JOIN LATERAL (SELECT * FROM fact f WHERE f.id = s.id AND f.at = k.at OFFSET 0) f
UNION ALL
SELECT 'corrected', s.place, s.id, s.subject FROM {source} s WHERE {corrected}

-- name: corrected_few
-- Fragment: fact s is superseded, looked up month by month.
EXISTS (SELECT FROM fact x WHERE x.supersedes = s.id OFFSET 0)

-- name: corrected_many
-- Fragment: the same, by the list of all corrections.
s.id IN (SELECT x.supersedes FROM fact x WHERE x.supersedes IS NOT NULL)

-- name: review
{reviewed};

-- name: entangled
-- Whether staged facts bear on other subjects than their own: response levels, and corrections of facts about somebody
-- else or not yet known, at any remove.
WITH RECURSIVE link AS (
    SELECT s.subject, s.supersedes AS id FROM w_stage s WHERE s.supersedes IS NOT NULL
    UNION
    SELECT l.subject, f.supersedes FROM link l CROSS JOIN LATERAL ({known}) f
    WHERE f.subject = l.subject AND f.supersedes IS NOT NULL
)
SELECT EXISTS (SELECT FROM w_stage s WHERE s.kind = 'response.level_set' OR (s.supersedes IS NOT NULL AND s.subject LIKE 'area:%%'))
    OR EXISTS (SELECT FROM link l WHERE NOT EXISTS (SELECT FROM ({known}) f WHERE f.subject = l.subject));

-- name: known
-- Fragment: the fact, stored or staged, that link l names.
SELECT f.subject, f.supersedes FROM fact_key k JOIN fact f ON f.id = k.id AND f.at = k.at WHERE k.id = l.id
UNION ALL
SELECT s.subject, s.supersedes FROM w_stage s WHERE s.id = l.id

-- name: drop
DELETE FROM w_stage WHERE id = ANY (%(ids)s::uuid[]);

-- name: store
-- Staged facts into the ledger; those up to :now count at once, the others wait. Gives the number that count.
WITH known AS (INSERT INTO fact_key (id, at) SELECT id, at FROM w_stage),
kept AS (
    INSERT INTO fact (id, kind, subject, area, at, by, data, supersedes, account)
    SELECT id, kind, subject, area, at, by, data, supersedes, %(account)s::uuid FROM w_stage
),
waits AS (INSERT INTO waiting (id, at) SELECT id, at FROM w_stage WHERE at > %(now)s)
INSERT INTO w_moved (id, kind, subject, area, at, data, flipped, effective)
SELECT id, kind, subject, area, at, data, false, true FROM w_stage WHERE at <= %(now)s;

-- name: take_few
-- A few facts that only discharge, stored and applied in one statement, without work tables; gives whether they were.
-- None is where there is any doubt: what a review finds, and `ahead` for facts later than the ledger stands, `opens` for
-- those that do more than discharge, `month` and `calendar` where they lack a partition or a rule its days.
WITH few AS MATERIALIZED (SELECT * FROM {given} g),
doubt AS MATERIALIZED (
    {reviewed}
    UNION ALL
    SELECT 'ahead', s.place, s.id, s.subject FROM few s WHERE s.at > COALESCE({floor}, '-infinity')
    UNION ALL
    SELECT 'opens', f.place, f.id, f.subject FROM few f JOIN rule_trigger g ON g.kind = f.kind AND g.part <> 'must'
    WHERE {matches}
    UNION ALL
    SELECT 'month', s.place, s.id, s.subject FROM few s
    WHERE to_regclass('fact_' || to_char(s.at AT TIME ZONE 'UTC', 'YYYY_MM')) IS NULL
    UNION ALL
    SELECT 'calendar', 0, NULL, NULL WHERE {lacking}
    LIMIT 1
),
fresh AS MATERIALIZED (SELECT * FROM few WHERE NOT EXISTS (SELECT FROM doubt)),
known AS (INSERT INTO fact_key (id, at) SELECT id, at FROM fresh),
kept AS (
    INSERT INTO fact (id, kind, subject, area, at, by, data, supersedes, account)
    SELECT id, kind, subject, area, at, by, data, supersedes, %(account)s::uuid FROM fresh
),
{discharging},
{counted},
told AS (INSERT INTO tally_delta SELECT * FROM count WHERE (open, met, late, waived, void, missed) <> (0, 0, 0, 0, 0, 0))
SELECT NOT EXISTS (SELECT FROM doubt);

-- name: ripe
-- Waiting facts the clock has reached, staged: their subjects are held before they arrive.
INSERT INTO w_stage (place, id, kind, subject, area, at, by, data, supersedes)
SELECT 0, f.id, f.kind, f.subject, f.area, f.at, f.by, f.data, f.supersedes
FROM (SELECT id, at FROM waiting WHERE at <= %(now)s ORDER BY at LIMIT %(limit)s) w
JOIN fact f ON f.id = w.id AND f.at = w.at;

-- name: arrive
-- Of the staged facts, those another pass has not taken meanwhile.
WITH ripe AS (DELETE FROM waiting w USING w_stage s WHERE w.id = s.id RETURNING w.id)
INSERT INTO w_moved (id, kind, subject, area, at, data, flipped, effective)
SELECT s.id, s.kind, s.subject, s.area, s.at, s.data, false, true FROM ripe r JOIN w_stage s ON s.id = r.id;

-- name: again
-- Facts that bear on others: corrections and what they correct, waivers, levels; to derive everything anew.
INSERT INTO w_moved (id, kind, subject, area, at, data, flipped, effective)
SELECT f.id, f.kind, f.subject, f.area, f.at, f.data, false, true
FROM fact f
WHERE f.at <= %(now)s AND (f.supersedes IS NOT NULL OR f.kind IN ('duty.waived', 'response.level_set')
    OR f.id IN (SELECT x.supersedes FROM fact x WHERE x.supersedes IS NOT NULL));
