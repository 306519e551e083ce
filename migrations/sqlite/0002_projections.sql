-- What folding all events gives. shadow is 0 for the rows that readers see, 1 for those of a rebuild.
-- Each row has the number (seq) and the place (slot, signature, ix, inner_ix) of its last event.

CREATE TABLE network (
    shadow INTEGER NOT NULL,
    config BLOB NOT NULL,
    admin BLOB NOT NULL,
    stake_mint BLOB NOT NULL,
    payment_mint BLOB NOT NULL,
    cluster_id BLOB NOT NULL,
    profile INTEGER NOT NULL,
    fee INTEGER NOT NULL,
    min_stake BLOB NOT NULL,
    stake_per_million BLOB NOT NULL,
    unbonding_secs INTEGER NOT NULL,
    max_lease_secs INTEGER NOT NULL,
    max_job_secs INTEGER NOT NULL,
    grace_secs INTEGER NOT NULL,
    dispute_window_secs INTEGER NOT NULL,
    job_id_window_secs INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    signature BLOB NOT NULL,
    ix INTEGER NOT NULL,
    inner_ix INTEGER NOT NULL,
    PRIMARY KEY (shadow, config)
) STRICT, WITHOUT ROWID;

CREATE TABLE provider (
    shadow INTEGER NOT NULL,
    provider BLOB NOT NULL,
    owner BLOB NOT NULL,
    operator BLOB NOT NULL,
    payout BLOB NOT NULL,
    status INTEGER NOT NULL,
    total_stake BLOB NOT NULL,
    total_shares BLOB NOT NULL,
    unbonding_shares BLOB NOT NULL,
    own_shares BLOB NOT NULL,
    exposure BLOB NOT NULL,
    commission INTEGER NOT NULL,
    open_leases INTEGER NOT NULL,
    resource_class BLOB NOT NULL,
    region BLOB NOT NULL,
    metadata_hash BLOB NOT NULL,
    registered_at INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    signature BLOB NOT NULL,
    ix INTEGER NOT NULL,
    inner_ix INTEGER NOT NULL,
    PRIMARY KEY (shadow, provider)
) STRICT;
CREATE INDEX provider_by_owner ON provider (shadow, owner, provider);
CREATE INDEX provider_by_operator ON provider (shadow, operator, provider);
CREATE INDEX provider_by_ord ON provider (shadow, slot, signature, ix, inner_ix);

CREATE TABLE stake_position (
    shadow INTEGER NOT NULL,
    provider BLOB NOT NULL,
    staker BLOB NOT NULL,
    shares BLOB NOT NULL,
    tickets BLOB NOT NULL,
    seq INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    signature BLOB NOT NULL,
    ix INTEGER NOT NULL,
    inner_ix INTEGER NOT NULL,
    PRIMARY KEY (shadow, provider, staker)
) STRICT, WITHOUT ROWID;
CREATE INDEX stake_position_by_staker ON stake_position (shadow, staker, provider);

CREATE TABLE job (
    shadow INTEGER NOT NULL,
    job BLOB NOT NULL,
    requester BLOB NOT NULL,
    job_id INTEGER NOT NULL,
    voucher_signer BLOB NOT NULL,
    dispatcher BLOB,
    spec_hash BLOB NOT NULL,
    tier INTEGER NOT NULL,
    unit_kind INTEGER NOT NULL,
    max_unit_price BLOB NOT NULL,
    funded BLOB NOT NULL,
    committed BLOB NOT NULL,
    paid BLOB NOT NULL,
    refunded BLOB NOT NULL,
    foreign_amount BLOB NOT NULL,
    min_provider_stake BLOB NOT NULL,
    max_share INTEGER NOT NULL,
    max_leases INTEGER NOT NULL,
    open_leases INTEGER NOT NULL,
    leases_total INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    deadline INTEGER NOT NULL,
    closing_at INTEGER,
    status INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    signature BLOB NOT NULL,
    ix INTEGER NOT NULL,
    inner_ix INTEGER NOT NULL,
    PRIMARY KEY (shadow, job)
) STRICT;
CREATE INDEX job_by_requester ON job (shadow, requester, job);
CREATE INDEX job_by_status ON job (shadow, status, job);
CREATE INDEX job_by_ord ON job (shadow, slot, signature, ix, inner_ix);

CREATE TABLE lease (
    shadow INTEGER NOT NULL,
    lease BLOB NOT NULL,
    job BLOB NOT NULL,
    provider BLOB NOT NULL,
    nonce INTEGER NOT NULL,
    requester BLOB NOT NULL,
    voucher_signer BLOB NOT NULL,
    operator BLOB NOT NULL,
    matcher BLOB NOT NULL,
    unit_price BLOB NOT NULL,
    fee INTEGER NOT NULL,
    cap BLOB NOT NULL,
    exposure BLOB NOT NULL,
    settled BLOB NOT NULL,
    fee_paid BLOB NOT NULL,
    units BLOB NOT NULL,
    returned BLOB NOT NULL,
    opened_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    grace_secs INTEGER NOT NULL,
    dispute_window_secs INTEGER NOT NULL,
    settle_until INTEGER NOT NULL,
    dispute_until INTEGER NOT NULL,
    rent_payer BLOB NOT NULL,
    released INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    signature BLOB NOT NULL,
    ix INTEGER NOT NULL,
    inner_ix INTEGER NOT NULL,
    PRIMARY KEY (shadow, lease)
) STRICT;
CREATE INDEX lease_by_job ON lease (shadow, job, lease);
CREATE INDEX lease_by_provider ON lease (shadow, provider, ended, lease);
CREATE INDEX lease_by_ord ON lease (shadow, slot, signature, ix, inner_ix);

CREATE TABLE fee_shard (
    shadow INTEGER NOT NULL,
    fee_shard BLOB NOT NULL,
    shard INTEGER NOT NULL,
    collected BLOB NOT NULL,
    swept BLOB NOT NULL,
    seq INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    signature BLOB NOT NULL,
    ix INTEGER NOT NULL,
    inner_ix INTEGER NOT NULL,
    PRIMARY KEY (shadow, fee_shard)
) STRICT, WITHOUT ROWID;

CREATE TABLE rewards (
    shadow INTEGER NOT NULL,
    rewards BLOB NOT NULL,
    swept BLOB NOT NULL,
    seq INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    signature BLOB NOT NULL,
    ix INTEGER NOT NULL,
    inner_ix INTEGER NOT NULL,
    PRIMARY KEY (shadow, rewards)
) STRICT, WITHOUT ROWID;

-- What made the live rows.
CREATE TABLE projection_meta (
    name TEXT NOT NULL PRIMARY KEY,
    code_version INTEGER NOT NULL,
    cursor INTEGER NOT NULL,
    state_hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;
