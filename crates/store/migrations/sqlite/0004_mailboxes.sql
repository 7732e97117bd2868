-- Mailboxes: where uncertain emails are looked for, and where copies of sent ones are put.

CREATE TABLE mailboxes (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    owner_id BLOB NOT NULL,
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    port INTEGER NOT NULL,
    security TEXT NOT NULL,
    username TEXT NOT NULL,
    secret BLOB, -- sealed with a key kept outside the database
    sent_folder TEXT, -- NULL: found by itself
    append_since INTEGER, -- since when copies are put into Sent; NULL: the provider keeps them
    last_checked_at INTEGER,
    problem TEXT,
    problem_text TEXT,
    visit_after INTEGER, -- not visited before: somebody is there, or it rests after a problem
    created_at INTEGER NOT NULL,
    deleted_at INTEGER,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, owner_id) REFERENCES members (workspace_id, user_id)
);
CREATE INDEX mailboxes_by_owner ON mailboxes (workspace_id, owner_id);

ALTER TABLE identities ADD COLUMN mailbox_id BLOB; -- where its sent mail is kept
CREATE INDEX identities_by_mailbox ON identities (workspace_id, mailbox_id);

-- What the visits look for: small, because hardly any email is uncertain.
CREATE INDEX emails_uncertain ON emails (workspace_id, identity_id) WHERE uncertain;

-- Where and when an uncertain email was looked for; one row for each send number that was looked for.
CREATE TABLE sent_looks (
    workspace_id BLOB NOT NULL,
    email_id BLOB NOT NULL,
    send_number INTEGER NOT NULL,
    mailbox_id BLOB NOT NULL,
    folder TEXT NOT NULL,
    looks INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    looked_at INTEGER NOT NULL,
    next_at INTEGER, -- NULL: not looked for any more
    PRIMARY KEY (workspace_id, email_id, send_number),
    FOREIGN KEY (workspace_id, email_id) REFERENCES emails (workspace_id, id)
);

-- Copies in Sent, ours or the provider's, so that none is put there twice.
CREATE TABLE sent_copies (
    workspace_id BLOB NOT NULL,
    email_id BLOB NOT NULL,
    send_number INTEGER NOT NULL,
    kept_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, email_id, send_number),
    FOREIGN KEY (workspace_id, email_id) REFERENCES emails (workspace_id, id)
);
