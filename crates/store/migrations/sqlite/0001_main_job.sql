-- The house: workspaces, people who sign in, channels, identities, people we write to, emails, the send ledger, events.
-- Times are microseconds since the epoch, UTC. Ids are UUIDv7. Statuses and kinds are short text, checked in the domain.

CREATE TABLE workspaces (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    tracking BOOLEAN NOT NULL,
    give_up_after_h INTEGER NOT NULL,
    system_channel_id BLOB,
    created_at INTEGER NOT NULL
);

CREATE TABLE users (
    id BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT,
    time_zone TEXT NOT NULL,
    language TEXT NOT NULL,
    undo_window_s INTEGER NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE TABLE members (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER,
    deactivated_at INTEGER,
    PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX members_by_user ON members (user_id);

CREATE TABLE teams (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, name)
);

CREATE TABLE team_members (
    workspace_id BLOB NOT NULL,
    team_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    PRIMARY KEY (workspace_id, team_id, user_id),
    FOREIGN KEY (workspace_id, team_id) REFERENCES teams (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, user_id) REFERENCES members (workspace_id, user_id)
);
CREATE INDEX team_members_by_user ON team_members (workspace_id, user_id);

-- Global, because the cookie is all that a request brings. Only the SHA-256 of the token is kept.
CREATE TABLE sessions (
    token_hash BLOB NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    view_as BLOB,
    ip TEXT NOT NULL,
    user_agent TEXT,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id, expires_at);

CREATE TABLE api_tokens (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    name TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at INTEGER,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, user_id) REFERENCES members (workspace_id, user_id)
);
CREATE INDEX api_tokens_by_user ON api_tokens (workspace_id, user_id);

CREATE TABLE invitations (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    id BLOB NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    team_ids TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, email)
);

CREATE TABLE password_resets (
    token_hash BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX password_resets_by_user ON password_resets (user_id);

-- Global: whom the failures concern is not known before somebody has signed in.
CREATE TABLE sign_in_failures (
    subject TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL
);
CREATE INDEX sign_in_failures_by_age ON sign_in_failures (last_at);

-- Append-only: no statement of the product updates or deletes a row.
CREATE TABLE audit_records (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    id BLOB NOT NULL,
    at INTEGER NOT NULL,
    user_id BLOB,
    ip TEXT,
    action TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (workspace_id, id)
);

CREATE TABLE channels (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    owner_id BLOB, -- NULL: a team channel
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    port INTEGER NOT NULL,
    security TEXT NOT NULL,
    auth TEXT NOT NULL,
    username TEXT,
    secret BLOB, -- sealed with a key kept outside the database
    batch_size INTEGER,
    batch_pause_s INTEGER,
    per_minute INTEGER,
    per_day INTEGER,
    size_limit INTEGER, -- what the server announced when it was last asked
    paused_reason TEXT,
    paused_text TEXT,
    paused_at INTEGER,
    paused_until INTEGER,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER,
    PRIMARY KEY (workspace_id, id)
);

CREATE TABLE identities (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    user_id BLOB NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    signature_html TEXT NOT NULL,
    channel_id BLOB,
    is_default BOOLEAN NOT NULL,
    verified_at INTEGER,
    verification_hash BLOB UNIQUE,
    verification_sent_at INTEGER,
    verification_expires_at INTEGER,
    verification_problem TEXT,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, user_id) REFERENCES members (workspace_id, user_id),
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels (workspace_id, id)
);
CREATE INDEX identities_by_user ON identities (workspace_id, user_id);

CREATE TABLE people (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    owner_id BLOB NOT NULL,
    first_name TEXT,
    last_name TEXT,
    company TEXT,
    title TEXT,
    phone TEXT,
    time_zone TEXT,
    language TEXT,
    linkedin_url TEXT,
    sort_name TEXT NOT NULL, -- what lists show as the name, in lower case
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, owner_id) REFERENCES members (workspace_id, user_id)
);
CREATE INDEX people_by_owner ON people (workspace_id, owner_id, sort_name, id);

CREATE TABLE person_addresses (
    workspace_id BLOB NOT NULL,
    normalised TEXT NOT NULL,
    address TEXT NOT NULL,
    person_id BLOB NOT NULL,
    is_primary BOOLEAN NOT NULL,
    PRIMARY KEY (workspace_id, normalised),
    FOREIGN KEY (workspace_id, person_id) REFERENCES people (workspace_id, id)
);
CREATE INDEX person_addresses_by_person ON person_addresses (workspace_id, person_id);

-- What completion looks for: one row for each word of a person's name, company and address, in lower case.
CREATE TABLE person_words (
    workspace_id BLOB NOT NULL,
    owner_id BLOB NOT NULL,
    word TEXT NOT NULL,
    person_id BLOB NOT NULL,
    PRIMARY KEY (workspace_id, owner_id, word, person_id),
    FOREIGN KEY (workspace_id, person_id) REFERENCES people (workspace_id, id)
);
CREATE INDEX person_words_by_person ON person_words (workspace_id, person_id);

CREATE TABLE emails (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    owner_id BLOB NOT NULL,
    person_id BLOB,
    to_address TEXT,
    identity_id BLOB,
    channel_id BLOB, -- the channel it goes or went through; chosen when it is queued
    status TEXT NOT NULL,
    status_before TEXT, -- of a deleted email
    uncertain BOOLEAN NOT NULL,
    subject TEXT NOT NULL,
    snippet TEXT NOT NULL,
    attachment_count INTEGER NOT NULL,
    tracked BOOLEAN NOT NULL,
    follow_up_of BLOB,
    send_number INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    due_at INTEGER, -- the time the user chose, or the end of the undo window
    next_at INTEGER, -- when the worker looks at it next; due_at or later
    wait_reason TEXT,
    wait_text TEXT,
    first_attempt_at INTEGER,
    lease_until INTEGER,
    failure_reason TEXT,
    failure_code TEXT,
    failure_text TEXT,
    failure_param TEXT,
    views INTEGER NOT NULL,
    views_automatic INTEGER NOT NULL,
    views_self INTEGER NOT NULL,
    clicks INTEGER NOT NULL,
    clicks_automatic INTEGER NOT NULL,
    replies INTEGER NOT NULL,
    unseen BOOLEAN NOT NULL,
    success_at INTEGER,
    last_activity_at INTEGER NOT NULL, -- the last human event, or when it was sent or changed
    sent_at INTEGER,
    failed_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, owner_id) REFERENCES members (workspace_id, user_id),
    FOREIGN KEY (workspace_id, person_id) REFERENCES people (workspace_id, id),
    FOREIGN KEY (workspace_id, identity_id) REFERENCES identities (workspace_id, id),
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels (workspace_id, id)
);
CREATE INDEX emails_by_activity ON emails (workspace_id, owner_id, status, last_activity_at, id);
CREATE INDEX emails_by_sent ON emails (workspace_id, owner_id, status, sent_at, id);
CREATE INDEX emails_by_created ON emails (workspace_id, owner_id, status, created_at, id);
CREATE INDEX emails_by_updated ON emails (workspace_id, owner_id, status, updated_at, id);
CREATE INDEX emails_by_next ON emails (workspace_id, owner_id, status, next_at, id);
CREATE INDEX emails_by_failed ON emails (workspace_id, owner_id, status, failed_at, id);
CREATE INDEX emails_of_person ON emails (workspace_id, person_id);
-- What the workers look for: small, because most emails are neither.
CREATE INDEX emails_due ON emails (workspace_id, next_at, id) WHERE status = 'scheduled';
CREATE INDEX emails_leased ON emails (workspace_id, lease_until) WHERE status = 'in_progress';

-- Kept, not counted.
CREATE TABLE folder_counts (
    workspace_id BLOB NOT NULL,
    owner_id BLOB NOT NULL,
    status TEXT NOT NULL,
    emails INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, owner_id, status)
);

-- Bodies stand apart, compressed (zstd), so that lists never read them.
CREATE TABLE email_bodies (
    workspace_id BLOB NOT NULL,
    email_id BLOB NOT NULL,
    subject TEXT NOT NULL, -- as written, with dynamic fields; the row shows it with values
    html BLOB NOT NULL,
    cc TEXT NOT NULL,
    bcc TEXT NOT NULL,
    in_reply_to TEXT,
    reference_ids TEXT NOT NULL, -- the ids of the References header, separated by spaces
    PRIMARY KEY (workspace_id, email_id),
    FOREIGN KEY (workspace_id, email_id) REFERENCES emails (workspace_id, id)
);

-- The message as it went over the wire, compressed (zstd): one for each send number.
CREATE TABLE sent_messages (
    workspace_id BLOB NOT NULL,
    email_id BLOB NOT NULL,
    send_number INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    html BLOB NOT NULL,
    text BLOB NOT NULL,
    from_name TEXT NOT NULL,
    from_address TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, email_id, send_number),
    UNIQUE (workspace_id, message_id)
);

-- The ledger: one envelope recipient of one email.
CREATE TABLE recipients (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL,
    email_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    outcome TEXT NOT NULL,
    send_number INTEGER NOT NULL,
    channel_id BLOB,
    attempted_at INTEGER,
    settled_at INTEGER,
    reply TEXT,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, email_id) REFERENCES emails (workspace_id, id)
);
CREATE INDEX recipients_of_email ON recipients (workspace_id, email_id);
-- What the limits count.
CREATE TABLE attempts (
    workspace_id BLOB NOT NULL,
    channel_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    recipient_id BLOB NOT NULL,
    PRIMARY KEY (workspace_id, channel_id, at, recipient_id)
);

CREATE TABLE events (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL,
    email_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    evidence TEXT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, email_id) REFERENCES emails (workspace_id, id)
);
CREATE INDEX events_of_email ON events (workspace_id, email_id, at, id);

-- What a user did to one or more emails at once, with each row's state before, so that it can be undone as a whole.
CREATE TABLE email_actions (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    undo_until INTEGER NOT NULL,
    undone_at INTEGER,
    rows_before TEXT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

CREATE TABLE blobs (
    workspace_id BLOB NOT NULL,
    sha256 BLOB NOT NULL,
    size INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (workspace_id, sha256)
);

CREATE TABLE attachments (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL,
    email_id BLOB NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    inline BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, email_id) REFERENCES emails (workspace_id, id),
    FOREIGN KEY (workspace_id, sha256) REFERENCES blobs (workspace_id, sha256)
);
CREATE INDEX attachments_of_email ON attachments (workspace_id, email_id);
CREATE INDEX attachments_of_blob ON attachments (workspace_id, sha256);

-- URLs over 1,500 characters, which a sealed link cannot carry.
CREATE TABLE long_links (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL,
    url TEXT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
