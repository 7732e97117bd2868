-- The certificate that a tracking host showed when one was last seen there: its end is warned of before it comes.

ALTER TABLE tracking_domains ADD COLUMN certificate_begins_at BIGINT;
ALTER TABLE tracking_domains ADD COLUMN certificate_ends_at BIGINT;
