-- The append-only ledger of the chain's events, and how far it reaches.

CREATE TABLE chain_slot (
    slot BIGINT NOT NULL PRIMARY KEY,
    state BIGINT NOT NULL,
    parent_slot BIGINT NOT NULL,
    blockhash BYTEA NOT NULL,
    parent_blockhash BYTEA NOT NULL,
    block_time BIGINT
);

-- Read in the order of its key; found by the event's own name too.
CREATE TABLE raw_event (
    slot BIGINT NOT NULL,
    signature BYTEA NOT NULL,
    ix BIGINT NOT NULL,
    inner_ix BIGINT NOT NULL,
    block_time BIGINT,
    discriminator BYTEA NOT NULL,
    schema BIGINT NOT NULL,
    payload BYTEA NOT NULL,
    PRIMARY KEY (slot, signature, ix, inner_ix),
    UNIQUE (signature, ix, inner_ix)
);

CREATE TABLE cursor (
    stream TEXT NOT NULL PRIMARY KEY,
    fence BIGINT NOT NULL,
    slot BIGINT,
    blockhash BYTEA
);

CREATE TABLE dead_letter (
    signature BYTEA NOT NULL PRIMARY KEY,
    slot BIGINT NOT NULL,
    reason TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    recorded_ms BIGINT NOT NULL
);

CREATE TABLE gap (
    subject BYTEA NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    reason TEXT NOT NULL,
    found_ms BIGINT NOT NULL,
    PRIMARY KEY (subject, first)
);
