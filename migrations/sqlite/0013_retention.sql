-- Where the recorded slots begin since older ones, which were proven, were compacted.

CREATE TABLE ledger_horizon (
    stream TEXT NOT NULL PRIMARY KEY,
    first INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    blockhash BLOB NOT NULL,
    slots INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
