-- A deleted email that left once and cannot come back: its words are gone, what others still refer to stays.

ALTER TABLE emails ADD COLUMN erased_at INTEGER;

-- What is still to be erased.
CREATE INDEX emails_to_erase ON emails (workspace_id, deleted_at) WHERE deleted_at IS NOT NULL AND erased_at IS NULL;
