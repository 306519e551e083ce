-- The dispatch engine's inputs and decisions: replaying the first gives the second.

CREATE TABLE dispatch_input (
    seq INTEGER NOT NULL PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE dispatch_record (
    id BLOB NOT NULL PRIMARY KEY,
    input_seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject BLOB NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX dispatch_record_by_input ON dispatch_record (input_seq, id);
CREATE INDEX dispatch_record_by_subject ON dispatch_record (subject, input_seq, id);
