-- Who is not to be mailed: what holds now. Taken away when mail goes again; what was stands in stop_changes.
CREATE TABLE stops (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    id BLOB NOT NULL,
    address TEXT NOT NULL, -- in lower case
    person_id BLOB,
    cause TEXT NOT NULL, -- a hard bounce stops the address alone, everything else the person too
    scope TEXT NOT NULL, -- 'workspace', or the id of the user whose mail alone is meant
    source TEXT NOT NULL,
    motive TEXT,
    email_id BLOB,
    by_user BLOB,
    note TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, address, cause, scope)
);
CREATE INDEX stops_of_person ON stops (workspace_id, person_id);

-- Append-only: no statement of the product updates or deletes a row.
CREATE TABLE stop_changes (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    id BLOB NOT NULL,
    stop_id BLOB NOT NULL,
    change TEXT NOT NULL,
    address TEXT NOT NULL,
    person_id BLOB,
    cause TEXT NOT NULL,
    scope TEXT NOT NULL,
    source TEXT NOT NULL,
    motive TEXT,
    resume_reason TEXT,
    email_id BLOB,
    by_user BLOB,
    note TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX stop_changes_of_person ON stop_changes (workspace_id, person_id, at);
CREATE INDEX stop_changes_of_address ON stop_changes (workspace_id, address, at);

CREATE TABLE blocked_domains (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    domain TEXT NOT NULL, -- in lower case; what is below it is blocked too
    by_user BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, domain)
);

-- The words with the link. No row: as the product comes.
CREATE TABLE unsubscribe_settings (
    workspace_id BLOB NOT NULL PRIMARY KEY REFERENCES workspaces (id),
    version INTEGER NOT NULL,
    appended BOOLEAN NOT NULL,
    wording TEXT NOT NULL, -- 'admin' or 'users': who writes the words
    html TEXT NOT NULL
);
CREATE TABLE unsubscribe_texts (
    workspace_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    html TEXT NOT NULL,
    PRIMARY KEY (workspace_id, user_id),
    FOREIGN KEY (workspace_id, user_id) REFERENCES members (workspace_id, user_id)
);

ALTER TABLE email_bodies ADD COLUMN non_commercial BOOLEAN NOT NULL DEFAULT FALSE; -- may reach who unsubscribed
