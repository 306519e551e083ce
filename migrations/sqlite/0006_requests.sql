-- Requests that count once.

CREATE TABLE idempotency (
    principal BLOB NOT NULL,
    key TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    status INTEGER,
    content_type TEXT NOT NULL,
    body BLOB NOT NULL,
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (principal, key)
) STRICT;
CREATE INDEX idempotency_by_age ON idempotency (created_ms);

CREATE TABLE node_nonce (
    signer BLOB NOT NULL,
    nonce BLOB NOT NULL,
    expires_ms INTEGER NOT NULL,
    PRIMARY KEY (signer, nonce)
) STRICT, WITHOUT ROWID;
CREATE INDEX node_nonce_by_age ON node_nonce (expires_ms);
