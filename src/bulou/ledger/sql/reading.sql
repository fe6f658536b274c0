-- What pages and the API read. Row-level security applies to every block: a session counts and lists only its own area.

-- name: counts
-- Tallies of an area and its parts, one row an area, no-miss and span; deltas not yet folded included.
WITH kept AS (
    SELECT area, rule, day, owned, open, met, late, waived, void, missed FROM tally
    WHERE day IN (%(day)s, '-infinity') AND area = ANY (%(areas)s::text[])
    UNION ALL
    SELECT a.area, d.rule, y.day, d.owned, d.open, d.met, d.late, d.waived, d.void, d.missed
    FROM tally_delta d
    JOIN unnest(%(areas)s::text[]) a (area) ON starts_with(d.area, a.area)
    CROSS JOIN LATERAL (VALUES (d.day), ('-infinity'::date)) y (day)
    WHERE d.area >= %(lo)s AND d.area < %(hi)s AND y.day IN (%(day)s, '-infinity')
)
SELECT k.area, r.no_miss, k.day = '-infinity' AS ever, sum(open)::bigint, sum(met)::bigint, sum(late)::bigint, sum(missed)::bigint,
    sum(void)::bigint, sum(waived)::bigint, COALESCE(sum(open + missed) FILTER (WHERE NOT owned), 0)::bigint
FROM kept k JOIN rule r ON r.id = k.rule
GROUP BY 1, 2, 3;

-- name: clauses
-- Tallies of an area by clause of a plan, for one day.
WITH kept AS (
    SELECT rule, owned, open, met, late, waived, void, missed FROM tally
    WHERE day = %(day)s AND area = %(area)s
    UNION ALL
    SELECT rule, owned, open, met, late, waived, void, missed FROM tally_delta
    WHERE area >= %(area)s AND area < %(hi)s AND (day = %(day)s OR %(day)s = '-infinity'::date)
)
SELECT r.clause, sum(open)::bigint, sum(met)::bigint, sum(late)::bigint, sum(missed)::bigint,
    sum(void)::bigint, sum(waived)::bigint, COALESCE(sum(open + missed) FILTER (WHERE NOT owned), 0)::bigint
FROM kept k JOIN rule r ON r.id = k.rule AND r.plan = %(plan)s
GROUP BY 1;

-- name: duty_row
-- Fragment: the columns of one duty d of rule r.
r.name, r.plan, r.clause, r.body, r.no_miss, d.subject, d.area, d.opens_at, d.due_at, d.state, r.role, d.owner,
    r.recurs = 'once' OR %(now)s <= d.reach_at AS doable

-- name: wanted
-- Fragment: course c of rule r may be on the page.
c.area >= %(lo)s AND c.area < %(hi)s AND {filter}
    AND (%(no_miss)s::text IS NULL OR r.no_miss = %(no_miss)s)
    AND (%(clause)s::text IS NULL OR r.clause = %(clause)s)
    AND (%(duty)s::text IS NULL OR r.name = %(duty)s)
    AND (NOT %(unowned)s OR c.owner IS NULL)
    AND (c.area, c.id) >= (%(after_area)s::text, %(after_course)s::bigint)

-- name: next_courses
-- Fragment: the courses of a page where each of them has a row on it, but perhaps the one the last page ended in.
(SELECT c.* FROM course c JOIN rule r ON r.id = c.rule WHERE {wanted} ORDER BY c.area, c.id LIMIT %(limit)s + 1)

-- name: listed
-- Duties of an area in the order of place, course and slot, after a cursor: read along an index until the page is full. OFFSET 0: the
-- duties of one course at a time, not those of all.
SELECT {duty_row}, d.course, d.slot
FROM {courses} c
JOIN rule r ON r.id = c.rule
CROSS JOIN LATERAL (
    SELECT * FROM duty d
    WHERE d.course = c.id
        AND (%(state)s::text IS NULL OR d.state = %(state)s)
        AND (NOT %(unowned)s OR d.state IN ('open', 'missed'))
        AND (%(day)s::date IS NULL OR d.day = %(day)s)
    OFFSET 0) d
WHERE {wanted} AND (c.area, c.id, d.slot) > (%(after_area)s::text, %(after_course)s::bigint, %(after_slot)s::int)
ORDER BY c.area, c.id, d.slot LIMIT %(limit)s;

-- name: mine
-- A unit's list: what is open, what was due today, and one-off duties missed earlier. Of a daily course only the slots from
-- the first open one, or from the day's first, are looked at: its other slots are settled or lie ahead.
SELECT {duty_row}
FROM course c
JOIN rule r ON r.id = c.rule
JOIN rule_variant v ON v.id = c.variant
CROSS JOIN LATERAL (
    SELECT CASE r.recurs WHEN 'daily' THEN LEAST(t.first - t.back, c.first_slot + 63 * c.segment + 64
            - NULLIF(position('1' IN (o.open & -o.open)::bit(64)::text), 0)) ELSE 0 END AS first,
        CASE r.recurs WHEN 'daily' THEN GREATEST(t.first + t.back, c.first_slot + 63 * c.segment + 65
            - NULLIF(position('1' IN o.open::bit(64)::text), 0)) ELSE 2147483647 END AS beyond
    FROM (SELECT c.opened & ~(c.met | c.late | c.waived | c.void | c.missed) AS open) o
    CROSS JOIN LATERAL (SELECT (%(day)s::date - '1970-01-01') * cardinality(v.slot_starts) AS first,
        (extract(epoch FROM v.span)::int / 86400 + 1) * cardinality(v.slot_starts) AS back) t
    OFFSET 0) m
CROSS JOIN LATERAL (SELECT * FROM duty d WHERE d.course = c.id AND d.slot >= m.first AND d.slot < m.beyond OFFSET 0) d
WHERE c.owner = %(owner)s::uuid
    AND (c.ends_at >= %(since)s OR c.opened & ~(c.met | c.late | c.waived | c.void) <> 0)
    AND (d.state = 'open' OR d.day = %(day)s OR (d.state = 'missed' AND r.recurs = 'once'))
ORDER BY d.due_at, d.subject, r.name;

-- name: of_subject
SELECT {duty_row}
FROM duty d JOIN rule r ON r.id = d.rule WHERE d.subject = %(subject)s
ORDER BY d.opens_at DESC, r.name;

-- name: counts_of
-- Duties of many subjects by state, a row a subject, read from the masks of their courses.
SELECT c.subject, sum(bit_count((c.opened & ~(c.met | c.late | c.waived | c.void | c.missed))::bit(64)))::bigint,
    sum(bit_count(c.met::bit(64)))::bigint, sum(bit_count(c.late::bit(64)))::bigint, sum(bit_count(c.missed::bit(64)))::bigint,
    sum(bit_count(c.void::bit(64)))::bigint, sum(bit_count(c.waived::bit(64)))::bigint
FROM course c WHERE c.subject = ANY (%(subjects)s::text[])
GROUP BY 1;

-- name: one
SELECT {duty_row}, d.opened_by
FROM duty d JOIN rule r ON r.id = d.rule
WHERE d.subject = %(subject)s AND r.name = %(duty)s AND d.opens_at = %(opens_at)s
LIMIT 1;

-- name: several
-- Duties by subject, rule and opening, a course at a time.
SELECT {duty_row}
FROM unnest(%(dutys)s::text[], %(subjects)s::text[], %(opens_ats)s::timestamptz[]) k (name, subject, opens_at)
JOIN rule r ON r.name = k.name
CROSS JOIN LATERAL (SELECT * FROM duty d WHERE d.rule = r.id AND d.subject = k.subject AND d.opens_at = k.opens_at OFFSET 0) d;

-- name: facts_of
-- What happened to a subject, latest first.
SELECT f.id, f.kind, f.subject, f.area, f.at, f.by, f.data, f.supersedes, f.recorded_at,
    NOT EXISTS (SELECT FROM dead x WHERE x.fact = f.id) AS effective
FROM fact f WHERE f.subject = %(subject)s AND f.at <= %(now)s
ORDER BY f.at DESC, f.id DESC;

-- name: facts_between
-- Facts that count, of one kind about one subject in a span of time, with the account that recorded each, span by span.
SELECT s.place, f.account, f.id, f.kind, f.subject, f.area, f.at, f.by, f.data, f.supersedes, f.recorded_at, true
FROM unnest(%(places)s::int[], %(subjects)s::text[], %(kinds)s::text[], %(sinces)s::timestamptz[], %(untils)s::timestamptz[])
    s (place, subject, kind, since, until)
JOIN fact f ON f.subject = s.subject AND f.kind = s.kind AND f.at >= s.since AND f.at <= s.until AND f.at <= %(now)s
WHERE NOT EXISTS (SELECT FROM dead x WHERE x.fact = f.id)
ORDER BY s.place, f.at, f.id;

-- name: facts_by_id
-- Facts by their ids, with the account that recorded each.
SELECT f.account, f.id, f.kind, f.subject, f.area, f.at, f.by, f.data, f.supersedes, f.recorded_at,
    NOT EXISTS (SELECT FROM dead x WHERE x.fact = f.id)
FROM fact_key k JOIN fact f ON f.id = k.id AND f.at = k.at
WHERE k.id = ANY (%(ids)s::uuid[]);

-- name: discharging
-- The fact that discharged a duty.
SELECT f.id
FROM rule r
JOIN rule_trigger g ON g.rule = r.id AND g.part = 'must'
JOIN duty d ON d.rule = r.id AND d.subject = %(subject)s AND d.opens_at = %(opens_at)s
JOIN fact f ON f.subject = d.subject AND f.kind = g.kind AND f.at >= d.opens_at AND f.at <= d.reach_at AND f.at <= %(now)s
WHERE r.name = %(duty)s AND NOT EXISTS (SELECT FROM dead x WHERE x.fact = f.id) AND {matches}
ORDER BY f.at, f.id LIMIT 1;

-- name: told
SELECT n.role, n.unit, n.at FROM notice n JOIN rule r ON r.id = n.rule
WHERE n.subject = %(subject)s AND r.name = %(duty)s AND n.opens_at = %(opens_at)s
ORDER BY n.at;
