-- The calendars of daily rules: what is there, and what is lacking.

-- name: need
-- Fragment: the first day variant v needs for facts of some kinds; null where none of them opens its rule.
(SELECT min(GREATEST(k.first, (v.valid_from AT TIME ZONE 'UTC')::date - 2))
FROM rule_trigger g
JOIN unnest(%(kinds)s::text[], %(firsts)s::date[]) k (kind, first) ON k.kind = g.kind OR k.kind = ''
WHERE g.rule = v.rule AND g.part = 'when')

-- name: wanted
-- The variants whose calendar does not reach far enough.
SELECT v.id, r.zone, v.slot_starts, v.slot_ends, v.late, v.first_day, v.last_day, {need}
FROM rule_variant v JOIN rule r ON r.id = v.rule AND r.recurs = 'daily'
WHERE v.first_day IS NULL OR v.first_day > {need} OR v.last_day < %(last)s;

-- name: lacking
-- Fragment: some daily rule lacks calendar for facts of some kinds, or ahead of the clock.
EXISTS (
    SELECT FROM rule_variant v JOIN rule r ON r.id = v.rule AND r.recurs = 'daily'
    WHERE v.first_day IS NULL OR v.last_day < %(last)s OR v.first_day > {need})

-- name: ready
-- Partitions for the months of a batch, no others, and whether a daily rule lacks calendar there.
SELECT (SELECT count(fact_months(m, m)) FROM unnest(%(months)s::timestamptz[]) m), {lacking};

-- name: alone
SELECT pg_advisory_xact_lock(hashtext('rule_slot'));

-- name: note
UPDATE rule_variant v SET first_day = LEAST(v.first_day, u.first), last_day = GREATEST(v.last_day, %(last)s)
FROM unnest(%(ids)s::int[], %(firsts)s::date[]) u (id, first) WHERE v.id = u.id;

-- name: starts
SELECT f.kind, min(f.at) FROM fact f
WHERE f.kind IN (SELECT g.kind FROM rule_trigger g WHERE g.part = 'when') GROUP BY f.kind;
