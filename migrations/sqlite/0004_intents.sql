-- Transactions, stored before they are sent.

CREATE TABLE tx_intent (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject BLOB NOT NULL,
    last_valid_block_height INTEGER NOT NULL,
    signatures BLOB NOT NULL,
    bytes BLOB NOT NULL,
    state INTEGER NOT NULL,
    error TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX tx_intent_by_state ON tx_intent (state, id);
