-- Snapshots of the dispatch engine: what it was after an input. Inputs up to the oldest one that is kept may go.

CREATE TABLE dispatch_snapshot (
    seq BIGINT NOT NULL PRIMARY KEY,
    format BIGINT NOT NULL,
    version BIGINT NOT NULL,
    began_after BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    parts BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    created_ms BIGINT NOT NULL
);

-- Their bytes, in pieces. A snapshot is there when its row above is; pieces of none were abandoned.
CREATE TABLE dispatch_snapshot_part (
    seq BIGINT NOT NULL,
    part BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (seq, part)
);
