-- Disputes and reward epochs, which until now only the ledger knew. An index of before has none of these rows
-- until `mira rebuild` has folded its ledger again; the indexer does not go on before that.

CREATE TABLE dispute (
    shadow BIGINT NOT NULL,
    dispute BYTEA NOT NULL,
    lease BYTEA NOT NULL,
    provider BYTEA NOT NULL,
    challenger BYTEA NOT NULL,
    kind BIGINT NOT NULL,
    status BIGINT NOT NULL,
    bond NUMERIC(20, 0) NOT NULL,
    evidence BYTEA NOT NULL,
    answer BYTEA NOT NULL,
    opened_at BIGINT NOT NULL,
    respond_until BIGINT NOT NULL,
    vote_until BIGINT NOT NULL,
    vote_secs BIGINT NOT NULL,
    jail_secs BIGINT NOT NULL,
    max_slash BIGINT NOT NULL,
    verifier_set BIGINT NOT NULL,
    voters_for BYTEA NOT NULL,
    voters_against BYTEA NOT NULL,
    slashed_own NUMERIC(20, 0) NOT NULL,
    slashed_pool NUMERIC(20, 0) NOT NULL,
    compensation NUMERIC(20, 0) NOT NULL,
    burned NUMERIC(20, 0) NOT NULL,
    seq BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    signature BYTEA NOT NULL,
    ix BIGINT NOT NULL,
    inner_ix BIGINT NOT NULL,
    PRIMARY KEY (shadow, dispute)
);
CREATE INDEX dispute_by_provider ON dispute (shadow, provider, dispute);
CREATE INDEX dispute_by_lease ON dispute (shadow, lease, dispute);
CREATE INDEX dispute_by_ord ON dispute (shadow, slot, signature, ix, inner_ix);

CREATE TABLE epoch (
    shadow BIGINT NOT NULL,
    number BIGINT NOT NULL,
    status BIGINT NOT NULL,
    root BYTEA NOT NULL,
    cumulative_fees NUMERIC(20, 0) NOT NULL,
    cumulative_total NUMERIC(20, 0) NOT NULL,
    report_hash BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    approvals BYTEA NOT NULL,
    share BIGINT NOT NULL,
    final_from BIGINT NOT NULL,
    stale_from BIGINT NOT NULL,
    fees NUMERIC(20, 0) NOT NULL,
    to_treasury NUMERIC(20, 0) NOT NULL,
    finalized_at BIGINT,
    seq BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    signature BYTEA NOT NULL,
    ix BIGINT NOT NULL,
    inner_ix BIGINT NOT NULL,
    PRIMARY KEY (shadow, number)
);
