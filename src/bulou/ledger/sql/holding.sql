-- What custody is derived from: the facts that bear on people, who acted in them, and whom a batch touches.

-- name: named
-- Whom episodes name, or named before it was withdrawn.
SELECT DISTINCT f.data ->> 'person' FROM fact f
WHERE f.subject = ANY (%(episodes)s::text[]) AND f.kind = ANY (%(ill)s::text[]);

-- name: everybody
-- The next people, in order, on whom anything bears, or is said to.
SELECT s.person FROM (
    SELECT f.subject AS person FROM fact f
    WHERE f.subject > %(after)s AND f.subject LIKE 'person:%%' AND f.kind = ANY (%(kinds)s::text[])
    UNION
    SELECT f.data ->> 'person' FROM fact f
    WHERE f.subject LIKE 'episode:%%' AND f.kind = ANY (%(ill)s::text[]) AND f.data ->> 'person' COLLATE "C" > %(after)s
    UNION
    SELECT 'person:' || c.person FROM custody c WHERE ('person:' || c.person) COLLATE "C" > %(after)s
) s (person) ORDER BY s.person COLLATE "C" LIMIT %(limit)s;

-- name: acts
-- The effective facts up to :now that bear on people, each with the unit that acted (of the account where that is all that
-- is known), who answers for the person where none did, and whether it is a transport team; then the staged ones.
WITH theirs AS MATERIALIZED (
    SELECT p AS subject, p AS person FROM unnest(%(people)s::text[]) p
    UNION
    SELECT f.subject, f.data ->> 'person' FROM fact f
    WHERE f.data ->> 'person' = ANY (%(people)s::text[]) AND f.subject LIKE 'episode:%%' AND f.kind = ANY (%(ill)s::text[])
        AND f.at <= %(now)s AND NOT EXISTS (SELECT FROM dead x WHERE x.fact = f.id)
),
said AS (
    SELECT t.person, f.id, f.kind, f.subject, f.at, f.by, f.data, f.area, f.account, false AS fresh
    FROM theirs t JOIN fact f ON f.subject = t.subject
    WHERE f.kind = ANY (%(kinds)s::text[]) AND f.at <= %(now)s AND NOT EXISTS (SELECT FROM dead x WHERE x.fact = f.id)
    {staged}
)
SELECT s.person, s.id, s.kind, s.subject, s.at, s.data, s.fresh, d.unit, CASE WHEN d.unit IS NULL THEN h.unit END,
    s.kind = 'handover.departed' AND EXISTS (SELECT FROM unit_role r WHERE r.unit = d.unit AND r.role = 'transport_team'),
    s.kind <> 'handover.requested' OR EXISTS (SELECT FROM unit u WHERE u.id = CASE WHEN pg_input_is_valid(v.receiver, 'uuid') THEN v.receiver::uuid END)
FROM said s
CROSS JOIN LATERAL (SELECT split_part(s.by, ':', 1), split_part(s.by, ':', 2), regexp_replace(s.data ->> 'to', '^unit:', '')
) v (sort, id, receiver)
LEFT JOIN unit b ON b.id = CASE WHEN v.sort = 'unit' AND pg_input_is_valid(v.id, 'uuid') THEN v.id::uuid END
LEFT JOIN account a ON a.id = CASE WHEN s.by IS NULL THEN s.account
    WHEN v.sort = 'account' AND pg_input_is_valid(v.id, 'uuid') THEN v.id::uuid END
CROSS JOIN LATERAL (SELECT COALESCE(b.id, a.unit) AS unit) d
LEFT JOIN LATERAL (
    SELECT r.unit FROM unit_role r
    WHERE d.unit IS NULL AND r.role = ANY (%(homes)s::text[])
        AND r.area IN ('', left(s.area, 2), left(s.area, 4), left(s.area, 6), left(s.area, 9), left(s.area, 12), s.area)
    ORDER BY length(r.area) DESC, array_position(%(homes)s::text[], r.role::text), r.unit LIMIT 1
) h ON true
WHERE s.kind <> ALL (%(ill)s::text[]) OR s.data ->> 'person' = s.person;

-- name: staged
-- Fragment: the same of staged facts about people.
UNION ALL
SELECT w.subject, w.id, w.kind, w.subject, w.at, w.by, w.data, w.area, %(account)s::uuid, true
FROM w_stage w WHERE w.subject = ANY (%(people)s::text[]) AND w.kind = ANY (%(kinds)s::text[])
