-- The providers' book and the requesters' book: what each signed off chain.

CREATE TABLE usage_report (
    lease BLOB NOT NULL,
    seq INTEGER NOT NULL,
    cumulative_units BLOB NOT NULL,
    items INTEGER NOT NULL,
    outputs_hash BLOB NOT NULL,
    signer BLOB NOT NULL,
    signature BLOB NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (lease, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_quarantine (
    lease BLOB NOT NULL,
    seq INTEGER NOT NULL,
    signature BLOB NOT NULL,
    cumulative_units BLOB NOT NULL,
    items INTEGER NOT NULL,
    outputs_hash BLOB NOT NULL,
    signer BLOB NOT NULL,
    reason TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (lease, seq, signature)
) STRICT, WITHOUT ROWID;

-- The newest of each lease.
CREATE TABLE voucher (
    lease BLOB NOT NULL PRIMARY KEY,
    cumulative_amount BLOB NOT NULL,
    cumulative_units BLOB NOT NULL,
    signer BLOB NOT NULL,
    signature BLOB NOT NULL,
    received_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- All that were ever the newest.
CREATE TABLE voucher_history (
    lease BLOB NOT NULL,
    cumulative_amount BLOB NOT NULL,
    cumulative_units BLOB NOT NULL,
    signer BLOB NOT NULL,
    signature BLOB NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (lease, cumulative_amount)
) STRICT, WITHOUT ROWID;
