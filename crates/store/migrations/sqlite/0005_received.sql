-- What came back: replies, bounces, complaints and notices, from mailboxes, the inbound port and providers' webhooks.

CREATE TABLE received (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL,
    fingerprint BLOB NOT NULL, -- of the message, however it came
    source TEXT NOT NULL,
    mailbox_id BLOB,
    channel_id BLOB,
    email_id BLOB,
    send_number INTEGER, -- which sending of the email
    person_id BLOB,
    owner_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    from_name TEXT NOT NULL,
    from_address TEXT NOT NULL,
    subject TEXT NOT NULL,
    message_id TEXT,
    in_reply_to TEXT,
    reference_ids TEXT NOT NULL, -- the ids of the References header, separated by spaces
    snippet TEXT NOT NULL,
    at INTEGER NOT NULL,
    evidence TEXT NOT NULL, -- JSON: what it said, and how we know
    waits BOOLEAN NOT NULL, -- for its email to settle; then it takes effect
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, fingerprint),
    FOREIGN KEY (workspace_id, email_id) REFERENCES emails (workspace_id, id),
    FOREIGN KEY (workspace_id, person_id) REFERENCES people (workspace_id, id)
);
CREATE INDEX received_of_person ON received (workspace_id, person_id, at, id);
CREATE INDEX received_of_email ON received (workspace_id, email_id, at);
CREATE INDEX received_waiting ON received (workspace_id, at, id) WHERE waits;

-- What people wrote, sanitised and compressed (zstd), apart so that lists never read it.
CREATE TABLE received_bodies (
    workspace_id BLOB NOT NULL,
    received_id BLOB NOT NULL,
    html BLOB NOT NULL,
    text BLOB NOT NULL,
    PRIMARY KEY (workspace_id, received_id),
    FOREIGN KEY (workspace_id, received_id) REFERENCES received (workspace_id, id)
);

-- Ids that servers gave to messages of ours in place of our Message-ID.
CREATE TABLE sent_ids (
    workspace_id BLOB NOT NULL,
    message_id TEXT NOT NULL,
    email_id BLOB NOT NULL,
    send_number INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, message_id),
    FOREIGN KEY (workspace_id, email_id) REFERENCES emails (workspace_id, id)
);
