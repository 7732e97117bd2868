-- Who takes turns on a channel, and whose lease a claimed email is under.

ALTER TABLE emails ADD COLUMN to_domain TEXT; -- of to_address, in lower case: what limits a recipient domain has
ALTER TABLE emails ADD COLUMN bulk BOOLEAN NOT NULL DEFAULT FALSE; -- queued together with many others
ALTER TABLE emails ADD COLUMN leased_by BLOB; -- the node that hands it over
