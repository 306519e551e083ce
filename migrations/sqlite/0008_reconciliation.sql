-- The three books of every lease held against each other: each run, and where they differed.

CREATE TABLE recon_run (
    run INTEGER NOT NULL PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    slot INTEGER,
    leases INTEGER NOT NULL,
    matched_leases INTEGER NOT NULL,
    matched BLOB NOT NULL,
    eligible BLOB NOT NULL,
    eligible_fees BLOB NOT NULL,
    items INTEGER NOT NULL
) STRICT;

CREATE TABLE recon_item (
    run INTEGER NOT NULL,
    lease BLOB NOT NULL,
    class INTEGER NOT NULL,
    owner INTEGER NOT NULL,
    state INTEGER NOT NULL,
    amount BLOB NOT NULL,
    target BLOB NOT NULL,
    since_ms INTEGER NOT NULL,
    PRIMARY KEY (run, lease, class)
) STRICT, WITHOUT ROWID;
CREATE INDEX recon_item_by_class ON recon_item (run, class, lease);
CREATE INDEX recon_item_by_lease ON recon_item (lease, run, class);
