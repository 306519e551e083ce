-- Accepted results that were sampled and given to others to run again, and what came of it.

CREATE TABLE audit (
    job BYTEA NOT NULL,
    shard BIGINT NOT NULL,
    lease BYTEA NOT NULL,
    provider BYTEA NOT NULL,
    owner BYTEA NOT NULL,
    operator BYTEA NOT NULL,
    output BYTEA NOT NULL,
    units NUMERIC(20, 0) NOT NULL,
    seed BIGINT NOT NULL,
    rate BIGINT NOT NULL,
    sampled_ms BIGINT NOT NULL,
    state BIGINT NOT NULL,
    asked BYTEA,
    decided_ms BIGINT,
    wrong_lease BYTEA,
    wrong_provider BYTEA,
    PRIMARY KEY (job, shard)
);
CREATE INDEX audit_by_lease ON audit (lease);
CREATE INDEX audit_by_wrong_lease ON audit (wrong_lease);
CREATE INDEX audit_by_provider ON audit (provider, job, shard);
CREATE INDEX audit_by_state ON audit (state, job, shard);

CREATE TABLE audit_run (
    job BYTEA NOT NULL,
    shard BIGINT NOT NULL,
    run BIGINT NOT NULL,
    audit_job BYTEA NOT NULL,
    lease BYTEA NOT NULL,
    provider BYTEA NOT NULL,
    owner BYTEA NOT NULL,
    operator BYTEA NOT NULL,
    output BYTEA NOT NULL,
    units NUMERIC(20, 0) NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (job, shard, run)
);
CREATE INDEX audit_run_by_audit_job ON audit_run (audit_job);
