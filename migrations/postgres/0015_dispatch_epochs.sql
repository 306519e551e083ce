-- Dispatch epochs: what the dispatcher signed over the records of a time, and the route records, in blocks.

CREATE TABLE dispatch_epoch (
    number BIGINT NOT NULL PRIMARY KEY,
    hash BYTEA NOT NULL,
    root BYTEA NOT NULL,
    first_seq BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    placement_root BYTEA NOT NULL,
    placements BIGINT NOT NULL,
    route_root BYTEA NOT NULL,
    routes BIGINT NOT NULL,
    first_route BIGINT NOT NULL,
    closed_ms BIGINT NOT NULL,
    dispatcher BYTEA NOT NULL,
    cluster BYTEA NOT NULL,
    signature BYTEA NOT NULL
);
CREATE INDEX dispatch_epoch_by_input ON dispatch_epoch (last_seq);
CREATE INDEX dispatch_epoch_by_route ON dispatch_epoch (first_route, number);

CREATE TABLE dispatch_route (
    first BIGINT NOT NULL PRIMARY KEY,
    records BIGINT NOT NULL,
    input_seq BIGINT NOT NULL,
    bytes BYTEA NOT NULL
);
