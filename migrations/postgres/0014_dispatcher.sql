-- Which dispatcher may write the dispatch log, and its sign of life: `beat` and `seq` grow while it works, `beat` is NULL
-- while nobody holds the log.

CREATE TABLE dispatcher (
    stream TEXT NOT NULL PRIMARY KEY,
    dispatcher BYTEA NOT NULL,
    holder TEXT NOT NULL,
    fence BIGINT NOT NULL,
    beat BIGINT,
    seq BIGINT NOT NULL
);

-- The format in which an input was written. Those of a format before the newest are kept and not read.
ALTER TABLE dispatch_input ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
