-- A sign of life of the stream's writer: counted up while it works or waits for blocks, NULL while nobody holds the stream.

ALTER TABLE cursor ADD COLUMN beat INTEGER;
