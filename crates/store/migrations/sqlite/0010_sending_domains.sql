-- What a domain proves about its mail, and the host that its links lead to.

-- Keys that sign a domain's mail on a channel. A replaced key stays published for some days: mail on its way bears it.
CREATE TABLE dkim_keys (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL,
    channel_id BLOB NOT NULL,
    domain TEXT NOT NULL, -- ASCII, lower case
    selector TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    public_key TEXT NOT NULL,
    secret BLOB, -- sealed with a key kept outside the database; NULL once it signs no more
    created_at INTEGER NOT NULL,
    checked_at INTEGER,
    record_state TEXT, -- what was published when it was last looked for
    signs_since INTEGER,
    replaced_at INTEGER, -- since when it signs no more
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, domain, selector),
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels (workspace_id, id)
);

-- The host of one's own for pixels and links; one for each workspace.
CREATE TABLE tracking_domains (
    workspace_id BLOB NOT NULL,
    host TEXT NOT NULL, -- with a port where it is not 443
    created_at INTEGER NOT NULL,
    active_since INTEGER, -- NULL: new mail uses the default host
    checked_at INTEGER,
    failing_since INTEGER, -- since when checks fail
    problem TEXT,
    problem_text TEXT,
    PRIMARY KEY (workspace_id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
);

-- Hosts that once were one's own: their links go on leading where they led.
CREATE TABLE former_tracking_hosts (
    workspace_id BLOB NOT NULL,
    host TEXT NOT NULL,
    PRIMARY KEY (workspace_id, host),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
);

-- Certificates of hosts that this server answers for, shared by all nodes.
CREATE TABLE certificates (
    host TEXT NOT NULL,
    chain TEXT, -- PEM; NULL: none yet
    secret BLOB, -- the private key, sealed with a key kept outside the database
    expires_at INTEGER,
    renew_at INTEGER,
    ordered_until INTEGER, -- a node is at it until then
    retry_at INTEGER, -- not ordered before: the last order failed
    failures INTEGER NOT NULL,
    problem_text TEXT,
    PRIMARY KEY (host)
);

-- What the certificate authority asks for while an order runs; it may ask any node.
CREATE TABLE acme_challenges (
    host TEXT NOT NULL,
    digest BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (host)
);

-- Our account at a certificate authority.
CREATE TABLE acme_accounts (
    directory_url TEXT NOT NULL,
    secret BLOB NOT NULL, -- its credentials, sealed with a key kept outside the database
    PRIMARY KEY (directory_url)
);
