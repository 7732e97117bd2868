-- What a domain proves about its mail, and the host that its links lead to.

-- Keys that sign a domain's mail on a channel. A replaced key stays published for some days: mail on its way bears it.
CREATE TABLE dkim_keys (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    channel_id UUID NOT NULL,
    domain TEXT NOT NULL, -- ASCII, lower case
    selector TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    public_key TEXT NOT NULL,
    secret BYTEA, -- sealed with a key kept outside the database; NULL once it signs no more
    created_at BIGINT NOT NULL,
    checked_at BIGINT,
    record_state TEXT, -- what was published when it was last looked for
    signs_since BIGINT,
    replaced_at BIGINT, -- since when it signs no more
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, domain, selector),
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels (workspace_id, id)
);

-- The host of one's own for pixels and links; one for each workspace.
CREATE TABLE tracking_domains (
    workspace_id UUID NOT NULL,
    host TEXT NOT NULL, -- with a port where it is not 443
    created_at BIGINT NOT NULL,
    active_since BIGINT, -- NULL: new mail uses the default host
    checked_at BIGINT,
    failing_since BIGINT, -- since when checks fail
    problem TEXT,
    problem_text TEXT,
    PRIMARY KEY (workspace_id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
);

-- Hosts that once were one's own: their links go on leading where they led.
CREATE TABLE former_tracking_hosts (
    workspace_id UUID NOT NULL,
    host TEXT NOT NULL,
    PRIMARY KEY (workspace_id, host),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
);

-- Certificates of hosts that this server answers for, shared by all nodes.
CREATE TABLE certificates (
    host TEXT NOT NULL,
    chain TEXT, -- PEM; NULL: none yet
    secret BYTEA, -- the private key, sealed with a key kept outside the database
    expires_at BIGINT,
    renew_at BIGINT,
    ordered_until BIGINT, -- a node is at it until then
    retry_at BIGINT, -- not ordered before: the last order failed
    failures BIGINT NOT NULL,
    problem_text TEXT,
    PRIMARY KEY (host)
);

-- What the certificate authority asks for while an order runs; it may ask any node.
CREATE TABLE acme_challenges (
    host TEXT NOT NULL,
    digest BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (host)
);

-- Our account at a certificate authority.
CREATE TABLE acme_accounts (
    directory_url TEXT NOT NULL,
    secret BYTEA NOT NULL, -- its credentials, sealed with a key kept outside the database
    PRIMARY KEY (directory_url)
);
