-- Views and clicks as they are judged by now. What was first said of each, and every revision, stands in the events; the
-- traces of the client stand here alone, so that they can be dropped.

CREATE TABLE visits (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL, -- of its event
    email_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    link INTEGER, -- its place in the body; NULL: the pixel
    first_verdict TEXT NOT NULL,
    first_why TEXT NOT NULL,
    verdict TEXT NOT NULL,
    why TEXT NOT NULL,
    settles_at INTEGER, -- NULL: settled
    requests INTEGER NOT NULL, -- of the same client for the same, counted as one
    ip TEXT,
    user_agent TEXT,
    place TEXT, -- by network, in English: Lyon, France
    has_traces BOOLEAN NOT NULL, -- of the three before
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, email_id) REFERENCES emails (workspace_id, id)
);
CREATE INDEX visits_of_email ON visits (workspace_id, email_id, at);
CREATE INDEX visits_unsettled ON visits (workspace_id, settles_at) WHERE settles_at IS NOT NULL;
CREATE INDEX visits_with_traces ON visits (workspace_id, at) WHERE has_traces;

INSERT INTO visits (
    workspace_id, id, email_id, at, link, first_verdict, first_why, verdict, why, settles_at, requests, ip, user_agent,
    place, has_traces
)
SELECT workspace_id, id, email_id, at, CASE WHEN kind = 'clicked' THEN 0 END,
    COALESCE(evidence ->> 'verdict', 'unknown'), COALESCE(evidence ->> 'why', 'nothing'),
    COALESCE(evidence ->> 'verdict', 'unknown'), COALESCE(evidence ->> 'why', 'nothing'),
    NULL, 1, evidence ->> 'ip', evidence ->> 'user_agent', NULL,
    evidence ->> 'ip' IS NOT NULL OR evidence ->> 'user_agent' IS NOT NULL
FROM events
WHERE kind IN ('viewed', 'clicked');

UPDATE events SET evidence = json_remove(evidence, '$.ip', '$.user_agent') WHERE kind IN ('viewed', 'clicked');

-- Whose device is asking: every visit asks.
CREATE INDEX sessions_by_address ON sessions (workspace_id, ip);

-- After how many days the traces are dropped.
ALTER TABLE workspaces ADD COLUMN traces_days INTEGER NOT NULL DEFAULT 90;
