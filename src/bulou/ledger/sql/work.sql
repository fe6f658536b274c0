-- The tables a batch works in: one set a session, emptied at every commit.

-- name: stage
CREATE TEMP TABLE IF NOT EXISTS w_stage (
    place int NOT NULL, id uuid NOT NULL, kind text COLLATE "C" NOT NULL, subject text COLLATE "C" NOT NULL,
    area text COLLATE "C" NOT NULL, at timestamptz NOT NULL, by text COLLATE "C", data jsonb NOT NULL, supersedes uuid
) ON COMMIT DELETE ROWS;

-- name: work_tables
CREATE TEMP TABLE IF NOT EXISTS w_moved (
    id {id} NOT NULL, kind text COLLATE "C" NOT NULL, subject text COLLATE "C" NOT NULL, area text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL, data jsonb NOT NULL, flipped boolean NOT NULL, effective boolean NOT NULL
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS w_chain (id {id} NOT NULL, counts boolean NOT NULL) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS w_touched (
    rule int NOT NULL, subject text COLLATE "C" NOT NULL, PRIMARY KEY (rule, subject)
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS w_event (
    rule int NOT NULL, subject text COLLATE "C" NOT NULL, opening boolean NOT NULL, at timestamptz NOT NULL,
    id {id} NOT NULL, area text COLLATE "C" NOT NULL, variant int, ends_at timestamptz
) ON COMMIT DELETE ROWS;
CREATE INDEX IF NOT EXISTS w_event_order ON w_event (rule, subject, opening, at, id);
CREATE TEMP TABLE IF NOT EXISTS w_course (
    rule int NOT NULL, variant int NOT NULL, subject text COLLATE "C" NOT NULL, area text COLLATE "C" NOT NULL,
    opened_by {id} NOT NULL, starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL,
    base_day date NOT NULL, first_slot int NOT NULL, segment int NOT NULL, id bigint
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS w_due (course bigint NOT NULL) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS w_changed (
    id bigint NOT NULL, rule int NOT NULL, variant int NOT NULL, subject text COLLATE "C" NOT NULL,
    area text COLLATE "C" NOT NULL, owner uuid, starts_at timestamptz NOT NULL, first_slot int NOT NULL, segment int NOT NULL,
    o_opened bigint NOT NULL, o_met bigint NOT NULL, o_late bigint NOT NULL, o_waived bigint NOT NULL,
    o_void bigint NOT NULL, o_missed bigint NOT NULL,
    opened bigint NOT NULL, met bigint NOT NULL, late bigint NOT NULL, waived bigint NOT NULL,
    void bigint NOT NULL, missed bigint NOT NULL
) ON COMMIT DELETE ROWS;

-- name: clear
DELETE FROM w_stage;
DELETE FROM w_moved;
DELETE FROM w_chain;
DELETE FROM w_touched;
DELETE FROM w_event;
DELETE FROM w_course;
DELETE FROM w_due;
DELETE FROM w_changed;
