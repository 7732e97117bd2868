-- What came back: replies, bounces, complaints and notices, from mailboxes, the inbound port and providers' webhooks.

CREATE TABLE received (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    fingerprint BYTEA NOT NULL, -- of the message, however it came
    source TEXT NOT NULL,
    mailbox_id UUID,
    channel_id UUID,
    email_id UUID,
    send_number BIGINT, -- which sending of the email
    person_id UUID,
    owner_id UUID NOT NULL,
    kind TEXT NOT NULL,
    from_name TEXT NOT NULL,
    from_address TEXT NOT NULL,
    subject TEXT NOT NULL,
    message_id TEXT,
    in_reply_to TEXT,
    reference_ids TEXT NOT NULL, -- the ids of the References header, separated by spaces
    snippet TEXT NOT NULL,
    at BIGINT NOT NULL,
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
    workspace_id UUID NOT NULL,
    received_id UUID NOT NULL,
    html BYTEA NOT NULL,
    text BYTEA NOT NULL,
    PRIMARY KEY (workspace_id, received_id),
    FOREIGN KEY (workspace_id, received_id) REFERENCES received (workspace_id, id)
);

-- Ids that servers gave to messages of ours in place of our Message-ID.
CREATE TABLE sent_ids (
    workspace_id UUID NOT NULL,
    message_id TEXT NOT NULL,
    email_id UUID NOT NULL,
    send_number BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, message_id),
    FOREIGN KEY (workspace_id, email_id) REFERENCES emails (workspace_id, id)
);
