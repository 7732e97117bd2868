-- Reading mailboxes: how they are signed in to, how far each folder was read, and who watches.

ALTER TABLE mailboxes ADD COLUMN provider TEXT; -- whose consent opens it; NULL: a password
ALTER TABLE mailboxes ADD COLUMN reads BOOLEAN NOT NULL DEFAULT TRUE; -- new mail is read
ALTER TABLE mailboxes ADD COLUMN read_folders TEXT; -- one a line; NULL: INBOX, and the one marked as Junk

-- What people register at a provider so that others can consent. NULL: as the provider publishes it.
CREATE TABLE providers (
    workspace_id UUID NOT NULL,
    provider TEXT NOT NULL,
    client_id TEXT NOT NULL,
    secret BYTEA, -- sealed with a key kept outside the database
    authorization_url TEXT,
    token_url TEXT,
    scopes TEXT,
    host TEXT,
    port BIGINT,
    security TEXT,
    PRIMARY KEY (workspace_id, provider),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
);

-- Who watches a mailbox, and what came of it.
CREATE TABLE mailbox_watches (
    workspace_id UUID NOT NULL,
    mailbox_id UUID NOT NULL,
    node_id UUID, -- the node that watches it, as long as it is alive
    connected_at BIGINT, -- since when the connection stands
    looked_at BIGINT,
    faults BIGINT NOT NULL, -- in a row
    rest_until BIGINT,
    problem TEXT,
    problem_text TEXT,
    PRIMARY KEY (workspace_id, mailbox_id),
    FOREIGN KEY (workspace_id, mailbox_id) REFERENCES mailboxes (workspace_id, id)
);

-- How far each folder was read.
CREATE TABLE mailbox_folders (
    workspace_id UUID NOT NULL,
    mailbox_id UUID NOT NULL,
    folder TEXT NOT NULL,
    uid_validity BIGINT, -- what last_uid counts in; NULL: the server keeps no lasting UIDs
    last_uid BIGINT NOT NULL,
    since BIGINT NOT NULL, -- what came before is not read
    newest_at BIGINT, -- when the newest message that was read had come
    messages BIGINT NOT NULL, -- how many were read
    stepped_over BIGINT NOT NULL, -- how many could not be understood
    PRIMARY KEY (workspace_id, mailbox_id, folder),
    FOREIGN KEY (workspace_id, mailbox_id) REFERENCES mailboxes (workspace_id, id)
);
