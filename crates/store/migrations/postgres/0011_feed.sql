-- The live feed: views, clicks and what came back, by owner. Derived from the events.

CREATE TABLE feed_entries (
    workspace_id UUID NOT NULL,
    event_id UUID NOT NULL,
    email_id UUID NOT NULL,
    owner_id UUID NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    verdict TEXT, -- of views and clicks
    shown TEXT NOT NULL, -- what the verdict makes of it: always, on_request, never
    settles_at BIGINT NOT NULL, -- not shown before: its verdict may still change
    PRIMARY KEY (workspace_id, event_id),
    FOREIGN KEY (workspace_id, email_id) REFERENCES emails (workspace_id, id)
);
-- One ordered read for each kind: a page costs the same however many machines have clicked.
CREATE INDEX feed_by_kind ON feed_entries (workspace_id, owner_id, kind, shown, at, event_id);
-- What is new since somebody looked.
CREATE INDEX feed_by_settling ON feed_entries (workspace_id, owner_id, settles_at) WHERE shown = 'always';

-- Up to when a user has looked at the feed.
CREATE TABLE feed_looks (
    workspace_id UUID NOT NULL,
    user_id UUID NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, user_id),
    FOREIGN KEY (workspace_id, user_id) REFERENCES members (workspace_id, user_id)
);

INSERT INTO feed_entries (workspace_id, event_id, email_id, owner_id, at, kind, verdict, shown, settles_at)
SELECT known.workspace_id, known.id, known.email_id, e.owner_id, known.at, known.kind, known.verdict,
    CASE WHEN known.verdict IS NULL OR known.verdict = 'human' THEN 'always'
        WHEN known.verdict = 'self' THEN 'never' ELSE 'on_request' END,
    known.at
FROM (
    SELECT workspace_id, id, email_id, at, kind, evidence::json ->> 'verdict' AS verdict FROM events
    WHERE kind IN ('viewed', 'clicked', 'replied', 'auto_replied', 'bounced', 'complained', 'unsubscribed')
) known
JOIN emails e ON e.workspace_id = known.workspace_id AND e.id = known.email_id;

-- What was there before the feed is nothing new.
INSERT INTO feed_looks (workspace_id, user_id, seen_at)
SELECT m.workspace_id, m.user_id, MAX(f.settles_at)
FROM members m
JOIN feed_entries f ON f.workspace_id = m.workspace_id AND f.owner_id = m.user_id
GROUP BY m.workspace_id, m.user_id;
