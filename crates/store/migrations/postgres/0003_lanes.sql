-- Who takes turns on a channel, and which node hands a claimed email over.

ALTER TABLE emails ADD COLUMN to_domain TEXT; -- of to_address, in lower case: what limits a recipient domain has
ALTER TABLE emails ADD COLUMN bulk BOOLEAN NOT NULL DEFAULT FALSE; -- queued together with many others
ALTER TABLE emails ADD COLUMN leased_by UUID; -- the node that hands it over; its heartbeat is the lease

DROP INDEX emails_leased;
ALTER TABLE emails DROP COLUMN lease_until;
CREATE INDEX emails_leased ON emails (workspace_id, leased_by) WHERE leased_by IS NOT NULL;

DROP INDEX emails_due;
CREATE INDEX emails_lanes ON emails (workspace_id, channel_id, owner_id, bulk, next_at, id) WHERE status = 'scheduled';

-- A folder's order is kept for that folder only: an email that passes through pays for nothing else.
DROP INDEX emails_by_activity;
DROP INDEX emails_by_sent;
DROP INDEX emails_by_next;
DROP INDEX emails_by_failed;
CREATE INDEX emails_by_activity ON emails (workspace_id, owner_id, status, last_activity_at, id)
    WHERE status IN ('delivered', 'archived');
CREATE INDEX emails_by_sent ON emails (workspace_id, owner_id, status, sent_at, id)
    WHERE status IN ('delivered', 'archived');
CREATE INDEX emails_by_next ON emails (workspace_id, owner_id, next_at, id)
    WHERE status = 'scheduled';
CREATE INDEX emails_by_failed ON emails (workspace_id, owner_id, status, failed_at, id)
    WHERE status IN ('failed', 'bounced', 'spam');

-- The text part is what the HTML part says.
ALTER TABLE sent_messages DROP COLUMN text;

-- The processes that deliver. Global: a node serves every workspace. Who was not seen for a while is dead.
CREATE TABLE nodes (
    id UUID NOT NULL PRIMARY KEY,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
