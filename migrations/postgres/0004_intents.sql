-- Transactions, stored before they are sent.

CREATE TABLE tx_intent (
    id BYTEA NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject BYTEA NOT NULL,
    last_valid_block_height BIGINT NOT NULL,
    signatures BYTEA NOT NULL,
    bytes BYTEA NOT NULL,
    state BIGINT NOT NULL,
    error TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL
);
CREATE INDEX tx_intent_by_state ON tx_intent (state, id);
