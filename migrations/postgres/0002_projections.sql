-- What folding all events gives. shadow is 0 for the rows that readers see, 1 for those of a rebuild.
-- Each row has the number (seq) and the place (slot, signature, ix, inner_ix) of its last event.

CREATE TABLE network (
    shadow BIGINT NOT NULL,
    config BYTEA NOT NULL,
    admin BYTEA NOT NULL,
    stake_mint BYTEA NOT NULL,
    payment_mint BYTEA NOT NULL,
    cluster_id BYTEA NOT NULL,
    profile BIGINT NOT NULL,
    fee BIGINT NOT NULL,
    min_stake NUMERIC(20, 0) NOT NULL,
    stake_per_million NUMERIC(20, 0) NOT NULL,
    unbonding_secs BIGINT NOT NULL,
    max_lease_secs BIGINT NOT NULL,
    max_job_secs BIGINT NOT NULL,
    grace_secs BIGINT NOT NULL,
    dispute_window_secs BIGINT NOT NULL,
    job_id_window_secs BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    signature BYTEA NOT NULL,
    ix BIGINT NOT NULL,
    inner_ix BIGINT NOT NULL,
    PRIMARY KEY (shadow, config)
);

CREATE TABLE provider (
    shadow BIGINT NOT NULL,
    provider BYTEA NOT NULL,
    owner BYTEA NOT NULL,
    operator BYTEA NOT NULL,
    payout BYTEA NOT NULL,
    status BIGINT NOT NULL,
    total_stake NUMERIC(20, 0) NOT NULL,
    total_shares NUMERIC(39, 0) NOT NULL,
    unbonding_shares NUMERIC(39, 0) NOT NULL,
    own_shares NUMERIC(39, 0) NOT NULL,
    exposure NUMERIC(20, 0) NOT NULL,
    commission BIGINT NOT NULL,
    open_leases BIGINT NOT NULL,
    resource_class BYTEA NOT NULL,
    region BYTEA NOT NULL,
    metadata_hash BYTEA NOT NULL,
    registered_at BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    signature BYTEA NOT NULL,
    ix BIGINT NOT NULL,
    inner_ix BIGINT NOT NULL,
    PRIMARY KEY (shadow, provider)
);
CREATE INDEX provider_by_owner ON provider (shadow, owner, provider);
CREATE INDEX provider_by_operator ON provider (shadow, operator, provider);
CREATE INDEX provider_by_ord ON provider (shadow, slot, signature, ix, inner_ix);

CREATE TABLE stake_position (
    shadow BIGINT NOT NULL,
    provider BYTEA NOT NULL,
    staker BYTEA NOT NULL,
    shares NUMERIC(39, 0) NOT NULL,
    tickets BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    signature BYTEA NOT NULL,
    ix BIGINT NOT NULL,
    inner_ix BIGINT NOT NULL,
    PRIMARY KEY (shadow, provider, staker)
);
CREATE INDEX stake_position_by_staker ON stake_position (shadow, staker, provider);

CREATE TABLE job (
    shadow BIGINT NOT NULL,
    job BYTEA NOT NULL,
    requester BYTEA NOT NULL,
    job_id BIGINT NOT NULL,
    voucher_signer BYTEA NOT NULL,
    dispatcher BYTEA,
    spec_hash BYTEA NOT NULL,
    tier BIGINT NOT NULL,
    unit_kind BIGINT NOT NULL,
    max_unit_price NUMERIC(20, 0) NOT NULL,
    funded NUMERIC(20, 0) NOT NULL,
    committed NUMERIC(20, 0) NOT NULL,
    paid NUMERIC(20, 0) NOT NULL,
    refunded NUMERIC(20, 0) NOT NULL,
    foreign_amount NUMERIC(20, 0) NOT NULL,
    min_provider_stake NUMERIC(20, 0) NOT NULL,
    max_share BIGINT NOT NULL,
    max_leases BIGINT NOT NULL,
    open_leases BIGINT NOT NULL,
    leases_total BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    deadline BIGINT NOT NULL,
    closing_at BIGINT,
    status BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    signature BYTEA NOT NULL,
    ix BIGINT NOT NULL,
    inner_ix BIGINT NOT NULL,
    PRIMARY KEY (shadow, job)
);
CREATE INDEX job_by_requester ON job (shadow, requester, job);
CREATE INDEX job_by_status ON job (shadow, status, job);
CREATE INDEX job_by_ord ON job (shadow, slot, signature, ix, inner_ix);

CREATE TABLE lease (
    shadow BIGINT NOT NULL,
    lease BYTEA NOT NULL,
    job BYTEA NOT NULL,
    provider BYTEA NOT NULL,
    nonce BIGINT NOT NULL,
    requester BYTEA NOT NULL,
    voucher_signer BYTEA NOT NULL,
    operator BYTEA NOT NULL,
    matcher BYTEA NOT NULL,
    unit_price NUMERIC(20, 0) NOT NULL,
    fee BIGINT NOT NULL,
    cap NUMERIC(20, 0) NOT NULL,
    exposure NUMERIC(20, 0) NOT NULL,
    settled NUMERIC(20, 0) NOT NULL,
    fee_paid NUMERIC(20, 0) NOT NULL,
    units NUMERIC(20, 0) NOT NULL,
    returned NUMERIC(20, 0) NOT NULL,
    opened_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    grace_secs BIGINT NOT NULL,
    dispute_window_secs BIGINT NOT NULL,
    settle_until BIGINT NOT NULL,
    dispute_until BIGINT NOT NULL,
    rent_payer BYTEA NOT NULL,
    released BIGINT NOT NULL,
    ended BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    signature BYTEA NOT NULL,
    ix BIGINT NOT NULL,
    inner_ix BIGINT NOT NULL,
    PRIMARY KEY (shadow, lease)
);
CREATE INDEX lease_by_job ON lease (shadow, job, lease);
CREATE INDEX lease_by_provider ON lease (shadow, provider, ended, lease);
CREATE INDEX lease_by_ord ON lease (shadow, slot, signature, ix, inner_ix);

CREATE TABLE fee_shard (
    shadow BIGINT NOT NULL,
    fee_shard BYTEA NOT NULL,
    shard BIGINT NOT NULL,
    collected NUMERIC(20, 0) NOT NULL,
    swept NUMERIC(20, 0) NOT NULL,
    seq BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    signature BYTEA NOT NULL,
    ix BIGINT NOT NULL,
    inner_ix BIGINT NOT NULL,
    PRIMARY KEY (shadow, fee_shard)
);

CREATE TABLE rewards (
    shadow BIGINT NOT NULL,
    rewards BYTEA NOT NULL,
    swept NUMERIC(20, 0) NOT NULL,
    seq BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    signature BYTEA NOT NULL,
    ix BIGINT NOT NULL,
    inner_ix BIGINT NOT NULL,
    PRIMARY KEY (shadow, rewards)
);

-- What made the live rows.
CREATE TABLE projection_meta (
    name TEXT NOT NULL PRIMARY KEY,
    code_version BIGINT NOT NULL,
    cursor BIGINT NOT NULL,
    state_hash BYTEA NOT NULL
);
