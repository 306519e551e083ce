-- The append-only ledger of the chain's events, and how far it reaches.

CREATE TABLE chain_slot (
    slot INTEGER NOT NULL PRIMARY KEY,
    state INTEGER NOT NULL,
    parent_slot INTEGER NOT NULL,
    blockhash BLOB NOT NULL,
    parent_blockhash BLOB NOT NULL,
    block_time INTEGER
) STRICT;

-- Read in the order of its key; found by the event's own name too.
CREATE TABLE raw_event (
    slot INTEGER NOT NULL,
    signature BLOB NOT NULL,
    ix INTEGER NOT NULL,
    inner_ix INTEGER NOT NULL,
    block_time INTEGER,
    discriminator BLOB NOT NULL,
    schema INTEGER NOT NULL,
    payload BLOB NOT NULL,
    PRIMARY KEY (slot, signature, ix, inner_ix),
    UNIQUE (signature, ix, inner_ix)
) STRICT;

CREATE TABLE cursor (
    stream TEXT NOT NULL PRIMARY KEY,
    fence INTEGER NOT NULL,
    slot INTEGER,
    blockhash BLOB
) STRICT, WITHOUT ROWID;

CREATE TABLE dead_letter (
    signature BLOB NOT NULL PRIMARY KEY,
    slot INTEGER NOT NULL,
    reason TEXT NOT NULL,
    bytes BLOB NOT NULL,
    recorded_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE gap (
    subject BLOB NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    reason TEXT NOT NULL,
    found_ms INTEGER NOT NULL,
    PRIMARY KEY (subject, first)
) STRICT, WITHOUT ROWID;
