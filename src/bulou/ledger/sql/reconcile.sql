-- From facts to courses. w_moved holds the facts that began or ceased to count; :now is the ledger's instant.

-- name: matches
-- Fragment: fact f satisfies every condition of trigger g that is valid at its time. A CASE is taken to let half the rows
-- pass, any other form next to none, and then the facts are hashed and not the rules.
CASE g.conditions WHEN 0 THEN true ELSE g.conditions = (
    SELECT count(*) FROM rule_condition n
    WHERE n.trigger = g.id AND f.at >= n.valid_from AND f.at < n.valid_to
        AND rule_holds(n.op, f.data -> n.field, n.value)) END

-- name: next_opening
-- Fragment: when the next slot of course o opens, after :now and within its segment and interval.
LEFT JOIN LATERAL (
    SELECT k.opens_at FROM rule_slot k
    WHERE k.variant = o.variant AND k.opens_at > %(now)s AND k.opens_at < o.ends_at
        AND k.slot BETWEEN o.first_slot + 63 * o.segment AND o.first_slot + 63 * o.segment + 62
    ORDER BY k.opens_at LIMIT 1) k ON true
LEFT JOIN LATERAL (
    SELECT o.starts_at + v.period * n AS opens_at
    FROM rule_variant v
    CROSS JOIN LATERAL (SELECT GREATEST(63 * o.segment,
        floor(extract(epoch FROM %(now)s - o.starts_at) / extract(epoch FROM v.period))::int + 1) AS n) n
    WHERE v.id = o.variant AND v.period IS NOT NULL AND n <= 63 * o.segment + 62
        AND o.starts_at + v.period * n < o.ends_at) p ON true
CROSS JOIN LATERAL (SELECT LEAST(k.opens_at, p.opens_at) AS opens_at) n

-- name: changes
-- Fragment: what an UPDATE of course c changed.
RETURNING c.id, c.rule, c.variant, c.subject, c.area, c.owner, c.starts_at, c.first_slot, c.segment,
    old.opened AS o_opened, old.met AS o_met, old.late AS o_late, old.waived AS o_waived, old.void AS o_void,
    old.missed AS o_missed, new.opened, new.met, new.late, new.waived, new.void, new.missed, old.next_at AS o_next, new.next_at

-- name: noted
-- Fragment: of the courses in `settled`, when the clock must come by them next, and what changed.
woken AS (INSERT INTO wake (at, course) SELECT next_at, id FROM settled WHERE next_at < 'infinity' AND next_at <> o_next)
INSERT INTO w_changed
SELECT id, rule, variant, subject, area, owner, starts_at, first_slot, segment,
    o_opened, o_met, o_late, o_waived, o_void, o_missed, opened, met, late, waived, void, missed
FROM settled
WHERE (o_opened, o_met, o_late, o_waived, o_void, o_missed) IS DISTINCT FROM (opened, met, late, waived, void, missed)

-- name: touch_rules
-- The (rule, subject) pairs whose courses must be derived again: an opening, an ending, or a discharge that was undone.
-- A fact superseded before it counted is among them, for it may have been read while it waited for the clock.
INSERT INTO w_touched
SELECT DISTINCT g.rule, f.subject
FROM w_moved f JOIN rule_trigger g ON g.kind = f.kind
WHERE (f.flipped OR NOT f.effective OR g.part <> 'must')
    AND {matches}
ON CONFLICT DO NOTHING;

-- name: touch_waivers
INSERT INTO w_touched
SELECT r.id, w.subject FROM w_moved f JOIN waiver w ON w.fact = f.id JOIN rule r ON r.name = w.duty
ON CONFLICT DO NOTHING;

-- name: touch_levels
-- A response level changed: every subject of a rule with a level whose openings lie in the areas named.
INSERT INTO w_touched
SELECT DISTINCT r.id, f.subject
FROM rule r
JOIN rule_trigger g ON g.rule = r.id AND g.part = 'when'
JOIN fact f ON f.kind = g.kind
JOIN unnest(%(areas)s::text[]) a (area) ON starts_with(f.area, a.area)
WHERE r.level IS NOT NULL AND f.at <= %(now)s
ON CONFLICT DO NOTHING;

-- name: touch_rule_set
-- Every subject of the rules named, by their openings and by what they opened before: after a plan is adopted.
INSERT INTO w_touched
SELECT DISTINCT g.rule, f.subject
FROM rule_trigger g JOIN fact f ON f.kind = g.kind AND f.at <= %(now)s
WHERE g.part = 'when' AND g.rule = ANY (%(rules)s::int[])
UNION
SELECT DISTINCT c.rule, c.subject FROM course c WHERE c.rule = ANY (%(rules)s::int[])
ON CONFLICT DO NOTHING;

-- name: events
-- The openings and endings of the touched pairs that count now, found pair by pair: hundreds of rules may read one kind.
INSERT INTO w_event
SELECT t.rule, t.subject, f.part = 'when', f.at, f.id, f.area, v.id, f.at + v.after
FROM w_touched t
JOIN rule r ON r.id = t.rule
CROSS JOIN LATERAL (
    SELECT f.id, f.at, f.area, g.part
    FROM rule_trigger g
    JOIN fact f ON f.subject = t.subject AND f.kind = g.kind AND f.at <= %(now)s
    WHERE g.rule = t.rule AND g.part <> 'must' AND {matches}
    OFFSET 0) f
LEFT JOIN rule_variant v ON f.part = 'when' AND v.rule = t.rule AND f.at >= v.valid_from AND f.at < v.valid_to
WHERE NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)
    AND (f.part = 'until' OR v.id IS NOT NULL)
    AND (f.part = 'until' OR EXISTS (SELECT FROM adoption a WHERE a.plan = r.plan AND starts_with(f.area, a.area)));

-- name: courses
-- Intervals, cut into the pieces in which the level holds, cut into segments of 63 slots. The next segment stands ready
-- seven slots before it is needed.
WITH RECURSIVE bounded AS (
    SELECT e.*, e.id AS opened_by, LEAST(u.at, e.ends_at, 'infinity') AS closes_at
    FROM (SELECT DISTINCT t.rule, t.subject FROM w_touched t JOIN rule r ON r.id = t.rule AND r.bounded) t
    CROSS JOIN LATERAL (
        SELECT * FROM w_event e WHERE e.rule = t.rule AND e.subject = t.subject AND e.opening ORDER BY e.at, e.id LIMIT 1) e
    LEFT JOIN LATERAL (
        SELECT u.at FROM w_event u
        WHERE u.rule = t.rule AND u.subject = t.subject AND NOT u.opening AND u.at > e.at ORDER BY u.at LIMIT 1) u ON true
    UNION ALL
    SELECT e.*, e.id, LEAST(u.at, e.ends_at, 'infinity')
    FROM bounded b
    CROSS JOIN LATERAL (
        SELECT * FROM w_event e
        WHERE e.rule = b.rule AND e.subject = b.subject AND e.opening AND e.at >= b.closes_at ORDER BY e.at, e.id LIMIT 1) e
    LEFT JOIN LATERAL (
        SELECT u.at FROM w_event u
        WHERE u.rule = b.rule AND u.subject = b.subject AND NOT u.opening AND u.at > e.at ORDER BY u.at LIMIT 1) u ON true
),
interval_of AS (
    SELECT rule, variant, subject, area, opened_by, at AS starts_at, closes_at AS ends_at FROM bounded
    UNION ALL
    SELECT e.rule, e.variant, e.subject, e.area, e.id, e.at, 'infinity'
    FROM w_event e JOIN rule r ON r.id = e.rule AND NOT r.bounded
    WHERE e.opening
),
piece AS (
    SELECT i.rule, i.variant, i.subject, i.area, i.opened_by, i.starts_at, i.ends_at
    FROM interval_of i JOIN rule r ON r.id = i.rule AND r.level IS NULL
    UNION ALL
    SELECT i.rule, i.variant, i.subject, i.area, i.opened_by, lower(p), COALESCE(upper(p), 'infinity')
    FROM interval_of i
    JOIN rule r ON r.id = i.rule
    CROSS JOIN LATERAL (
        SELECT range_agg(s.span) AS spans FROM level_span s WHERE s.grade >= r.level AND starts_with(i.area, s.area)) l
    CROSS JOIN LATERAL unnest(l.spans * tstzmultirange(tstzrange(i.starts_at, i.ends_at))) p
    WHERE r.level IS NOT NULL
),
numbered AS (
    SELECT p.*, (p.starts_at AT TIME ZONE r.zone)::date AS base_day, v.period, v.on_days, r.recurs,
        CASE r.recurs WHEN 'daily' THEN k.slot ELSE 0 END AS first_slot,
        CASE r.recurs
            WHEN 'once' THEN 0
            WHEN 'period' THEN
                (floor(extract(epoch FROM LEAST(p.ends_at, %(now)s) - p.starts_at) / extract(epoch FROM v.period))::int + 7) / 63
            ELSE (l.slot - k.slot + 7) / 63
        END AS last_segment
    FROM piece p
    JOIN rule r ON r.id = p.rule
    JOIN rule_variant v ON v.id = p.variant
    LEFT JOIN LATERAL (
        SELECT k.slot FROM rule_slot k
        WHERE r.recurs = 'daily' AND k.variant = p.variant AND k.opens_at >= p.starts_at AND k.opens_at < p.ends_at
            AND (v.on_days IS NULL OR k.date - (p.starts_at AT TIME ZONE r.zone)::date = ANY (v.on_days))
        ORDER BY k.opens_at, k.slot LIMIT 1) k ON true
    LEFT JOIN LATERAL (
        SELECT GREATEST(k.slot, max(l.slot)) AS slot FROM (
            SELECT l.slot FROM rule_slot l
            WHERE r.recurs = 'daily' AND l.variant = p.variant AND l.opens_at < p.ends_at AND l.opens_at <= %(now)s
            ORDER BY l.opens_at DESC, l.slot DESC LIMIT 1) l) l ON true
    WHERE r.recurs <> 'daily' OR k.slot IS NOT NULL
)
INSERT INTO w_course
SELECT n.rule, n.variant, n.subject, n.area, n.opened_by, n.starts_at, n.ends_at, n.base_day, n.first_slot, s
FROM numbered n CROSS JOIN LATERAL generate_series(0, n.last_segment) s
WHERE s = 0
    OR (n.recurs = 'period' AND n.starts_at + n.period * (63 * s) < n.ends_at)
    OR (n.recurs = 'daily' AND EXISTS (
        SELECT FROM rule_slot k
        WHERE k.variant = n.variant AND k.slot = n.first_slot + 63 * s AND k.opens_at < n.ends_at
            AND (n.on_days IS NULL OR k.date - n.base_day <= (SELECT max(d) FROM unnest(n.on_days) d))));

-- name: courses_gone
-- Courses of touched pairs that the facts no longer give.
WITH gone AS (
    DELETE FROM course c USING w_touched t
    WHERE c.rule = t.rule AND c.subject = t.subject AND NOT EXISTS (
        SELECT FROM w_course w
        WHERE w.subject = c.subject AND w.rule = c.rule AND w.starts_at = c.starts_at
            AND w.opened_by = c.opened_by AND w.segment = c.segment AND w.variant = c.variant
            AND w.area = c.area AND w.first_slot = c.first_slot)
    RETURNING c.*
)
INSERT INTO w_changed
SELECT id, rule, variant, subject, area, owner, starts_at, first_slot, segment, opened, met, late, waived, void, missed,
    0, 0, 0, 0, 0, 0
FROM gone;

-- name: retire
-- Every course of rules that change or go.
WITH gone AS (DELETE FROM course c WHERE c.rule = ANY (%(rules)s::int[]) RETURNING c.*)
INSERT INTO w_changed
SELECT id, rule, variant, subject, area, owner, starts_at, first_slot, segment, opened, met, late, waived, void, missed,
    0, 0, 0, 0, 0, 0
FROM gone;

-- name: courses_new
INSERT INTO course (rule, variant, subject, area, opened_by, starts_at, ends_at, base_day, first_slot, segment)
SELECT rule, variant, subject, area, opened_by, starts_at, ends_at, base_day, first_slot, segment FROM w_course
ON CONFLICT (subject, rule, starts_at, opened_by, segment) DO NOTHING;

-- name: courses_named
-- The courses as derived, each with the number of its row: what follows looks at these alone, whatever else is stored.
UPDATE w_course w SET id = c.id FROM course c
WHERE c.subject = w.subject AND c.rule = w.rule AND c.starts_at = w.starts_at AND c.opened_by = w.opened_by AND c.segment = w.segment;

-- name: facts_touched
-- Fragment: every fact that may discharge a touched pair.
SELECT f.subject, f.kind, f.at, f.data
FROM (SELECT DISTINCT t.subject, g.kind FROM w_touched t JOIN rule_trigger g ON g.rule = t.rule AND g.part = 'must') t
JOIN fact f ON f.subject = t.subject AND f.kind = t.kind AND f.at <= %(now)s
WHERE NOT EXISTS (SELECT FROM dead d WHERE d.fact = f.id)

-- name: near_batch
-- Fragment: only the hours of the batch.
g.kind = ANY (%(kinds)s::text[])
AND k.hour BETWEEN date_bin('1 hour', %(since)s, '1970-01-01 00:00:00+00') AND %(now)s

-- name: near_touched
-- Fragment: only the hours of rules that are derived again.
g.rule IN (SELECT t.rule FROM w_touched t)

-- name: shapes_of_kinds
-- How the rules recur that facts of some kinds discharge.
SELECT DISTINCT CASE WHEN v.on_days IS NULL THEN r.recurs ELSE 'on_days' END
FROM rule_trigger g JOIN rule r ON r.id = g.rule JOIN rule_variant v ON v.rule = r.id
WHERE g.part = 'must' AND g.kind = ANY (%(kinds)s::text[]);

-- name: shapes_touched
-- How the rules recur that are derived again.
SELECT DISTINCT CASE WHEN v.on_days IS NULL THEN r.recurs ELSE 'on_days' END
FROM (SELECT DISTINCT rule FROM w_touched) t JOIN rule r ON r.id = t.rule JOIN rule_variant v ON v.rule = r.id;

-- name: theirs_derived
-- Fragment: the courses c of what d discharges, among those derived again.
JOIN w_course c ON c.subject = d.subject AND c.rule = d.rule

-- name: slots_derived
-- Fragment: every bit of the courses derived again that has opened, as the view course_slot has it.
SELECT c.id, c.rule, c.subject, c.ends_at, 1::bigint << (k.slot - c.first_slot - 63 * c.segment) AS bit, k.opens_at, k.due_at
FROM w_course c
JOIN rule_variant v ON v.id = c.variant
JOIN rule r ON r.id = c.rule AND r.recurs = 'daily'
JOIN rule_slot k ON k.variant = c.variant
    AND k.slot BETWEEN c.first_slot + 63 * c.segment AND c.first_slot + 63 * c.segment + 62
WHERE k.opens_at <= %(now)s AND k.opens_at < c.ends_at AND (v.on_days IS NULL OR k.date - c.base_day = ANY (v.on_days))
UNION ALL
SELECT c.id, c.rule, c.subject, c.ends_at, 1::bigint, c.starts_at, c.starts_at + v.within
FROM w_course c JOIN rule_variant v ON v.id = c.variant JOIN rule r ON r.id = c.rule AND r.recurs = 'once'
WHERE c.starts_at <= %(now)s
UNION ALL
SELECT c.id, c.rule, c.subject, c.ends_at, 1::bigint << (n - 63 * c.segment), c.starts_at + v.period * n, c.starts_at + v.period * (n + 1)
FROM w_course c
JOIN rule_variant v ON v.id = c.variant
JOIN rule r ON r.id = c.rule AND r.recurs = 'period'
CROSS JOIN LATERAL generate_series(63 * c.segment, 63 * c.segment + 62) n
WHERE c.starts_at + v.period * n <= %(now)s AND c.starts_at + v.period * n < c.ends_at

-- name: settle_touched
-- Every bit of the courses derived again, from the facts, and when each ends. The courses go through `mask` with their
-- slots, instead of meeting them in a join that is quadratic where the planner takes slots to be few.
WITH {marking},
waived AS (
    SELECT r.id AS rule, w.subject, w.opens_at
    FROM waiver w JOIN rule r ON r.name = w.duty JOIN w_touched t ON t.rule = r.id AND t.subject = w.subject
    WHERE NOT EXISTS (SELECT FROM dead d WHERE d.fact = w.fact)
),
fate AS MATERIALIZED (
    SELECT s.id, s.bit, s.due_at, s.ends_at, CASE
        WHEN k.met & s.bit <> 0 THEN 'met'
        WHEN k.late & s.bit <> 0 THEN 'late'
        WHEN w.subject IS NOT NULL THEN 'waived'
        WHEN s.ends_at < s.due_at AND s.ends_at <= %(now)s THEN 'void'
        WHEN s.due_at < %(now)s THEN 'missed'
        ELSE 'open' END AS state
    FROM ({slots_derived}) s
    LEFT JOIN mark k ON k.id = s.id
    LEFT JOIN waived w ON w.rule = s.rule AND w.subject = s.subject AND w.opens_at = s.opens_at
),
mask AS (
    SELECT id, max(variant) AS variant, max(first_slot) AS first_slot, max(segment) AS segment,
        max(starts_at) AS starts_at, max(ends_at) AS ends_at, bit_or(bit) AS opened,
        bit_or(bit) FILTER (WHERE state = 'met') AS met,
        bit_or(bit) FILTER (WHERE state = 'late') AS late,
        bit_or(bit) FILTER (WHERE state = 'waived') AS waived,
        bit_or(bit) FILTER (WHERE state = 'void') AS void,
        bit_or(bit) FILTER (WHERE state = 'missed') AS missed,
        min(next_at) FILTER (WHERE state = 'open') AS next_at
    FROM (
        SELECT id, variant, first_slot, segment, starts_at, ends_at, NULL::bigint AS bit, NULL AS state,
            NULL::timestamptz AS next_at
        FROM w_course
        UNION ALL
        SELECT id, NULL, NULL, NULL, NULL, NULL, bit, state,
            CASE WHEN ends_at < due_at THEN ends_at ELSE due_at + interval '1 microsecond' END
        FROM fate
    ) each
    GROUP BY id
),
settled AS (
    UPDATE course c SET
        opened = COALESCE(o.opened, 0), met = COALESCE(o.met, 0), late = COALESCE(o.late, 0),
        waived = COALESCE(o.waived, 0), void = COALESCE(o.void, 0), missed = COALESCE(o.missed, 0),
        had_misses = o.missed IS NOT NULL, ends_at = o.ends_at, next_at = LEAST(o.next_at, n.opens_at, 'infinity')
    FROM mask o
    {next_opening}
    WHERE c.id = o.id
    {changes}
),
{noted};

-- name: counted
-- Fragment: what the bits in `changed` add to and take from the counts of their area, rule and day. Courses that changed
-- alike are counted together before their bits are told apart.
alike AS (
    SELECT x.area, x.rule, x.variant, x.first_slot + 63 * x.segment AS base, x.owner IS NOT NULL AS owned,
        CASE WHEN r.recurs <> 'daily' THEN x.starts_at END AS starts_at,
        x.o_opened & ~(x.o_met | x.o_late | x.o_waived | x.o_void | x.o_missed) AS o_open,
        x.opened & ~(x.met | x.late | x.waived | x.void | x.missed) AS open,
        x.o_met, x.o_late, x.o_waived, x.o_void, x.o_missed, x.met, x.late, x.waived, x.void, x.missed,
        count(*)::int AS courses
    FROM changed x JOIN rule r ON r.id = x.rule
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18
),
diff AS (
    SELECT a.*, d.bits, 64 - position('1' IN (d.bits & -d.bits)::bit(64)::text) AS low,
        64 - position('1' IN d.bits::bit(64)::text) AS high
    FROM alike a
    CROSS JOIN LATERAL (SELECT (o_open # open) | (o_met # met) | (o_late # late) | (o_waived # waived)
        | (o_void # void) | (o_missed # missed) AS bits) d
    WHERE d.bits <> 0
),
slot AS (
    SELECT d.*, n, CASE r.recurs
        WHEN 'daily' THEN k.day
        WHEN 'once' THEN ((d.starts_at + v.within - interval '1 microsecond') AT TIME ZONE r.zone)::date
        ELSE ((d.starts_at + v.period * (d.base + n + 1) - interval '1 microsecond') AT TIME ZONE r.zone)::date
        END AS day
    FROM diff d
    JOIN rule r ON r.id = d.rule
    JOIN rule_variant v ON v.id = d.variant
    CROSS JOIN LATERAL generate_series(d.low, d.high) n
    LEFT JOIN rule_slot k ON k.variant = d.variant AND k.slot = d.base + n
    WHERE d.bits >> n & 1 = 1
),
count AS (
    SELECT area, rule, day, owned,
        sum(courses * ((open >> n & 1) - (o_open >> n & 1))::int) AS open,
        sum(courses * ((met >> n & 1) - (o_met >> n & 1))::int) AS met,
        sum(courses * ((late >> n & 1) - (o_late >> n & 1))::int) AS late,
        sum(courses * ((waived >> n & 1) - (o_waived >> n & 1))::int) AS waived,
        sum(courses * ((void >> n & 1) - (o_void >> n & 1))::int) AS void,
        sum(courses * ((missed >> n & 1) - (o_missed >> n & 1))::int) AS missed
    FROM slot GROUP BY 1, 2, 3, 4
)

-- name: tallied
-- Fragment: the same, and the counts written down.
{counted}
INSERT INTO tally_delta SELECT * FROM count WHERE (open, met, late, waived, void, missed) <> (0, 0, 0, 0, 0, 0)

-- name: fresh
-- Fragment: the facts of a batch that only discharge. Pairs derived again are left out below.
SELECT f.subject, f.kind, f.at, f.data FROM w_moved f WHERE f.effective AND NOT f.flipped

-- name: untouched
-- Fragment: course c is not derived again in this batch.
NOT EXISTS (SELECT FROM w_touched t WHERE t.rule = c.rule AND t.subject = c.subject)

-- name: theirs
-- Fragment: the courses c of what d discharges, found one by one: a batch is small beside all courses.
CROSS JOIN LATERAL (SELECT * FROM course o WHERE o.subject = d.subject AND o.rule = d.rule OFFSET 0) c

-- name: theirs_of_all
-- Fragment: the same for a huge batch.
JOIN course c ON c.subject = d.subject AND c.rule = d.rule

-- name: hit_daily
-- Fragment: slots of every day, from the words.
SELECT c.id, (CASE WHEN s.by >= 0 THEN d.met << s.by ELSE d.met >> -s.by END) & i.bits AS met,
    (CASE WHEN s.by >= 0 THEN d.late << s.by ELSE d.late >> -s.by END) & i.bits AS late
FROM word d
{theirs}
CROSS JOIN LATERAL (SELECT 32 * d.word - c.first_slot - 63 * c.segment AS by) s
CROSS JOIN LATERAL (
    SELECT CASE WHEN c.ends_at = 'infinity' THEN 62 ELSE (
        SELECT k.slot - c.first_slot - 63 * c.segment FROM rule_slot k
        WHERE k.variant = c.variant AND k.opens_at < c.ends_at ORDER BY k.opens_at DESC, k.slot DESC LIMIT 1) END AS last) e
CROSS JOIN LATERAL (SELECT 9223372036854775807 >> (62 - LEAST(e.last, 62)) AS bits) i
WHERE c.variant = d.variant AND s.by BETWEEN -31 AND 62 AND e.last >= 0 AND {chosen}

-- name: hit_on_days
-- Fragment: slots of certain days of a course.
SELECT c.id, b.bit * (d.at <= k.due_at)::int, b.bit * (d.at > k.due_at)::int
FROM done d
{theirs}
JOIN rule_variant v ON v.id = c.variant AND v.on_days IS NOT NULL
JOIN rule_hour k ON k.variant = c.variant
    AND k.hour = date_bin('1 hour', d.at, '1970-01-01 00:00:00+00') AND d.at >= k.opens_at AND d.at <= k.reach_at
    AND k.slot BETWEEN c.first_slot + 63 * c.segment AND c.first_slot + 63 * c.segment + 62
CROSS JOIN LATERAL (SELECT 1::bigint << (k.slot - c.first_slot - 63 * c.segment) AS bit) b
WHERE k.opens_at >= c.starts_at AND k.opens_at < c.ends_at AND k.date - c.base_day = ANY (v.on_days) AND {chosen}

-- name: hit_once
-- Fragment: the one slot of a one-off duty.
SELECT c.id, (d.at <= c.starts_at + v.within)::int, (d.at > c.starts_at + v.within)::int
FROM done d
JOIN rule r ON r.id = d.rule AND r.recurs = 'once'
{theirs}
JOIN rule_variant v ON v.id = c.variant
WHERE c.starts_at <= d.at AND {chosen}

-- name: hit_period
-- Fragment: slots counted from the course's start.
SELECT c.id, b.bit * b.in_time::int, b.bit * (NOT b.in_time)::int
FROM done d
JOIN rule r ON r.id = d.rule AND r.recurs = 'period'
{theirs}
JOIN rule_variant v ON v.id = c.variant
CROSS JOIN LATERAL generate_series(
    GREATEST(63 * c.segment,
        ceil(extract(epoch FROM d.at - v.late - c.starts_at) / extract(epoch FROM v.period))::int - 1),
    LEAST(63 * c.segment + 62, floor(extract(epoch FROM d.at - c.starts_at) / extract(epoch FROM v.period))::int)) n
CROSS JOIN LATERAL (
    SELECT 1::bigint << (n - 63 * c.segment) AS bit, d.at <= c.starts_at + v.period * (n + 1) AS in_time) b
WHERE c.starts_at <= d.at AND c.starts_at + v.period * n < c.ends_at AND {chosen}

-- name: marking
-- Fragment: the slots that discharging facts fall into, as bits by course. Bits only ever add up here, so order and
-- repetition do not matter. `fresh`: the facts; `chosen`: which courses c are looked at; `hits`: one part for each way the
-- rules concerned recur; `theirs`: how courses are found. Slots of every day are gathered into words of 32 by subject before they meet the courses; a word
-- is then shifted to a segment's first slot. `kept` and `near`: for a large batch the hours it needs are laid out first.
done AS (
    SELECT f.subject, f.at, g.rule
    FROM ({fresh}) f JOIN rule_trigger g ON g.kind = f.kind AND g.part = 'must'
    WHERE {matches}
),
open_hour AS {kept} (
    SELECT g.id, g.kind, g.conditions, g.rule, k.variant, k.hour, k.opens_at, k.due_at, k.reach_at,
        k.slot >> 5 AS word, 1::bigint << (k.slot & 31) AS bit
    FROM rule_trigger g
    JOIN rule_variant v ON v.rule = g.rule AND v.on_days IS NULL
    JOIN rule_hour k ON k.variant = v.id
    WHERE g.part = 'must' AND {near}
),
word AS (
    SELECT f.subject, g.rule, g.variant, g.word,
        COALESCE(bit_or(g.bit) FILTER (WHERE f.at <= g.due_at), 0) AS met,
        COALESCE(bit_or(g.bit) FILTER (WHERE f.at > g.due_at), 0) AS late
    FROM ({fresh}) f
    JOIN open_hour g ON g.kind = f.kind AND g.hour = date_bin('1 hour', f.at, '1970-01-01 00:00:00+00')
        AND f.at >= g.opens_at AND f.at <= g.reach_at
    WHERE {matches}
    GROUP BY 1, 2, 3, 4
),
hit (id, met, late) AS (
    {hits}
),
mark AS (
    SELECT id, bit_or(met) AS met, bit_or(late) AS late FROM hit GROUP BY id
)

-- name: discharging
-- Fragment: bits of the facts that discharge, and the courses that changes.
{marking},
changed AS (
    UPDATE course c SET
        opened = c.opened | h.met | h.late,
        met = c.met | h.met,
        late = (c.late | h.late) & ~(c.met | h.met),
        waived = c.waived & ~(h.met | h.late),
        void = c.void & ~(h.met | h.late),
        missed = c.missed & ~(h.met | h.late)
    FROM mark h
    WHERE c.id = h.id AND ((h.met & ~c.met) | (h.late & ~(c.met | c.late))) <> 0
    {changes}
)

-- name: discharge
WITH {discharging},
{tallied};

-- name: owners
-- Who owes each new course: the subject itself where it is a unit in the role; whose turn it is in the handover, the finding or
-- the planned visit that opened it, as whoever asked names them; the unit of the place an isolation names, where that has the
-- role; else the unit with the role whose area is the longest prefix. Each is worked out once, whatever
-- the planner takes the tables to hold; the place is found by its number, never among all places of the unit.
WITH fresh AS MATERIALIZED (
    SELECT c.id, c.subject, c.area, c.starts_at, c.opened_by, r.role, COALESCE(r.placed, false) AS placed, r.turn, r.asked
    FROM w_course w JOIN course c ON c.id = w.id AND c.next_at = '-infinity'
    JOIN (SELECT r.id, r.role, bool_or(w.kind IN ('isolation.started', 'isolation.expiring')) AS placed,
            min(CASE WHEN starts_with(w.kind, 'finding.') THEN 'finding.raised' WHEN w.kind = 'inspection.planned' THEN w.kind
                ELSE 'handover.requested' END) AS asked,
            min(CASE WHEN starts_with(w.kind, 'finding.') AND m.kind = 'finding.rectified' THEN 'receiver'
                WHEN starts_with(w.kind, 'finding.') AND m.kind = 'finding.verified' THEN 'sender'
                WHEN w.kind = 'inspection.planned' AND m.kind = 'inspection.made' THEN 'sender'
                WHEN NOT starts_with(w.kind, 'handover.') THEN NULL
                WHEN m.kind IN ('handover.accepted', 'handover.received', 'handover.settled') THEN 'receiver'
                WHEN m.kind = 'handover.departed' AND r.role <> 'transport_team' THEN 'sender' END) AS turn
        FROM rule r
        JOIN rule_trigger w ON w.rule = r.id AND w.part = 'when'
        JOIN rule_trigger m ON m.rule = r.id AND m.part = 'must'
        WHERE r.id IN (SELECT t.rule FROM w_touched t)
        GROUP BY r.id, r.role) r ON r.id = c.rule
),
owed AS MATERIALIZED (
    SELECT n.id, COALESCE(
        (SELECT u.unit FROM unit_role u WHERE u.role = n.role AND n.subject = 'unit:' || u.unit LIMIT 1),
        CASE WHEN n.turn IS NOT NULL THEN (
            SELECT u.id FROM fact f
            CROSS JOIN LATERAL (SELECT regexp_replace(
                CASE n.turn WHEN 'sender' THEN NULLIF(f.by, COALESCE(f.data ->> 'to', f.subject)) ELSE f.data ->> 'to' END,
                '^unit:', '')) v (id)
            JOIN unit u ON u.id = CASE WHEN pg_input_is_valid(v.id, 'uuid') THEN v.id::uuid END
            WHERE f.subject = n.subject AND f.kind = n.asked AND f.at <= n.starts_at
                AND NOT EXISTS (SELECT FROM dead x WHERE x.fact = f.id)
            ORDER BY f.at DESC, f.id DESC LIMIT 1) END,
        CASE WHEN n.placed THEN (
            SELECT r.unit FROM fact_key k JOIN fact f ON f.id = k.id AND f.at = k.at
            CROSS JOIN LATERAL (SELECT regexp_replace(f.data ->> 'place', '^place:', '')) v (id)
            CROSS JOIN LATERAL (SELECT p.unit FROM place p
                WHERE p.id = CASE WHEN pg_input_is_valid(v.id, 'uuid') THEN v.id::uuid END OFFSET 0) p
            JOIN unit_role r ON r.unit = p.unit AND r.role = n.role
            WHERE k.id = n.opened_by LIMIT 1) END,
        (SELECT u.unit FROM unit_role u
            WHERE u.role = n.role AND u.area = ANY (ARRAY[left(n.area, 2), left(n.area, 4), left(n.area, 6), left(n.area, 9),
                left(n.area, 12), n.area])
            ORDER BY length(u.area) DESC, u.unit LIMIT 1)) AS unit
    FROM fresh n
)
UPDATE course c SET owner = o.unit FROM owed o WHERE c.id = o.id AND o.unit IS NOT NULL;
