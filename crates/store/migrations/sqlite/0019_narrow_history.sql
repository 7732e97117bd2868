-- History is read email by email, never by the id of an event: one index instead of two. It is written and removed together
-- with its email, so nobody need look the email up again for each event.
CREATE TABLE events_by_email (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL,
    email_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    evidence TEXT NOT NULL,
    PRIMARY KEY (workspace_id, email_id, at, id)
);
INSERT INTO events_by_email (workspace_id, id, email_id, at, kind, evidence)
    SELECT workspace_id, id, email_id, at, kind, evidence FROM events;
DROP TABLE events;
ALTER TABLE events_by_email RENAME TO events;

-- Nothing but its key: kept once, in the index.
CREATE TABLE attempts_in_order (
    workspace_id BLOB NOT NULL,
    channel_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    recipient_id BLOB NOT NULL,
    domain TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (workspace_id, channel_id, at, recipient_id)
) WITHOUT ROWID;
INSERT INTO attempts_in_order (workspace_id, channel_id, at, recipient_id, domain)
    SELECT workspace_id, channel_id, at, recipient_id, domain FROM attempts;
DROP TABLE attempts;
ALTER TABLE attempts_in_order RENAME TO attempts;
CREATE INDEX attempts_by_domain ON attempts (workspace_id, channel_id, domain, at) WHERE domain <> '';

-- The outcome of a recipient changes twice for each email: it stands in no index.
DROP INDEX recipients_copies_waiting;
CREATE INDEX recipients_copies ON recipients (workspace_id, email_id) WHERE kind <> 'to';
