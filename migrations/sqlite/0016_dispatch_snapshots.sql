-- Snapshots of the dispatch engine: what it was after an input. Inputs up to the oldest one that is kept may go.

CREATE TABLE dispatch_snapshot (
    seq INTEGER NOT NULL PRIMARY KEY,
    format INTEGER NOT NULL,
    version INTEGER NOT NULL,
    began_after INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    hash BLOB NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;

-- Their bytes, in pieces. A snapshot is there when its row above is; pieces of none were abandoned.
CREATE TABLE dispatch_snapshot_part (
    seq INTEGER NOT NULL,
    part INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (seq, part)
) STRICT;
