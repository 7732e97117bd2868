-- The feed says of the past what is said of it now, and not what was first said.

UPDATE feed_entries
SET verdict = v.verdict,
    shown = CASE v.verdict WHEN 'human' THEN 'always' WHEN 'self' THEN 'never' ELSE 'on_request' END
FROM visits v
WHERE v.workspace_id = feed_entries.workspace_id AND v.id = feed_entries.event_id
    AND v.verdict IS DISTINCT FROM feed_entries.verdict;
