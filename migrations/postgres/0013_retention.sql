-- Where the recorded slots begin since older ones, which were proven, were compacted.

CREATE TABLE ledger_horizon (
    stream TEXT NOT NULL PRIMARY KEY,
    first BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    blockhash BYTEA NOT NULL,
    slots BIGINT NOT NULL,
    skipped BIGINT NOT NULL,
    at_ms BIGINT NOT NULL
);
