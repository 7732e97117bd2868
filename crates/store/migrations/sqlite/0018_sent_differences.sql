-- What was sent is kept as the difference from what was written: compressed (zstd) with email_bodies.html for a dictionary.
-- What was sent before this is whole.

ALTER TABLE sent_messages ADD COLUMN is_difference BOOLEAN NOT NULL DEFAULT FALSE;
