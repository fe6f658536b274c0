-- The ledger's tables. {temp} and {id} are filled in by sql.py: nothing and uuid for the live ledger, TEMP and text for a replay.

-- name: rules
-- Adopted duties as the engine reads them. rule_variant: the numbers in force by the date of the opening fact.
-- rule_slot: the windows of a daily rule, numbered without gaps over days; rule_hour: the same, found by hour.
CREATE {temp} TABLE rule (
    id int PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    plan text COLLATE "C" NOT NULL,
    clause text COLLATE "C" NOT NULL,
    no_miss text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    zone text NOT NULL,
    level smallint,
    recurs text NOT NULL CHECK (recurs IN ('once', 'period', 'daily')),
    bounded boolean NOT NULL,
    body jsonb NOT NULL
);
CREATE {temp} TABLE rule_variant (
    id int PRIMARY KEY,
    rule int NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL,
    within interval,
    after interval,
    period interval,
    late interval NOT NULL,
    span interval NOT NULL,
    on_days int[],
    slot_starts interval[] NOT NULL,
    slot_ends interval[] NOT NULL,
    first_day date,
    last_day date
);
CREATE {temp} TABLE rule_trigger (
    id int PRIMARY KEY,
    rule int NOT NULL,
    part text COLLATE "C" NOT NULL CHECK (part IN ('when', 'until', 'must')),
    kind text COLLATE "C" NOT NULL,
    conditions int NOT NULL
);
CREATE INDEX rule_trigger_kind ON rule_trigger (kind);
CREATE INDEX rule_trigger_rule ON rule_trigger (rule);
CREATE {temp} TABLE rule_condition (
    trigger int NOT NULL,
    field text COLLATE "C" NOT NULL,
    op text COLLATE "C" NOT NULL,
    value jsonb NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL
);
CREATE INDEX rule_condition_trigger ON rule_condition (trigger);
CREATE {temp} TABLE rule_tell (
    variant int NOT NULL,
    step smallint NOT NULL,
    after interval NOT NULL,
    role text COLLATE "C" NOT NULL,
    PRIMARY KEY (variant, step)
);
CREATE {temp} TABLE rule_slot (
    variant int NOT NULL,
    slot int NOT NULL,
    date date NOT NULL,
    day date NOT NULL,
    opens_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    reach_at timestamptz NOT NULL,
    PRIMARY KEY (variant, slot)
);
CREATE INDEX rule_slot_opens ON rule_slot (variant, opens_at);
CREATE {temp} TABLE rule_hour (
    variant int NOT NULL,
    hour timestamptz NOT NULL,
    slot int NOT NULL,
    date date NOT NULL,
    opens_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    reach_at timestamptz NOT NULL,
    PRIMARY KEY (variant, hour, slot)
);
CREATE {temp} TABLE adoption (
    plan text COLLATE "C" NOT NULL,
    area text COLLATE "C" NOT NULL,
    PRIMARY KEY (plan, area)
);

-- name: facts
-- What happened, never changed. fact_key makes an id unique over all months; waiting facts lie after the clock.
CREATE TABLE fact (
    id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    area text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL,
    by text COLLATE "C",
    data jsonb NOT NULL,
    supersedes uuid,
    account uuid,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX fact_subject ON fact (subject, kind, at);
CREATE INDEX fact_supersedes ON fact (supersedes) WHERE supersedes IS NOT NULL;

-- name: scratch_facts
CREATE TEMP TABLE fact (
    id text COLLATE "C" PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    area text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL,
    by text COLLATE "C",
    data jsonb NOT NULL,
    supersedes text COLLATE "C"
);
CREATE INDEX ON fact (subject, kind, at);
CREATE INDEX ON fact (supersedes) WHERE supersedes IS NOT NULL;

-- name: courses
-- One active interval of one rule for one subject, in segments of 63 slots. Each slot is a bit: opened, and then in
-- exactly one of met, late, waived, void, missed, or in none of them while it is open. next_at is the next instant at
-- which time alone changes a bit; `wake` finds it. had_misses: some slot was missed when the clock last came by; what discharges it leaves
-- that alone, so that the row moves within its page and no index hears of it (nor may any index name a mask).
CREATE {temp} TABLE fact_key (id {id} PRIMARY KEY, at timestamptz NOT NULL);
CREATE {temp} TABLE waiting (id {id} PRIMARY KEY, at timestamptz NOT NULL);
CREATE INDEX waiting_at ON waiting (at);
CREATE {temp} TABLE dead (fact {id} PRIMARY KEY);
CREATE {temp} TABLE waiver (
    fact {id} PRIMARY KEY,
    duty text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    area text COLLATE "C" NOT NULL,
    opens_at timestamptz NOT NULL
);
CREATE INDEX waiver_duty ON waiver (subject, duty);
CREATE {temp} TABLE level_span (area text COLLATE "C" NOT NULL, grade smallint NOT NULL, span tstzrange NOT NULL);
CREATE {temp} TABLE course (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule int NOT NULL,
    variant int NOT NULL,
    subject text COLLATE "C" NOT NULL,
    area text COLLATE "C" NOT NULL,
    owner uuid,
    opened_by {id} NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    base_day date NOT NULL,
    first_slot int NOT NULL,
    segment int NOT NULL,
    opened bigint NOT NULL DEFAULT 0,
    met bigint NOT NULL DEFAULT 0,
    late bigint NOT NULL DEFAULT 0,
    waived bigint NOT NULL DEFAULT 0,
    void bigint NOT NULL DEFAULT 0,
    missed bigint NOT NULL DEFAULT 0,
    had_misses boolean NOT NULL DEFAULT false,
    next_at timestamptz NOT NULL DEFAULT '-infinity',
    UNIQUE (subject, rule, starts_at, opened_by, segment)
) WITH (fillfactor = 50);
-- Serves the first page of an area's misses.
CREATE INDEX course_missed ON course (area, id) WHERE had_misses;
-- Serves the rows behind a number of the board.
CREATE INDEX course_area ON course (area, id);
-- Serves a unit's own list.
CREATE INDEX course_owner ON course (owner, ends_at);

-- name: wakes
-- When the clock pass must come by which course: a note for every next_at, so that no index names it, and a course the clock
-- moves on stays within its page. At -infinity: set aside, for it needs another segment. A note may outlive its cause.
CREATE {temp} TABLE wake (at timestamptz NOT NULL, course bigint NOT NULL);
CREATE INDEX wake_at ON wake (at);

-- name: tallies
-- Counts of duties by area, rule and day: deltas as they happen at the duty's own area, folded into every area above.
-- The row of day -infinity holds all days together. A lapse is a miss, dated when it became true, and whom it was told to.
CREATE {temp} TABLE tally_delta (
    area text COLLATE "C" NOT NULL,
    rule int NOT NULL,
    day date NOT NULL,
    owned boolean NOT NULL,
    open bigint NOT NULL,
    met bigint NOT NULL,
    late bigint NOT NULL,
    waived bigint NOT NULL,
    void bigint NOT NULL,
    missed bigint NOT NULL
);
CREATE INDEX tally_delta_area ON tally_delta (area);
CREATE {temp} TABLE tally (
    area text COLLATE "C" NOT NULL,
    rule int NOT NULL,
    day date NOT NULL,
    owned boolean NOT NULL,
    open bigint NOT NULL,
    met bigint NOT NULL,
    late bigint NOT NULL,
    waived bigint NOT NULL,
    void bigint NOT NULL,
    missed bigint NOT NULL,
    PRIMARY KEY (day, area, rule, owned)
) WITH (fillfactor = 80);
CREATE {temp} TABLE lapse (
    rule int NOT NULL,
    variant int NOT NULL,
    subject text COLLATE "C" NOT NULL,
    opens_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    area text COLLATE "C" NOT NULL,
    owner uuid,
    noticed_at timestamptz NOT NULL,
    step smallint NOT NULL DEFAULT 0,
    tell_at timestamptz,
    PRIMARY KEY (subject, rule, opens_at)
);
CREATE INDEX lapse_tell ON lapse (tell_at) WHERE tell_at IS NOT NULL;
CREATE {temp} TABLE notice (
    rule int NOT NULL,
    subject text COLLATE "C" NOT NULL,
    opens_at timestamptz NOT NULL,
    step smallint NOT NULL,
    area text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    unit uuid,
    at timestamptz NOT NULL,
    alerted_at timestamptz,
    PRIMARY KEY (subject, rule, opens_at, step)
);
CREATE INDEX notice_unit ON notice (unit, at);
CREATE INDEX notice_new ON notice (at) WHERE alerted_at IS NULL;
-- passed_at: the last whole clock pass; reached_at: the latest instant anything was derived at (instant.py).
CREATE {temp} TABLE ledger_clock (
    id boolean PRIMARY KEY DEFAULT true CHECK (id), passed_at timestamptz NOT NULL, reached_at timestamptz NOT NULL
);

-- name: views
-- course_slot: every bit of a course as a window; `real` where it lies in the interval and on one of the rule's days.
-- duty: the public reading, one row a duty that has opened.
CREATE {temp} VIEW course_slot WITH (security_invoker = true) AS
SELECT c.id, c.rule, c.variant, k.slot, 1::bigint << (k.slot - c.first_slot - 63 * c.segment) AS bit,
    k.day, k.opens_at, k.due_at, k.reach_at,
    k.opens_at < c.ends_at AND (v.on_days IS NULL OR k.date - c.base_day = ANY (v.on_days)) AS real
FROM course c
JOIN rule_variant v ON v.id = c.variant
JOIN rule r ON r.id = c.rule AND r.recurs = 'daily'
JOIN rule_slot k ON k.variant = c.variant
    AND k.slot BETWEEN c.first_slot + 63 * c.segment AND c.first_slot + 63 * c.segment + 62
UNION ALL
SELECT c.id, c.rule, c.variant, 0, 1::bigint, ((c.starts_at + v.within - interval '1 microsecond') AT TIME ZONE r.zone)::date,
    c.starts_at, c.starts_at + v.within, 'infinity', true
FROM course c JOIN rule_variant v ON v.id = c.variant JOIN rule r ON r.id = c.rule AND r.recurs = 'once'
UNION ALL
SELECT c.id, c.rule, c.variant, n, 1::bigint << (n - 63 * c.segment),
    ((c.starts_at + v.period * (n + 1) - interval '1 microsecond') AT TIME ZONE r.zone)::date,
    c.starts_at + v.period * n, c.starts_at + v.period * (n + 1), c.starts_at + v.period * (n + 1) + v.late,
    c.starts_at + v.period * n < c.ends_at
FROM course c
JOIN rule_variant v ON v.id = c.variant
JOIN rule r ON r.id = c.rule AND r.recurs = 'period'
CROSS JOIN LATERAL generate_series(63 * c.segment, 63 * c.segment + 62) n;

CREATE {temp} VIEW duty WITH (security_invoker = true) AS
SELECT c.id AS course, s.slot, c.rule, c.subject, c.area, c.owner, c.opened_by, s.day, s.opens_at, s.due_at, s.reach_at,
    CASE
        WHEN c.met & s.bit <> 0 THEN 'met'
        WHEN c.late & s.bit <> 0 THEN 'late'
        WHEN c.waived & s.bit <> 0 THEN 'waived'
        WHEN c.void & s.bit <> 0 THEN 'void'
        WHEN c.missed & s.bit <> 0 THEN 'missed'
        ELSE 'open'
    END AS state
FROM course c JOIN course_slot s ON s.id = c.id
WHERE c.opened & s.bit <> 0;

-- name: months
-- Partitions of fact for the months from one instant to another, by UTC; made as the owner, whoever calls. After the lock
-- the catalogue itself is asked: a name not found a moment ago is remembered as absent.
CREATE OR REPLACE FUNCTION fact_months(since timestamptz, until timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public SET timezone = 'UTC' AS $$
DECLARE
    month timestamptz := date_trunc('month', since);
    name text;
BEGIN
    WHILE month <= until LOOP
        name := 'fact_' || to_char(month, 'YYYY_MM');
        IF to_regclass(name) IS NULL THEN
            PERFORM pg_advisory_xact_lock(hashtext('fact_months'));
            IF NOT EXISTS (SELECT FROM pg_class c WHERE c.relname = name AND c.relnamespace = 'public'::regnamespace) THEN
                EXECUTE format('CREATE TABLE %I (LIKE fact INCLUDING ALL)', name);
                EXECUTE format('ALTER TABLE fact ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                    name, month, month + interval '1 month');
            END IF;
        END IF;
        month := month + interval '1 month';
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION fact_months FROM PUBLIC;

-- name: functions
-- Whether a value of a fact satisfies one condition of a rule; an absent or null value satisfies none.
CREATE FUNCTION rule_holds(op text, value jsonb, wanted jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    sort text := jsonb_typeof(value);
BEGIN
    IF sort IS NULL OR sort = 'null' THEN
        RETURN false;
    ELSIF op IN ('in', 'ne') THEN
        IF sort = 'array' THEN
            RETURN (op = 'in') = EXISTS (
                SELECT FROM jsonb_array_elements(value) v JOIN jsonb_array_elements(wanted) w ON w = v);
        END IF;
        RETURN (op = 'in') = (sort <> 'object' AND wanted @> value);
    ELSIF sort <> 'number' OR jsonb_typeof(wanted) <> 'number' THEN
        RETURN false;
    END IF;
    RETURN CASE op
        WHEN 'gt' THEN value::numeric > wanted::numeric
        WHEN 'gte' THEN value::numeric >= wanted::numeric
        WHEN 'lt' THEN value::numeric < wanted::numeric
        WHEN 'lte' THEN value::numeric <= wanted::numeric
        ELSE false
    END;
END $$;
