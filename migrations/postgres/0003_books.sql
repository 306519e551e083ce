-- The providers' book and the requesters' book: what each signed off chain.

CREATE TABLE usage_report (
    lease BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    cumulative_units NUMERIC(20, 0) NOT NULL,
    items BIGINT NOT NULL,
    outputs_hash BYTEA NOT NULL,
    signer BYTEA NOT NULL,
    signature BYTEA NOT NULL,
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (lease, seq)
);

CREATE TABLE usage_quarantine (
    lease BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    signature BYTEA NOT NULL,
    cumulative_units NUMERIC(20, 0) NOT NULL,
    items BIGINT NOT NULL,
    outputs_hash BYTEA NOT NULL,
    signer BYTEA NOT NULL,
    reason TEXT NOT NULL,
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (lease, seq, signature)
);

-- The newest of each lease.
CREATE TABLE voucher (
    lease BYTEA NOT NULL PRIMARY KEY,
    cumulative_amount NUMERIC(20, 0) NOT NULL,
    cumulative_units NUMERIC(20, 0) NOT NULL,
    signer BYTEA NOT NULL,
    signature BYTEA NOT NULL,
    received_ms BIGINT NOT NULL
);

-- All that were ever the newest.
CREATE TABLE voucher_history (
    lease BYTEA NOT NULL,
    cumulative_amount NUMERIC(20, 0) NOT NULL,
    cumulative_units NUMERIC(20, 0) NOT NULL,
    signer BYTEA NOT NULL,
    signature BYTEA NOT NULL,
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (lease, cumulative_amount)
);
