-- The instant the ledger stands at.

-- name: floor
-- Fragment: the instant behind which nothing is derived any more.
(SELECT GREATEST(max(n.reached_at), CASE WHEN %(real)s THEN clock_timestamp() END) FROM ledger_clock n)

-- name: stands
SELECT {floor};

-- name: reached
SELECT reached_at FROM ledger_clock;

-- name: passed_at
SELECT passed_at FROM ledger_clock WHERE passed_at > '-infinity';

-- name: reach
INSERT INTO ledger_clock AS n (passed_at, reached_at) VALUES ('-infinity', %(at)s)
ON CONFLICT (id) DO UPDATE SET reached_at = excluded.reached_at
WHERE n.reached_at < excluded.reached_at;

-- name: passed
INSERT INTO ledger_clock AS n (passed_at, reached_at) VALUES (%(at)s, %(at)s)
ON CONFLICT (id) DO UPDATE SET
    passed_at = GREATEST(n.passed_at, excluded.passed_at), reached_at = GREATEST(n.reached_at, excluded.reached_at);

-- name: set_back
INSERT INTO ledger_clock (passed_at, reached_at) VALUES (%(at)s, %(at)s)
ON CONFLICT (id) DO UPDATE SET passed_at = excluded.passed_at, reached_at = excluded.reached_at;

-- name: house
-- The business clock and the instant reached, in one look: a clock seen behind was set back, not overtaken meanwhile.
SELECT (SELECT max(set_to) FROM business_clock), (SELECT reached_at FROM ledger_clock);
