-- The clock pass: what time alone does to courses, tallies and the people to be told.

-- name: full
-- Fragment: course c, of rule r and variant v, has come to the last seven slots of its last ready segment while more lie
-- ahead.
r.recurs <> 'once'
AND CASE r.recurs
    WHEN 'period' THEN c.starts_at + v.period * (63 * c.segment + 56) <= %(now)s
        AND c.starts_at + v.period * (63 * (c.segment + 1)) < c.ends_at
    ELSE EXISTS (
        SELECT FROM rule_slot k
        WHERE k.variant = c.variant AND k.slot = c.first_slot + 63 * c.segment + 56 AND k.opens_at <= %(now)s)
        AND EXISTS (
        SELECT FROM rule_slot k
        WHERE k.variant = c.variant AND k.slot = c.first_slot + 63 * (c.segment + 1) AND k.opens_at < c.ends_at
            AND (v.on_days IS NULL OR k.date - c.base_day <= (SELECT max(d) FROM unnest(v.on_days) d)))
    END
AND NOT EXISTS (
    SELECT FROM course n
    WHERE n.subject = c.subject AND n.rule = c.rule AND n.starts_at = c.starts_at AND n.opened_by = c.opened_by
        AND n.segment = c.segment + 1)

-- name: due
-- The next courses in which something falls due; gives how many notes of `wake` that used up. Notes another pass works on
-- are left to it; rows another writer holds keep theirs for the next pass. Courses that need another segment are set aside
-- for `extend`, which derives them. A note its course is past, or that is gone, is thrown away. What was found is asked for
-- by NOT IN, which is hashed whatever the planner guesses.
WITH ripe AS MATERIALIZED (
    DELETE FROM wake w WHERE w.ctid = ANY (ARRAY(
        SELECT n.ctid FROM wake n WHERE n.at > '-infinity' AND n.at <= %(now)s
        ORDER BY n.at LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
    RETURNING w.course
),
found AS MATERIALIZED (
    SELECT c.id, {full} AS is_full
    FROM course c JOIN rule r ON r.id = c.rule JOIN rule_variant v ON v.id = c.variant
    WHERE c.id IN (SELECT course FROM ripe) AND c.next_at <= %(now)s FOR UPDATE OF c SKIP LOCKED
),
held AS (
    INSERT INTO wake (at, course)
    SELECT c.next_at, c.id FROM (SELECT DISTINCT course FROM ripe WHERE course NOT IN (SELECT id FROM found)) p
    JOIN course c ON c.id = p.course AND c.next_at <= %(now)s
    RETURNING course
),
aside AS (INSERT INTO wake (at, course) SELECT '-infinity', id FROM found WHERE is_full),
taken AS (INSERT INTO w_due (course) SELECT id FROM found WHERE NOT is_full)
SELECT (SELECT count(*) FROM ripe) - (SELECT count(*) FROM held);

-- name: extend
-- The courses set aside, to be derived again, which adds a segment.
WITH aside AS (
    DELETE FROM wake w WHERE w.ctid = ANY (ARRAY(
        SELECT n.ctid FROM wake n WHERE n.at = '-infinity' LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
    RETURNING w.course
)
INSERT INTO w_touched SELECT DISTINCT c.rule, c.subject FROM aside a JOIN course c ON c.id = a.course;

-- name: settle_due
WITH slot AS (
    SELECT c.id, c.ends_at, k.opens_at, k.due_at, 1::bigint << (k.slot - c.first_slot - 63 * c.segment) AS bit,
        c.met | c.late | c.waived | c.void | c.missed AS settled
    FROM w_due d
    JOIN course c ON c.id = d.course
    JOIN rule_variant v ON v.id = c.variant
    JOIN rule_slot k ON k.variant = c.variant
        AND k.opens_at <= %(now)s AND k.opens_at >= LEAST(c.next_at, %(now)s) - v.span
        AND k.slot BETWEEN c.first_slot + 63 * c.segment AND c.first_slot + 63 * c.segment + 62
    WHERE k.opens_at < c.ends_at AND (v.on_days IS NULL OR k.date - c.base_day = ANY (v.on_days))
    UNION ALL
    SELECT c.id, c.ends_at, c.starts_at, c.starts_at + v.within, 1, c.met | c.late | c.waived | c.void | c.missed
    FROM w_due d JOIN course c ON c.id = d.course JOIN rule_variant v ON v.id = c.variant AND v.within IS NOT NULL
    UNION ALL
    SELECT c.id, c.ends_at, c.starts_at + v.period * n, c.starts_at + v.period * (n + 1), 1::bigint << (n - 63 * c.segment),
        c.met | c.late | c.waived | c.void | c.missed
    FROM w_due d
    JOIN course c ON c.id = d.course
    JOIN rule_variant v ON v.id = c.variant AND v.period IS NOT NULL
    CROSS JOIN LATERAL generate_series(
        GREATEST(63 * c.segment,
            floor(extract(epoch FROM LEAST(c.next_at, %(now)s) - v.span - c.starts_at) / extract(epoch FROM v.period))::int),
        LEAST(63 * c.segment + 62, floor(extract(epoch FROM %(now)s - c.starts_at) / extract(epoch FROM v.period))::int)) n
    WHERE c.starts_at + v.period * n < c.ends_at
),
waived AS (
    SELECT c.id, w.opens_at
    FROM w_due d
    JOIN course c ON c.id = d.course
    JOIN rule r ON r.id = c.rule
    JOIN waiver w ON w.subject = c.subject AND w.duty = r.name
    WHERE NOT EXISTS (SELECT FROM dead d WHERE d.fact = w.fact)
    GROUP BY c.id, w.opens_at
),
fate AS MATERIALIZED (
    SELECT s.*, CASE
        WHEN s.settled & s.bit <> 0 THEN 'settled'
        WHEN w.id IS NOT NULL THEN 'waived'
        WHEN s.ends_at < s.due_at AND s.ends_at <= %(now)s THEN 'void'
        WHEN s.due_at < %(now)s THEN 'missed'
        ELSE 'open' END AS state
    FROM slot s LEFT JOIN waived w ON w.id = s.id AND w.opens_at = s.opens_at
),
mask AS (
    SELECT id, bit_or(bit) AS opened,
        bit_or(bit) FILTER (WHERE state = 'waived') AS waived,
        bit_or(bit) FILTER (WHERE state = 'void') AS void,
        bit_or(bit) FILTER (WHERE state = 'missed') AS missed,
        min(CASE WHEN ends_at < due_at THEN ends_at ELSE due_at + interval '1 microsecond' END)
            FILTER (WHERE state = 'open') AS next_at
    FROM fate GROUP BY id
),
settled AS (
    UPDATE course c SET
        opened = c.opened | COALESCE(m.opened, 0), waived = c.waived | COALESCE(m.waived, 0), void = c.void | COALESCE(m.void, 0),
        missed = c.missed | COALESCE(m.missed, 0), had_misses = c.missed | COALESCE(m.missed, 0) <> 0,
        next_at = LEAST(m.next_at, n.opens_at, 'infinity')
    FROM w_due d, course o
    LEFT JOIN mask m ON m.id = o.id
    {next_opening}
    WHERE o.id = d.course AND c.id = o.id
    {changes}
),
{noted};

-- name: tally
WITH changed AS (SELECT * FROM w_changed),
{tallied};

-- name: lapses
-- A duty newly missed is written once, dated by its due time. Missed again (what did it was withdrawn, or the rule has
-- changed), it is told to those who have not been told.
INSERT INTO lapse AS l (rule, variant, subject, opens_at, due_at, area, owner, noticed_at, tell_at)
SELECT DISTINCT ON (x.subject, x.rule, s.opens_at)
    x.rule, x.variant, x.subject, s.opens_at, s.due_at, x.area, x.owner, %(now)s, s.due_at + t.after
FROM (SELECT *, missed & ~o_missed AS bits FROM w_changed WHERE missed & ~o_missed <> 0) x
JOIN rule r ON r.id = x.rule
JOIN rule_variant v ON v.id = x.variant
CROSS JOIN LATERAL generate_series(64 - position('1' IN (x.bits & -x.bits)::bit(64)::text),
    64 - position('1' IN x.bits::bit(64)::text)) b
CROSS JOIN LATERAL (SELECT 63 * x.segment + b AS place) n
LEFT JOIN rule_slot k ON k.variant = x.variant AND k.slot = x.first_slot + n.place
CROSS JOIN LATERAL (SELECT
    CASE r.recurs WHEN 'daily' THEN k.opens_at WHEN 'once' THEN x.starts_at ELSE x.starts_at + v.period * n.place END AS opens_at,
    CASE r.recurs WHEN 'daily' THEN k.due_at WHEN 'once' THEN x.starts_at + v.within
        ELSE x.starts_at + v.period * (n.place + 1) END AS due_at) s
LEFT JOIN rule_tell t ON t.variant = x.variant AND t.step = 0
WHERE x.bits >> b & 1 = 1
ORDER BY x.subject, x.rule, s.opens_at, x.id
ON CONFLICT (subject, rule, opens_at) DO UPDATE SET
    variant = excluded.variant, due_at = excluded.due_at,
    tell_at = excluded.due_at
        + (SELECT t.after FROM rule_tell t WHERE t.variant = excluded.variant AND t.step = l.step)
WHERE l.tell_at IS NULL OR l.variant <> excluded.variant;

-- name: fold
-- Deltas into the tallies of the duty's area and of every area above it up to the whole country, for the day and for all
-- days together.
WITH moved AS (DELETE FROM tally_delta RETURNING *),
up AS (
    SELECT d.day, left(m.area, n) AS area, m.rule, m.owned,
        sum(open) AS open, sum(met) AS met, sum(late) AS late, sum(waived) AS waived, sum(void) AS void, sum(missed) AS missed
    FROM moved m
    CROSS JOIN unnest(ARRAY[0, 2, 4, 6, 9, 12, 15]) n
    CROSS JOIN LATERAL (VALUES (m.day), ('-infinity'::date)) d (day)
    WHERE length(m.area) >= n
    GROUP BY 1, 2, 3, 4
)
INSERT INTO tally AS t (day, area, rule, owned, open, met, late, waived, void, missed)
SELECT * FROM up
ON CONFLICT (day, area, rule, owned) DO UPDATE SET
    open = t.open + excluded.open, met = t.met + excluded.met, late = t.late + excluded.late,
    waived = t.waived + excluded.waived, void = t.void + excluded.void, missed = t.missed + excluded.missed;

-- name: tell
-- Who must be told of a lapse by now: the unit in the role over the area. A duty no longer missed is told to nobody.
WITH ripe AS (
    SELECT l.*, t.role, t.after,
        EXISTS (SELECT FROM course c
            CROSS JOIN LATERAL (SELECT s.bit FROM course_slot s WHERE s.id = c.id AND s.opens_at = l.opens_at OFFSET 0) s
            WHERE c.subject = l.subject AND c.rule = l.rule AND c.missed & s.bit <> 0 OFFSET 0) AS missed
    FROM lapse l JOIN rule_tell t ON t.variant = l.variant AND t.step = l.step
    WHERE l.tell_at <= %(now)s
    ORDER BY l.tell_at LIMIT %(limit)s FOR UPDATE OF l SKIP LOCKED
),
told AS (
    INSERT INTO notice (rule, subject, opens_at, step, area, role, unit, at)
    SELECT r.rule, r.subject, r.opens_at, r.step, r.area, r.role,
        (SELECT u.unit FROM unit_role u
            WHERE u.role = r.role AND u.area = ANY (ARRAY[left(r.area, 2), left(r.area, 4), left(r.area, 6),
                left(r.area, 9), left(r.area, 12), r.area])
            ORDER BY length(u.area) DESC, u.unit LIMIT 1), r.tell_at
    FROM ripe r WHERE r.missed
    ON CONFLICT DO NOTHING
)
UPDATE lapse l SET step = r.step + r.missed::int, tell_at = CASE WHEN r.missed THEN l.due_at + n.after END
FROM ripe r LEFT JOIN rule_tell n ON n.variant = r.variant AND n.step = r.step + 1
WHERE l.subject = r.subject AND l.rule = r.rule AND l.opens_at = r.opens_at;
