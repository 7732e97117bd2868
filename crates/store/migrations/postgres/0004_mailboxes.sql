-- Mailboxes: where uncertain emails are looked for, and where copies of sent ones are put.

CREATE TABLE mailboxes (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    owner_id UUID NOT NULL,
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    port BIGINT NOT NULL,
    security TEXT NOT NULL,
    username TEXT NOT NULL,
    secret BYTEA, -- sealed with a key kept outside the database
    sent_folder TEXT, -- NULL: found by itself
    append_since BIGINT, -- since when copies are put into Sent; NULL: the provider keeps them
    last_checked_at BIGINT,
    problem TEXT,
    problem_text TEXT,
    visit_after BIGINT, -- not visited before: somebody is there, or it rests after a problem
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, owner_id) REFERENCES members (workspace_id, user_id)
);
CREATE INDEX mailboxes_by_owner ON mailboxes (workspace_id, owner_id);

ALTER TABLE identities ADD COLUMN mailbox_id UUID; -- where its sent mail is kept
CREATE INDEX identities_by_mailbox ON identities (workspace_id, mailbox_id);

-- What the visits look for: small, because hardly any email is uncertain.
CREATE INDEX emails_uncertain ON emails (workspace_id, identity_id) WHERE uncertain;

-- Where and when an uncertain email was looked for; one row for each send number that was looked for.
CREATE TABLE sent_looks (
    workspace_id UUID NOT NULL,
    email_id UUID NOT NULL,
    send_number BIGINT NOT NULL,
    mailbox_id UUID NOT NULL,
    folder TEXT NOT NULL,
    looks BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    looked_at BIGINT NOT NULL,
    next_at BIGINT, -- NULL: not looked for any more
    PRIMARY KEY (workspace_id, email_id, send_number),
    FOREIGN KEY (workspace_id, email_id) REFERENCES emails (workspace_id, id)
);

-- Copies in Sent, ours or the provider's, so that none is put there twice.
CREATE TABLE sent_copies (
    workspace_id UUID NOT NULL,
    email_id UUID NOT NULL,
    send_number BIGINT NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, email_id, send_number),
    FOREIGN KEY (workspace_id, email_id) REFERENCES emails (workspace_id, id)
);
