-- Every email passes through In progress: what orders the other folders is written when it gets there, and not twice.
-- (A condition is an OR and not an IN, which SQLite does not recognise in a query for one of its values.)

DROP INDEX emails_by_activity;
DROP INDEX emails_by_sent;
DROP INDEX emails_by_failed;
CREATE INDEX emails_by_activity ON emails (workspace_id, owner_id, status, last_activity_at, id)
    WHERE status = 'delivered' OR status = 'archived';
CREATE INDEX emails_by_sent ON emails (workspace_id, owner_id, status, sent_at, id)
    WHERE status = 'delivered' OR status = 'archived';
CREATE INDEX emails_by_failed ON emails (workspace_id, owner_id, status, failed_at, id)
    WHERE status = 'failed' OR status = 'bounced' OR status = 'spam';

DROP INDEX emails_by_created;
DROP INDEX emails_by_updated;
CREATE INDEX emails_by_created ON emails (workspace_id, owner_id, status, created_at, id)
    WHERE status <> 'in_progress';
CREATE INDEX emails_by_updated ON emails (workspace_id, owner_id, status, updated_at, id)
    WHERE status <> 'in_progress';

-- Small, because hardly any email is in progress: one index for its list and for what a dead node left behind.
DROP INDEX emails_leased;
CREATE INDEX emails_in_progress ON emails (workspace_id, owner_id, updated_at, id)
    WHERE status = 'in_progress';
