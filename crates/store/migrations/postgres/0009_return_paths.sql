-- How a channel learns what became of its mail, beside the answers of its server.
CREATE TABLE channel_feedback (
    workspace_id UUID NOT NULL,
    channel_id UUID NOT NULL,
    return_domain TEXT, -- bounces come to signed addresses at this domain; NULL: to the sender
    provider TEXT, -- the provider that calls us
    secret BYTEA, -- what its calls prove themselves with, sealed with a key kept outside the database
    called_at BIGINT, -- the last call that proved itself
    PRIMARY KEY (workspace_id, channel_id),
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels (workspace_id, id)
);
