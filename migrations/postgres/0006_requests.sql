-- Requests that count once.

CREATE TABLE idempotency (
    principal BYTEA NOT NULL,
    key TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    status BIGINT,
    content_type TEXT NOT NULL,
    body BYTEA NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (principal, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_ms);

CREATE TABLE node_nonce (
    signer BYTEA NOT NULL,
    nonce BYTEA NOT NULL,
    expires_ms BIGINT NOT NULL,
    PRIMARY KEY (signer, nonce)
);
CREATE INDEX node_nonce_by_age ON node_nonce (expires_ms);
