-- The dispatch engine's inputs and decisions: replaying the first gives the second.

CREATE TABLE dispatch_input (
    seq BIGINT NOT NULL PRIMARY KEY,
    bytes BYTEA NOT NULL
);

CREATE TABLE dispatch_record (
    id BYTEA NOT NULL PRIMARY KEY,
    input_seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject BYTEA NOT NULL,
    bytes BYTEA NOT NULL
);
CREATE INDEX dispatch_record_by_input ON dispatch_record (input_seq, id);
CREATE INDEX dispatch_record_by_subject ON dispatch_record (subject, input_seq, id);
