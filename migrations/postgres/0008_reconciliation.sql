-- The three books of every lease held against each other: each run, and where they differed.

CREATE TABLE recon_run (
    run BIGINT NOT NULL PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    slot BIGINT,
    leases BIGINT NOT NULL,
    matched_leases BIGINT NOT NULL,
    matched NUMERIC(39, 0) NOT NULL,
    eligible NUMERIC(39, 0) NOT NULL,
    eligible_fees NUMERIC(39, 0) NOT NULL,
    items BIGINT NOT NULL
);

CREATE TABLE recon_item (
    run BIGINT NOT NULL,
    lease BYTEA NOT NULL,
    class BIGINT NOT NULL,
    owner BIGINT NOT NULL,
    state BIGINT NOT NULL,
    amount NUMERIC(20, 0) NOT NULL,
    target NUMERIC(20, 0) NOT NULL,
    since_ms BIGINT NOT NULL,
    PRIMARY KEY (run, lease, class)
);
CREATE INDEX recon_item_by_class ON recon_item (run, class, lease);
CREATE INDEX recon_item_by_lease ON recon_item (lease, run, class);
