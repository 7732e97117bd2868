-- Limits as providers set them: connections, a day that begins when theirs does, and what a recipient domain may get.

ALTER TABLE channels ADD COLUMN connections BIGINT NOT NULL DEFAULT 4;
ALTER TABLE channels ADD COLUMN day_reset_minute BIGINT; -- minutes since midnight in day_reset_zone; NULL: any 24 hours
ALTER TABLE channels ADD COLUMN day_reset_zone TEXT; -- an IANA name
ALTER TABLE channels ADD COLUMN domain_rules TEXT NOT NULL DEFAULT '[]'; -- JSON

ALTER TABLE attempts ADD COLUMN domain TEXT NOT NULL DEFAULT ''; -- of the recipient, in lower case; empty while no domain has a rule
-- What the rules of a domain count.
CREATE INDEX attempts_by_domain ON attempts (workspace_id, channel_id, domain, at) WHERE domain <> '';
-- Copies that are still to go: an email costs a transaction for each. Small, because hardly any email has copies.
CREATE INDEX recipients_copies_waiting ON recipients (workspace_id, email_id)
    WHERE kind <> 'to' AND outcome IN ('waiting', 'deferred');
