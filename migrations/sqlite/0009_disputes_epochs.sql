-- Disputes and reward epochs, which until now only the ledger knew. An index of before has none of these rows
-- until `mira rebuild` has folded its ledger again; the indexer does not go on before that.

CREATE TABLE dispute (
    shadow INTEGER NOT NULL,
    dispute BLOB NOT NULL,
    lease BLOB NOT NULL,
    provider BLOB NOT NULL,
    challenger BLOB NOT NULL,
    kind INTEGER NOT NULL,
    status INTEGER NOT NULL,
    bond BLOB NOT NULL,
    evidence BLOB NOT NULL,
    answer BLOB NOT NULL,
    opened_at INTEGER NOT NULL,
    respond_until INTEGER NOT NULL,
    vote_until INTEGER NOT NULL,
    vote_secs INTEGER NOT NULL,
    jail_secs INTEGER NOT NULL,
    max_slash INTEGER NOT NULL,
    verifier_set INTEGER NOT NULL,
    voters_for BLOB NOT NULL,
    voters_against BLOB NOT NULL,
    slashed_own BLOB NOT NULL,
    slashed_pool BLOB NOT NULL,
    compensation BLOB NOT NULL,
    burned BLOB NOT NULL,
    seq INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    signature BLOB NOT NULL,
    ix INTEGER NOT NULL,
    inner_ix INTEGER NOT NULL,
    PRIMARY KEY (shadow, dispute)
) STRICT;
CREATE INDEX dispute_by_provider ON dispute (shadow, provider, dispute);
CREATE INDEX dispute_by_lease ON dispute (shadow, lease, dispute);
CREATE INDEX dispute_by_ord ON dispute (shadow, slot, signature, ix, inner_ix);

CREATE TABLE epoch (
    shadow INTEGER NOT NULL,
    number INTEGER NOT NULL,
    status INTEGER NOT NULL,
    root BLOB NOT NULL,
    cumulative_fees BLOB NOT NULL,
    cumulative_total BLOB NOT NULL,
    report_hash BLOB NOT NULL,
    digest BLOB NOT NULL,
    approvals BLOB NOT NULL,
    share INTEGER NOT NULL,
    final_from INTEGER NOT NULL,
    stale_from INTEGER NOT NULL,
    fees BLOB NOT NULL,
    to_treasury BLOB NOT NULL,
    finalized_at INTEGER,
    seq INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    signature BLOB NOT NULL,
    ix INTEGER NOT NULL,
    inner_ix INTEGER NOT NULL,
    PRIMARY KEY (shadow, number)
) STRICT;
