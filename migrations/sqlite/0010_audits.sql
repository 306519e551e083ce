-- Accepted results that were sampled and given to others to run again, and what came of it.

CREATE TABLE audit (
    job BLOB NOT NULL,
    shard INTEGER NOT NULL,
    lease BLOB NOT NULL,
    provider BLOB NOT NULL,
    owner BLOB NOT NULL,
    operator BLOB NOT NULL,
    output BLOB NOT NULL,
    units BLOB NOT NULL,
    seed INTEGER NOT NULL,
    rate INTEGER NOT NULL,
    sampled_ms INTEGER NOT NULL,
    state INTEGER NOT NULL,
    asked BLOB,
    decided_ms INTEGER,
    wrong_lease BLOB,
    wrong_provider BLOB,
    PRIMARY KEY (job, shard)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_by_lease ON audit (lease);
CREATE INDEX audit_by_wrong_lease ON audit (wrong_lease);
CREATE INDEX audit_by_provider ON audit (provider, job, shard);
CREATE INDEX audit_by_state ON audit (state, job, shard);

CREATE TABLE audit_run (
    job BLOB NOT NULL,
    shard INTEGER NOT NULL,
    run INTEGER NOT NULL,
    audit_job BLOB NOT NULL,
    lease BLOB NOT NULL,
    provider BLOB NOT NULL,
    owner BLOB NOT NULL,
    operator BLOB NOT NULL,
    output BLOB NOT NULL,
    units BLOB NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (job, shard, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_run_by_audit_job ON audit_run (audit_job);
