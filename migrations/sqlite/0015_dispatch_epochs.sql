-- Dispatch epochs: what the dispatcher signed over the records of a time, and the route records, in blocks.

CREATE TABLE dispatch_epoch (
    number INTEGER NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL,
    root BLOB NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    placement_root BLOB NOT NULL,
    placements INTEGER NOT NULL,
    route_root BLOB NOT NULL,
    routes INTEGER NOT NULL,
    first_route INTEGER NOT NULL,
    closed_ms INTEGER NOT NULL,
    dispatcher BLOB NOT NULL,
    cluster BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT;
CREATE INDEX dispatch_epoch_by_input ON dispatch_epoch (last_seq);
CREATE INDEX dispatch_epoch_by_route ON dispatch_epoch (first_route, number);

CREATE TABLE dispatch_route (
    first INTEGER NOT NULL PRIMARY KEY,
    records INTEGER NOT NULL,
    input_seq INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
